package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The figures and tables of {@code stir report}'s page. With {@code -Dstir.screenshots=DIR} its
 * pictures are stored.
 */
class ReportIT extends ReportPage {
    private static final String CELLS =
            "[...document.querySelectorAll('#model-map figure, #layer-maps figure')].map((figure)"
                    + " => [[...figure.querySelectorAll('svg path')].filter((path) =>"
                    + " path.getAttribute('fill') !== 'none' &&"
                    + " !path.getAttribute('fill-opacity')).length, [...figure.querySelectorAll('tbody"
                    + " td')].filter((cell) => /[0-9]/.test(cell.textContent)).length])";

    @Test
    void everyFigureIsDrawnAndTold() {
        drawAndOpenAll();
        double figures = browser.number("document.querySelectorAll('figure').length");
        assertTrue(figures >= 3 + 3 + 2 + 2, "figures: " + figures);
        assertEquals(
                figures, browser.number("document.querySelectorAll('figure .chart svg').length"));
        for (Object shapes : browser.list(SHAPES)) {
            assertTrue(((Number) shapes).intValue() > 0, browser.list(SHAPES).toString());
        }
        assertEquals(
                List.of(),
                browser.list(
                        "[...document.querySelectorAll('figure')].filter((figure, at) =>"
                                + " !figure.textContent.startsWith(`Figure ${at + 1}. `)).map((figure) =>"
                                + " figure.id)"),
                "figures with another number");
        for (Object map : browser.list(CELLS)) {
            var counts = (List<?>) map;
            int cells = ((Number) counts.get(1)).intValue();
            assertTrue(cells > 0);
            assertTrue(((Number) counts.get(0)).intValue() >= cells, counts.toString());
        }
        assertEquals(
                List.of(),
                browser.list(
                        "[...document.querySelectorAll('figure')].filter((figure) =>"
                                + " !(figure.querySelector('.chart').getAttribute('aria-label').length"
                                + " > 30 && figure.querySelector('table caption'))).map((figure) =>"
                                + " figure.id)"),
                "figures without words");
    }

    @Test
    void tablesPicturesAndControlsHaveNames() {
        assertEquals(0, browser.number("[...document.images].filter((one) => !one.alt).length"));
        assertTrue(browser.number("document.images.length") >= 9);
        assertEquals(
                0,
                browser.number(
                        "[...document.images].filter((one) => !one.complete || one.naturalWidth ==="
                                + " 0).length"));
        assertEquals(
                0,
                browser.number(
                        "[...document.querySelectorAll('table')].filter((one) =>"
                                + " !one.caption).length"));
        assertEquals(
                0,
                browser.number(
                        "[...document.querySelectorAll('select, input')].filter((one) =>"
                                + " !one.labels.length).length"));
    }

    /** The rules of verdicts state when a value is undefined; a missing value is never spelt so. */
    @Test
    void whatIsMissingIsNotSpelt() {
        drawAndOpenAll();
        assertEquals(
                List.of(),
                browser.list(
                        "(document.querySelector('main').textContent.match(/\\b(null|(?<!(is|are) )undefined|NaN|Infinity)\\b/g)"
                                + " ?? [])"));
    }

    @Test
    void theChosenPairHasItsComponentsAndClasses() {
        drawAndOpenAll();
        var chosen = "scoreOf(view.target, view.reference).outcomes";
        double components = browser.number(chosen + ".components.length");
        assertTrue(components > 0, "components: " + components);
        assertEquals(
                components,
                browser.number("document.querySelectorAll('#components tbody tr').length"));
        assertEquals(
                browser.number(chosen + ".classes.length"),
                browser.number(
                        "[...document.querySelectorAll('#pair-answer table')].filter((one) =>"
                                + " one.textContent.includes('PNKA')).reduce((sum, one) => sum +"
                                + " one.tBodies[0].rows.length, 0)"));
    }

    @Test
    void titleAuthorsAndNotesHeadThePage() {
        assumeOwnStudy();
        assertEquals("Alike?", browser.text("document.querySelector('h1').textContent"));
        assertEquals(
                List.of("A. Author, B. Author", "One.\nTwo."),
                browser.list(
                        "[...document.querySelectorAll('#about p')].map((one) =>"
                                + " one.textContent)"));
    }

    @Test
    void nothingIsLoaded() {
        assertEquals(
                List.of(),
                browser.list(
                        "performance.getEntriesByType('resource').map((one) => one.name.slice(0,"
                                + " 40)).filter((name) => !name.startsWith('data:'))"));
    }

    @Test
    void namesAreText() {
        assertEquals(0, browser.number("document.querySelectorAll('td b, th b').length"));
        if (System.getProperty("stir.study", "").isEmpty()) {
            assertTrue(
                    browser.text("document.querySelector('#settings').textContent")
                            .contains("<b>&'\""));
        }
    }

    private static final String CONTRASTS =
            "[...document.querySelectorAll('#contrasts-table tbody tr')].map((row) =>"
                    + " [...row.cells].map((cell) => cell.textContent))";

    private static final String BESIDE =
            "document.querySelector('#contrasts-choice select').selectedOptions[0].textContent";

    @Test
    void searchesAndStudiesStandSideBySide() {
        assumeOwnStudy();
        assertEquals(
                List.of(
                        "shorter, repeat 1",
                        "earlier: fast, repeat 1",
                        "earlier: shorter, repeat 1"),
                browser.list(
                        "[...document.querySelectorAll('#contrasts-choice option')].map((one) =>"
                                + " one.textContent)"));
        assertEquals("earlier: fast, repeat 1", browser.text(BESIDE));
        browser.ask(CHOOSE, "#contrasts-choice", 0, 0);
        var searches = browser.list(CONTRASTS);
        assertEquals(4 * 4, searches.size());
        for (Object row : searches) {
            var cells = (List<?>) row;
            assertEquals(number(cells.get(2)) - number(cells.get(3)), number(cells.get(4)), 0.0011);
            assertTrue(cells.get(5).toString().contains(" to "), cells.toString());
            assertEquals("paired", cells.get(8));
        }
        drawAndOpenAll();
        assertEquals(
                4 * 4,
                browser.number("document.querySelectorAll('#contrasts-figure tbody tr').length"));
        var notes = "document.querySelector('#contrasts-notes').textContent";
        assertEquals("What differs: iterations: 4 here, 1 there.", browser.text(notes));
        browser.ask(CHOOSE, "#contrasts-choice", 0, 1);
        var studies = browser.list(CONTRASTS);
        assertEquals(2 * 2, studies.size());
        for (Object row : studies) {
            assertEquals("independent", ((List<?>) row).get(8));
        }
        assertTrue(
                browser.text(notes).startsWith("What differs: the inputs."), browser.text(notes));
        assertTrue(
                browser.text(notes).contains("vgg0:features.pool3 given resnet0:layer3"),
                browser.text(notes));
        assertTrue(browser.text("location.search").contains("other=2"));
        browser.ask("location.reload()");
        browser.settle();
        assertEquals(studies, browser.list(CONTRASTS));
        browser.ask(CHOOSE, "#choice", 1, 1);
        assertEquals("earlier: fast, repeat 1", browser.text(BESIDE));
    }

    private static double number(Object cell) {
        return Double.parseDouble(cell.toString());
    }

    /** Distances of three points on a line, and of a square: the plane shows them as they are. */
    @Test
    void theMapShowsDistancesThatFitIntoAPlane() {
        var script =
                "(() => { const at = [[0, 0], [3, 0], [3, 4], [0, 4]]; const between = at.map((a)"
                        + " => at.map((b) => Math.hypot(a[0] - b[0], a[1] - b[1]))); const { points,"
                        + " share } = plane(between); const found = points.map((a) => points.map((b) =>"
                        + " Math.hypot(a[0] - b[0], a[1] - b[1]))); return Math.abs(share - 1) +"
                        + " Math.max(...between.flat().map((value, i) => Math.abs(value -"
                        + " found.flat()[i]))); })()";
        assertEquals(0, browser.number(script), 1e-6);
        assertEquals(2, browser.number("document.querySelectorAll('#kinship figure').length"));
        // SciPy's average linkage of these: 1, 2.5, 7.6667 (scipy.cluster.hierarchy.average).
        assertEquals(
                "1.0000,2.5000,7.6667",
                browser.text(
                        "(() => { const heights = []; const walk = (one) => {"
                                + " one.parts.forEach(walk); if (one.parts.length)"
                                + " heights.push(one.height.toFixed(4)); }; const at = [0, 1, 3, 9];"
                                + " walk(tree([0, 1, 2, 3], at.map((a) => at.map((b) => Math.abs(a -"
                                + " b))))); return heights.join(','); })()"));
    }

    /**
     * NumPy's {@code linalg.eigh} of {@code -J @ D**2 @ J / 2}, {@code J = eye(n) - 1 / n}, of
     * distances with negative eigenvalues: the two largest eigenvalues, {@code V[:, :2] *
     * sqrt(w[:2])}, {@code w[:2].sum() / w[w > 0].sum()} and {@code -w[w < 0].sum() /
     * abs(w).sum()}. The most negative eigenvalue is larger in size than the second one here, and
     * larger than all others in the second case. Signs of axes may differ.
     */
    @Test
    void theMapOfDistancesThatAreNotEuclideanIsThatOfNumPy() {
        assertEquals(
                List.of(),
                mapUnlike(
                        "[[0, 0.05, 0.06, 0.07, 0.96, 0.28], [0.05, 0, 0.34, 0, 0, 0.63], [0.06,"
                                + " 0.34, 0, 0.5, 0, 0.02], [0.07, 0, 0.5, 0, 0.01, 0.14], [0.96, 0, 0,"
                                + " 0.01, 0, 0.1], [0.28, 0.63, 0.02, 0.14, 0.1, 0]]",
                        "[[-0.484232307525, 0.009198206744], [-0.022365410375, -0.312699471436],"
                                + " [-0.001300215056, 0.139253281526], [-0.005360522690,"
                                + " -0.098102123125], [0.475020621597, -0.029570996762],"
                                + " [0.038237834048, 0.291921103053]]",
                        0.856722817304,
                        0.382153356614));
        assertEquals(
                List.of(),
                mapUnlike(
                        "[[0, 0.31, 0, 0.72, 0.89], [0.31, 0, 0.96, 0.13, 0], [0, 0.96, 0, 0.07,"
                                + " 0.1], [0.72, 0.13, 0.07, 0, 0.76], [0.89, 0, 0.1, 0.76, 0]]",
                        "[[-0.171913636027, 0.385349586908], [0.463991267691, 0.139600044040],"
                                + " [-0.448626513224, -0.156572572824], [-0.000310197895,"
                                + " 0.069897082591], [0.156859079455, -0.438274140714]]",
                        0.787627068549,
                        0.316021912813));
    }

    /** Returns the numbers of a map that differ from the expected ones. */
    private List<?> mapUnlike(String between, String points, double share, double negative) {
        return browser.list(
                "(() => { const found = plane(%s); const points = %s; const axes = [0, 1].map((axis) => { const sign = Math.sign(found.points.reduce((sum, one, i) => sum + one[axis] * points[i][axis], 0)); return points.map((one, i) => sign * found.points[i][axis] - one[axis]); }); return [...axes.flat(), found.share - %s, found.negative - %s].filter((one) => !(Math.abs(one) < 1e-9)); })()"
                        .formatted(between, points, share, negative));
    }

    private static final String LABELS =
            "[...document.querySelectorAll('figure .chart text')].map((text) => text.textContent)";

    @Test
    void noNameOfAnAxisIsCutOff() {
        for (int width : new int[] {PHONE, DESKTOP}) {
            browser.show(page, width, HEIGHT, false);
            browser.ask(
                    "(() => { study.networks[0].name = 'net10'; study.networks[1].name = 'net11';"
                            + " show(); })()");
            browser.settle();
            var labels = browser.list(LABELS);
            assertTrue(labels.containsAll(List.of("net10", "net11")), labels.toString());
            assertEquals(
                    List.of(),
                    labels.stream()
                            .filter(text -> text.toString().matches(".*(\\.\\.\\.|\u2026).*"))
                            .toList());
        }
    }

    @Test
    void theFirstScreenHasTheAnswer() {
        browser.show(page, 1440, HEIGHT, false);
        double findings = browser.number("document.querySelectorAll('#findings-list li').length");
        assertTrue(findings >= 3 && findings <= 9, "findings: " + findings);
        var answers =
                browser.list(
                        "VERDICTS.filter((word) => headlineScores().some((one) => verdictWord(one) === word))"
                                + ".map((word) => [...document.querySelectorAll('#findings-list li strong')]"
                                + ".findIndex((one) => one.textContent === word))");
        for (int i = 0; i < answers.size(); i++) {
            assertEquals((double) i, ((Number) answers.get(i)).doubleValue(), answers.toString());
        }
        for (var part : List.of("#findings-list", "#model-map .chart", "#pair-dots .chart")) {
            double top =
                    browser.number(
                            "document.querySelector('%s').getBoundingClientRect().top"
                                    .formatted(part));
            assertTrue(top < HEIGHT - 150, part + " is at " + top);
        }
    }

    private static final String DISTRIBUTIONS =
            "[...document.querySelectorAll('#distributions tbody tr')].map((row) =>"
                    + " [...row.cells].map((cell) => cell.textContent))";

    @Test
    void oneFigureShowsHowEachNumberOfTheTableIsDistributed() throws Exception {
        assumeOwnStudy();
        drawAndOpenAll();
        var rows = browser.list(DISTRIBUTIONS);
        assertEquals("STIR, linear-cka", ((List<?>) rows.get(0)).get(0));
        assertEquals("STIR, rbf-cka", ((List<?>) rows.get(1)).get(0));
        for (var name : List.of("Corrected", "Residual", "Similarity", "Ceiling")) {
            assertTrue(rows.toString().contains("[" + name + ", "), rows.toString());
        }
        var stir = sorted(browser.list(STIR));
        var first = (List<?>) rows.get(0);
        assertEquals(
                List.of(stir.get(0).toString(), stir.get(stir.size() - 1).toString()),
                List.of(first.get(2), first.get(6)).stream()
                        .map(cell -> Double.toString(number(cell)).replaceFirst("\\.0$", ""))
                        .toList());
        for (Object row : rows) {
            var cells = (List<?>) row;
            for (int i = 3; i <= 6; i++) {
                assertTrue(number(cells.get(i - 1)) <= number(cells.get(i)), cells.toString());
            }
        }
        var shapes = "document.querySelectorAll('#distributions svg path').length";
        double all = browser.number(shapes);
        assertTrue(all >= 16 * rows.size(), "shapes: " + all);
        browser.ask(WRITE, "#scores-choice", 0, "flatten");
        Thread.sleep(500);
        drawAndOpenAll();
        assertEquals("7", ((List<?>) browser.list(DISTRIBUTIONS).get(0)).get(1));
        assertTrue(browser.number(shapes) < all);
    }

    private static final String HATCHES =
            "[...document.querySelectorAll('#model-map svg path')].filter((path) =>"
                    + " path.getAttribute('stroke') && (path.getAttribute('d').match(/M/g)"
                    + " ?? []).length > 2).length";

    @Test
    void whereNothingIsIgnoredACellIsGreyAndWhereNothingIsKnownItIsHatched() {
        assumeOwnStudy();
        var fills =
                "[...document.querySelectorAll('#model-map svg path')].filter((path) =>"
                        + " path.getAttribute('fill') === '#e3e7ec').length";
        assertEquals(0, browser.number(fills));
        browser.ask(
                "(() => { for (const score of study.scores) { score.verdict = score.reference ==="
                        + " study.headline[0] ? { word: 'NOTHING TO IGNORE', reason: 'near', advice: [] }"
                        + " : { word: 'INCONCLUSIVE', gap: 'wide_interval', reason: 'it is wide', advice:"
                        + " [{ kind: 'more_inputs', amount: 90, text: 'about 90 inputs' }] }; } show();"
                        + " })()");
        browser.settle();
        assertEquals(2, browser.number(fills));
        assertEquals(2, browser.number(HATCHES));
        var labels = browser.list(LABELS).toString();
        assertTrue(labels.contains(", ?,"), labels);
        var caption = browser.text("document.querySelector('#model-map figcaption').textContent");
        assertTrue(caption.contains("? and hatched: INCONCLUSIVE."), caption);
        assertTrue(caption.contains("= and grey: NOTHING TO IGNORE."), caption);
        var findings = browser.text("document.querySelector('#findings-list').textContent");
        assertTrue(findings.contains("1 INCONCLUSIVE (the values allow no answer): "), findings);
        assertTrue(findings.contains("1 NOTHING TO IGNORE (the reference "), findings);
        assertFalse(
                findings.matches(".*1 (INCONCLUSIVE|NOTHING TO IGNORE) [^.]*\\d\\.\\d\\d.*"),
                findings);
        var answer = browser.text("document.querySelector('#pair-answer').textContent");
        assertTrue(
                answer.contains("INCONCLUSIVE: it is wide; to settle it: about 90 inputs."),
                answer);
    }

    @Test
    void whatIsNoMoreThanChanceHasAMarkAndAReason() {
        assumeOwnStudy();
        browser.ask(
                "(() => { for (const score of study.scores) { score.verdict = { word: 'NO MORE THAN"
                        + " CHANCE', reason: 'at most a quarter', advice: [] }; } show(); })()");
        browser.settle();
        var labels = browser.list(LABELS).toString();
        assertTrue(labels.matches(".*, ~-?\\d\\.\\d\\d,.*"), labels);
        assertEquals(0, browser.number(HATCHES));
        var caption = browser.text("document.querySelector('#model-map figcaption').textContent");
        assertTrue(caption.contains("~ or a triangle: NO MORE THAN CHANCE."), caption);
        var answer = browser.text("document.querySelector('#pair-answer').textContent");
        assertTrue(answer.contains("NO MORE THAN CHANCE: at most a quarter."), answer);
    }

    /** That few searches found anything is stated, in colour for layers of the first figure. */
    @Test
    void poorSearchesAreStated() {
        assumeOwnStudy();
        var lines =
                "(() => { for (const one of study.searches) { one.search.ignores_nothing = false;"
                        + " one.search.accepted = %s; } show(); return"
                        + " [...document.querySelectorAll('#findings-list li')].map((one) =>"
                        + " one.textContent); })()";
        var poor = browser.list(lines.formatted("0.5"));
        assertTrue(
                poor.stream()
                        .anyMatch(
                                line ->
                                        line.toString()
                                                .startsWith(
                                                        "Fewer than 90 % of searches found an accepted input for 4 of 4 layers: ")),
                poor.toString());
        assertEquals(
                1, browser.number("document.querySelectorAll('#findings-list .caution').length"));
        var good = browser.list(lines.formatted("1"));
        assertEquals(
                0, browser.number("document.querySelectorAll('#findings-list .caution').length"));
        assertEquals(
                "At least 90 % of searches found an accepted input for all 4 layers.",
                good.get(good.size() - 1));
    }

    /** A hollow point means one thing, which the legend states. */
    @Test
    void pointsAreHollowWhereTheScoreIsInconclusiveAlone() {
        assumeOwnStudy();
        var hollow =
                "(() => { const [first, second] = headlineScores(); first.verdict = { word: '%s',"
                        + " reason: 'x', advice: [] }; second.verdict = { word: 'NO MORE THAN CHANCE',"
                        + " reason: 'x', advice: [] }; show(); drawAll(true, true); return"
                        + " [...document.querySelectorAll('#pairs .chart svg path')].filter((path) =>"
                        + " path.getAttribute('fill') === getComputedStyle(document.documentElement)"
                        + ".getPropertyValue('--surface').trim() && path.getAttribute('stroke')).length;"
                        + " })()";
        var legend =
                "[...document.querySelectorAll('#pairs .chart svg text')].map((one) =>"
                        + " one.textContent).filter((text) => text.includes('INCONCLUSIVE'))";
        assertEquals(0, browser.number(hollow.formatted("PARTLY")));
        assertEquals(List.of(), browser.list(legend));
        assertEquals(2, browser.number(hollow.formatted("INCONCLUSIVE"))); // one in the legend
        assertEquals(List.of("STIR, INCONCLUSIVE"), browser.list(legend));
    }

    /** A score has a direction, a pair has none, and the page counts both. */
    @Test
    void scoresAndPairsAreCountedAsSuch() {
        assumeOwnStudy();
        var overview = browser.text("document.querySelector('#overview').textContent");
        assertTrue(overview.endsWith(" 32 scores (8 of a layer by itself)."), overview);
        var findings = browser.text("document.querySelector('#findings-list').textContent");
        assertTrue(
                findings.contains("? 2 scores of 1 pair of networks, one per direction. In "),
                findings);
    }

    /** Every inconclusive score has the reason and the advice of the study's document. */
    @Test
    void inconclusiveScoresAreCountedByReason() {
        var findings = browser.text("document.querySelector('#findings-list').textContent");
        var inconclusive = browser.list("study.inconclusive.map((one) => one.problem)");
        double count =
                browser.number("study.inconclusive.reduce((sum, one) => sum + one.count, 0)");
        assertEquals(
                count,
                browser.number(
                        "study.scores.filter((one) => one.target !== one.reference &&"
                                + " one.verdict.word === 'INCONCLUSIVE').length"));
        assertEquals(
                count > 0, findings.contains("Next, to settle the INCONCLUSIVE scores"), findings);
        for (var problem : inconclusive) {
            assertTrue(findings.contains(" (" + problem + ") "), findings);
        }
        assertEquals(
                List.of(),
                browser.list(
                        "study.scores.filter((one) => stateOf(one) === 'unknown' &&"
                                + " !/\\w+; to settle it: \\w+/.test(reasonOf(one))).map(pairName)"));
    }

    @Test
    void theTableOpensWithTheAnswersThatAreKnown() {
        assumeOwnStudy();
        var verdicts =
                browser.list(
                        "shownScores().sort((a, b) => orderOf(a) - orderOf(b)).map(verdictWord)");
        assertEquals(
                verdicts,
                browser.list(
                        "[...document.querySelectorAll('#scores-table tbody tr')].map((row) =>"
                                + " row.cells[0].textContent)"));
        assertEquals(
                "Verdict",
                browser.text("document.querySelector('#scores-table thead th').textContent"));
    }

    @Test
    void everyNetworkHasItsLibrary() {
        var libraries =
                browser.list(
                        "[...document.querySelectorAll('#settings-content table')].filter((one) =>"
                                + " one.caption.textContent === 'Networks').flatMap((one) =>"
                                + " [...one.tBodies[0].rows].map((row) => row.cells[4].textContent))");
        assertEquals(browser.list("study.networks.map(({ library }) => library)"), libraries);
        for (Object library : libraries) {
            assertTrue(library.toString().matches("\\S+ .*\\d.*"), libraries.toString());
        }
    }

    @Test
    void noLinkLeadsToAHiddenSection() {
        assertEquals(
                List.of(),
                browser.list(
                        "[...document.querySelectorAll('nav a')].filter((link) => link.clientHeight >"
                                + " 0 && document.querySelector(link.hash).clientHeight ==="
                                + " 0).map((link) => link.textContent)"));
    }

    @Test
    void theReportOfAScoreHasNoMapAndOneFigureOfBothDirections() throws IOException {
        assumeOwnStudy();
        var score = folder.resolve("score");
        Image.built()
                .stir(
                        "score",
                        Image.built().demo("vgg_gelu0.onnx"),
                        Image.built().demo("resnet_gelu0.onnx"),
                        "--inputs",
                        Image.built().demo("mnist500-images-idx3-ubyte"),
                        "--limit",
                        "12",
                        "--optimizer",
                        "fast",
                        "--iterations",
                        "5",
                        "--out",
                        score.toString())
                .run()
                .done();
        Image.built().stir("report", score.toString()).run().done();
        browser.show(score.resolve("report.html"), DESKTOP, HEIGHT, false);
        drawAndOpenAll();
        assertEquals(
                "vgg_gelu0 and resnet_gelu0",
                browser.text("document.querySelector('h1').textContent"));
        assertEquals(
                0,
                browser.number(
                        "document.querySelectorAll('#model-map figure, #beside-map figure,"
                                + " #scores-figure figure').length"));
        assertEquals(2, browser.number("document.querySelectorAll('#pairs tbody tr').length"));
        assertEquals(
                "",
                browser.text(
                        "[...document.querySelectorAll('nav a')].filter((link) => link.clientHeight >"
                                + " 0 && document.querySelector(link.hash).clientHeight ==="
                                + " 0).map((link) => link.textContent).join()"));
        var findings = browser.text("document.querySelector('#findings-list').textContent");
        assertTrue(
                findings.contains("? 2 scores of 1 pair of networks, one per direction. In "),
                findings);
    }

    @Test
    void aStudyWithoutASearchShowsItsSimilarities() throws IOException {
        assumeOwnStudy();
        var text =
                """
                models:
                  - {name: one, file: "%s", layers: [features.pool3, classifier.relu1]}
                  - {name: two, file: "%s", layers: [flatten]}
                inputs: {path: "%s", limit: 12}
                measures: [linear-cka, rbf-cka]
                search: none
                """
                        .formatted(
                                Image.built().demo("vgg_gelu0.onnx"),
                                Image.built().demo("resnet_gelu0.onnx"),
                                Image.built().demo("mnist500-images-idx3-ubyte"));
        var experiment = Files.writeString(folder.resolve("plain.yaml"), text);
        var study = folder.resolve("plain");
        Image.built().stir("matrix", experiment.toString(), "--out", study.toString()).run().done();
        Image.built().stir("report", study.toString()).run().done();
        browser.show(study.resolve("report.html"), DESKTOP, HEIGHT, false);
        assertEquals(
                "[Key findings, Layer by layer, All similarities, Methods, Settings]",
                browser.list(
                                "[...document.querySelectorAll('main h2')].filter((one) =>"
                                        + " one.offsetParent).map((one) => one.textContent)")
                        .toString());
        drawAndOpenAll();
        assertEquals(
                3,
                browser.number("document.querySelectorAll('#similarities td.number').length / 2"));
        var findings = browser.text("document.querySelector('#findings-list').textContent");
        assertTrue(findings.startsWith("Most similar: one and two, 0."), findings);
        var all = browser.text("document.body.textContent");
        assertTrue(all.contains("1 - S. Near layers"), "the map of layers");
        assertTrue(all.contains("Biased CKA is inflated"), "the cautions");
    }

    @Test
    void theReasonIsGivenWhereThereAreNoDifferences() {
        assumeOwnStudy();
        var text = "document.querySelector('#differences-table').textContent";
        assertTrue(browser.text(text).contains("smallest corrected p; "), browser.text(text));
        browser.ask("(() => { study.differences.rows = []; differences(); })()");
        assertEquals(
                "None is listed: no two scores share their target or their reference.",
                browser.text(text));
        browser.ask(
                "(() => { study.differences.too_many = true; study.differences.possible = 60000;"
                        + " differences(); })()");
        assertEquals(
                "None is listed: there are 60000 differences, more than are computed.",
                browser.text(text));
    }

    @Test
    void headingsLinkToThemselvesAndMethodsAreWritten() {
        assumeOwnStudy();
        assertEquals(
                List.of(),
                browser.list(
                        "[...document.querySelectorAll('main h2, main h3')].filter((one) =>"
                                + " !document.querySelector(one.querySelector('a').getAttribute('href'))).map((one)"
                                + " => one.textContent)"));
        var methods = browser.text("document.querySelector('#methods-text').textContent");
        for (var fact : List.of("vgg0, resnet0", "12 inputs", "optimiser fast, 4 iterations")) {
            assertTrue(methods.contains(fact), methods);
        }
        assertTrue(
                browser.text("document.querySelector('#citation').textContent")
                        .contains("@inproceedings{nanda2022measuring,"));
    }

    @Test
    void takesPictures() throws IOException {
        var to = Path.of(System.getProperty("stir.screenshots", folder.toString()));
        Files.createDirectories(to);
        browser.show(page, 1440, HEIGHT, false);
        browser.picture(to.resolve("desktop.png"));
        browser.show(page, 768, HEIGHT, false);
        picture("#pair", to.resolve("tablet.png"));
        browser.show(page, PHONE, 740, false);
        browser.picture(to.resolve("phone.png"));
        browser.show(page, DESKTOP, HEIGHT, true);
        picture("#gallery", to.resolve("dark.png"));
        browser.show(page, PAPER, 962, false);
        browser.command("Emulation.setEmulatedMedia", Map.of("media", "print"));
        browser.ask("dispatchEvent(new Event('beforeprint'))");
        browser.settle();
        browser.picture(to.resolve("print.png"));
        browser.command("Emulation.setEmulatedMedia", Map.of("media", ""));
        for (var name : List.of("desktop", "tablet", "phone", "dark", "print")) {
            assertTrue(Files.size(to.resolve(name + ".png")) > 10_000, name);
        }
    }

    private void picture(String section, Path file) throws IOException {
        browser.ask("document.querySelector('%s').scrollIntoView()".formatted(section));
        browser.settle();
        browser.picture(file);
    }
}
