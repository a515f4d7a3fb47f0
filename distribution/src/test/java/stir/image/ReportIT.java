package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipFile;

import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;

/**
 * {@code stir report}'s page in a browser. With {@code -Dstir.study=DIR} it is the page of that
 * study, and with {@code -Dstir.screenshots=DIR} its pictures are stored.
 */
class ReportIT {
    private static final int PHONE = 390;
    private static final int DESKTOP = 1280;
    private static final int HEIGHT = 900;
    private static final int PAPER = 680;

    private static Path folder = Path.of("");
    private static Path page = Path.of("");
    private static Optional<Browser> opened = Optional.empty();

    private final Browser browser =
            opened.orElseGet(
                    () -> abort("No browser: Debian's chromium and chromium-driver are needed"));

    @BeforeAll
    static void open() throws IOException {
        if (!Browser.isInstalled()) {
            return;
        }
        folder = Image.scratch("report");
        opened = Optional.of(Browser.open(folder));
        page = folder.resolve("page.html");
        var study = System.getProperty("stir.study", "");
        var arguments = new ArrayList<>(List.of("report"));
        if (study.isEmpty()) {
            arguments.add(study("study", 12, "vgg0", "resnet0").toString());
            arguments.addAll(List.of("--against", study("earlier", 10, "vgg0").toString()));
        } else {
            arguments.add(study);
        }
        arguments.addAll(List.of("--out", page.toString(), "--gallery", "9"));
        var out = Image.built().stir(arguments.toArray(String[]::new)).run().done();
        assertTrue(out.startsWith(page.toString()), out);
    }

    /** Networks with names that must not become markup, two layers each. */
    private static Path study(String called, int limit, String... names) throws IOException {
        var text =
                new StringBuilder(
                        """
                        title: Alike?
                        authors: [A. Author, B. Author]
                        notes: |
                          One.
                          Two.
                        models:
                        """);
        for (String name : names) {
            var file = folder.resolve(name + "<b>&'\".pt");
            Files.copy(
                    Path.of(Image.built().demo(name + ".script.pt")),
                    file,
                    StandardCopyOption.REPLACE_EXISTING);
            text.append("  - name: %s\n".formatted(name));
            text.append("    file: '%s'\n".formatted(file.toString().replace("'", "''")));
            text.append(
                    "    layers: [%s]\n"
                            .formatted(
                                    name.startsWith("vgg")
                                            ? "features.pool3, classifier.relu1"
                                            : "layer3, flatten"));
        }
        text.append(
                """
                inputs: {path: "%s", limit: %d}
                measures: [linear-cka, rbf-cka]
                search:
                  - {optimizer: fast, iterations: 4}
                  - {name: shorter, optimizer: fast, iterations: 1}
                """
                        .formatted(Image.built().demo("mnist500-images-idx3-ubyte"), limit));
        var experiment = Files.writeString(folder.resolve(called + ".yaml"), text);
        var study = folder.resolve(called);
        assertEquals(
                0,
                Image.built()
                        .stir("matrix", experiment.toString(), "--out", study.toString())
                        .run()
                        .code());
        return study;
    }

    @AfterAll
    static void close() {
        opened.ifPresent(Browser::close);
        opened = Optional.empty();
    }

    @BeforeEach
    void show() {
        browser.show(page, DESKTOP, HEIGHT, false);
    }

    @AfterEach
    void nothingIsComplainedAbout() {
        assertEquals(List.of(), browser.complaints());
    }

    /** The number of coloured shapes in each figure, where a heat map has one a cell. */
    private static final String SHAPES =
            "[...document.querySelectorAll('figure')].map((figure) =>"
                    + " [...figure.querySelectorAll('svg path')].filter((path) =>"
                    + " /^(#|rgb)/.test(path.getAttribute('fill') ?? '')).length)";

    private static final String CELLS =
            "[...document.querySelectorAll('#model-map figure, #layer-maps figure')].map((figure)"
                    + " => [[...figure.querySelectorAll('svg path')].filter((path) =>"
                    + " path.getAttribute('fill') !== 'none' &&"
                    + " !path.getAttribute('fill-opacity')).length, [...figure.querySelectorAll('tbody"
                    + " td')].filter((cell) => /[0-9]/.test(cell.textContent)).length])";

    /**
     * Draws the figures that are far from the screen, too, and makes the tables that are closed.
     */
    private void drawAndOpenAll() {
        browser.ask(
                "(() => { drawAll(true, true); document.querySelectorAll('details').forEach((one) =>"
                        + " (one.open = true)); })()");
        browser.settle();
    }

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

    @Test
    void whatIsMissingIsNotSpelt() {
        drawAndOpenAll();
        assertEquals(
                List.of(),
                browser.list(
                        "(document.querySelector('main').textContent.match(/\\b(null|undefined|NaN|Infinity)\\b/g)"
                                + " ?? [])"));
    }

    /** Skips a test that is about the study of this class where another one is given. */
    private static void assumeOwnStudy() {
        assumeTrue(System.getProperty("stir.study", "").isEmpty());
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

    private static final String STIR =
            "[...document.querySelectorAll('#scores-table tbody tr')].map((row) =>"
                    + " Number(row.cells[2].textContent))";

    @Test
    void theKeyboardSorts() {
        int presses = 0;
        browser.ask("document.querySelector('#scores-table .scroll').focus()");
        while (!browser.text("document.activeElement.textContent").startsWith("STIR(")) {
            assertTrue(presses++ < 5, "the button is reached by the tabulator");
            browser.press(Keys.TAB);
        }
        assertNotEquals(
                "none", browser.text("getComputedStyle(document.activeElement).outlineStyle"));
        browser.press(Keys.ENTER);
        assertEquals("ascending", browser.text("document.activeElement.closest('th').ariaSort"));
        var ascending = browser.list(STIR);
        assertEquals(sorted(ascending), ascending);
        browser.press(Keys.SPACE);
        assertEquals("descending", browser.text("document.activeElement.closest('th').ariaSort"));
        var descending = sorted(ascending);
        Collections.reverse(descending);
        assertEquals(descending, browser.list(STIR));
    }

    private static List<Object> sorted(List<?> values) {
        return new ArrayList<>(
                values.stream()
                        .sorted(Comparator.comparingDouble(value -> ((Number) value).doubleValue()))
                        .toList());
    }

    private static final String CHOOSE =
            "(() => { const select = [...document.querySelectorAll(arguments[0] + '"
                    + " select')][arguments[1]]; select.selectedIndex = arguments[2];"
                    + " select.dispatchEvent(new Event('change')); return select.value; })()";

    @Test
    void choicesChangeWhatIsShown() {
        assumeOwnStudy();
        var before = browser.text("document.querySelector('#scores-table').textContent");
        assertEquals("rbf-cka", browser.ask(CHOOSE, "#choice", 0, 1));
        browser.settle();
        assertNotEquals(
                before, browser.text("document.querySelector('#scores-table').textContent"));
        browser.ask(CHOOSE, "#layer-choice", 0, 2);
        drawAndOpenAll();
        for (Object shapes : browser.list(SHAPES)) {
            assertTrue(((Number) shapes).intValue() > 0, browser.list(SHAPES).toString());
        }
        browser.ask(CHOOSE, "#gallery-choice", 0, 3);
        var indices =
                browser.list(
                        "[...document.querySelectorAll('#gallery-list h4')].map((head) =>"
                                + " parseInt(head.textContent.slice(6)))");
        assertEquals(sorted(indices), indices);
        browser.ask(CHOOSE, "#gallery-choice", 0, 0);
        var moved =
                browser.list(
                        "[...document.querySelectorAll('#gallery-list p')].map((one) =>"
                                + " -Number(/target moved ([0-9.]+)/.exec(one.textContent)[1]))");
        assertEquals(sorted(moved), moved);
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

    @Test
    void phonesAndTheDarkAreServed() throws IOException {
        for (boolean dark : new boolean[] {false, true}) {
            for (int width : new int[] {PHONE, 768, DESKTOP}) {
                browser.show(page, width, HEIGHT, dark);
                drawAndOpenAll();
                assertTrue(
                        browser.number("document.documentElement.scrollWidth") <= width,
                        "at a width of %d the page is %s wide: %s"
                                .formatted(
                                        width,
                                        browser.text("document.documentElement.scrollWidth"),
                                        browser.text(
                                                "[...document.querySelectorAll('body"
                                                        + " *')].filter((one) =>"
                                                        + " !one.closest('.scroll') &&"
                                                        + " one.getBoundingClientRect().right >"
                                                        + " innerWidth + 1).map((one) => one.tagName +"
                                                        + " '.' + one.className + one.id).join(' ')")));
                for (Object shapes : browser.list(SHAPES)) {
                    assertTrue(((Number) shapes).intValue() > 0, browser.list(SHAPES).toString());
                }
            }
            assertEquals(
                    dark ? "rgb(18, 22, 27)" : "rgb(255, 255, 255)",
                    browser.text("getComputedStyle(document.body).backgroundColor"));
            var ink = dark ? "#e6e9ee" : "#1b1f24";
            assertTrue(
                    browser.number(
                                    "[...document.querySelectorAll('#pair-figures text')].filter((one) => one.getAttribute('fill') === '%s').length"
                                            .formatted(ink))
                            > 0);
        }
    }

    @Test
    void printsInTheLight() throws IOException {
        browser.show(page, DESKTOP, HEIGHT, true);
        browser.ask(
                "addEventListener('beforeprint', () => { window.printed = { right:"
                        + " Math.max(...[...document.querySelectorAll('figure svg')].map((one) =>"
                        + " one.clientWidth)), ink: [...document.querySelectorAll('#model-map"
                        + " text')].filter((one) => one.getAttribute('fill') === '#1b1f24').length }"
                        + " })");
        var pdf = browser.print();
        var text = new String(pdf, StandardCharsets.ISO_8859_1);
        assertTrue(text.startsWith("%PDF"));
        int pages = text.split("/Type /Page\\b", -1).length - 1;
        assertTrue(pages >= 1 && pages <= 4, "pages: " + pages);
        assertTrue(browser.number("window.printed.right") <= PAPER);
        assertTrue(browser.number("window.printed.ink") > 0);
        assertEquals("", browser.text("document.documentElement.className"));
        Files.write(folder.resolve("page.pdf"), pdf);
    }

    @Test
    void paperHoldsASummaryAndNoControls() {
        browser.show(page, PAPER, HEIGHT, false);
        browser.command("Emulation.setEmulatedMedia", Map.of("media", "print"));
        browser.ask("dispatchEvent(new Event('beforeprint'))");
        browser.settle();
        assertTrue(
                browser.number("document.documentElement.scrollWidth") <= PAPER,
                browser.text("document.documentElement.scrollWidth"));
        assertEquals(
                0,
                browser.number(
                        "[...document.querySelectorAll('button, select, table')].filter((one) =>"
                                + " one.clientHeight > 0).length"));
        assertEquals(
                List.of("Key findings", "Methods"),
                browser.list(
                        "[...document.querySelectorAll('h2')].filter((one) => one.clientHeight >"
                                + " 0).map((one) => one.textContent)"));
        browser.ask("dispatchEvent(new Event('afterprint'))");
        browser.command("Emulation.setEmulatedMedia", Map.of("media", ""));
    }

    @Test
    void figuresAreSavedAsSvg() throws Exception {
        assumeOwnStudy();
        var downloads = Files.createDirectories(folder.resolve("downloads"));
        browser.command(
                "Browser.setDownloadBehavior",
                Map.of("behavior", "allow", "downloadPath", downloads.toString()));
        save("SVG");
        var name = browser.text("study.name") + "-networks-stir-linear-cka-fast.svg";
        var file = downloaded(downloads.resolve(name));
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        var root = document.parse(file.toFile()).getDocumentElement();
        assertEquals("svg", root.getTagName());
        var svg = Files.readString(file);
        assertTrue(svg.startsWith("<svg"), svg.substring(0, 80));
        var words = root.getTextContent().replaceAll("\\s+", " ");
        for (var word : List.of("vgg0", "STIR(target | reference), networks", "n = 12 inputs")) {
            assertTrue(words.contains(word), words);
        }
        assertFalse(words.contains("NaN"), words);
        assertFalse(words.contains("..."), words);
        save("PNG");
        var picture =
                ImageIO.read(downloaded(downloads.resolve(name.replace("svg", "png"))).toFile());
        assertTrue(picture.getWidth() >= 3 * 360, "width " + picture.getWidth());
        save("CSV");
        var lines = Files.readAllLines(downloaded(downloads.resolve(name.replace("svg", "csv"))));
        assertEquals("Target \\ reference,vgg0,resnet0", lines.get(0));
        assertEquals(3, lines.size());
        browser.ask("saveAll()");
        var all = downloaded(downloads.resolve(browser.text("study.name") + "-figures.zip"));
        try (var archive = new ZipFile(all.toFile())) {
            assertEquals(
                    2 * browser.number("document.querySelectorAll('figure').length"),
                    archive.size());
            var entry = archive.getEntry("1-networks-stir.svg");
            assertTrue(
                    new String(archive.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8)
                            .startsWith("<svg"));
        }
    }

    private void save(String kind) {
        browser.ask(
                "document.querySelector('#model-map button[aria-label$=\"as %s\"]').click()"
                        .formatted(kind));
    }

    private static Path downloaded(Path file) throws InterruptedException {
        for (int i = 0; i < 200 && !Files.exists(file); i++) {
            Thread.sleep(50);
        }
        return file;
    }

    @Test
    void theViewIsInTheAddress() {
        assumeOwnStudy();
        browser.ask(
                "(() => { const one = document.querySelector('#choice select'); one.value ="
                        + " 'rbf-cka'; one.dispatchEvent(new Event('change')); })()");
        var address = browser.text("location.search");
        assertTrue(address.contains("measure=rbf-cka"), address);
        assertFalse(address.contains("search="), address);
        browser.ask(CHOOSE, "#choice", 1, 1);
        assertTrue(browser.text("location.search").contains("search=shorter"));
        browser.ask("location.reload()");
        browser.settle();
        assertEquals("rbf-cka", browser.text("view.measure"));
        assertEquals(1, browser.number("view.run"));
        assertEquals("rbf-cka", browser.text("document.querySelector('#choice select').value"));
        browser.ask(
                "(() => { history.replaceState(null, '', '?measure=none&repeat=7');"
                        + " location.reload(); })()");
        browser.settle();
        assertEquals("linear-cka", browser.text("view.measure"));
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
                    "(() => { study.models[0].name = 'net10'; study.models[1].name = 'net11';"
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
        assertTrue(findings >= 3 && findings <= 5, "findings: " + findings);
        for (var part : List.of("#findings-list", "#model-map .chart", "#pair-dots .chart")) {
            double top =
                    browser.number(
                            "document.querySelector('%s').getBoundingClientRect().top"
                                    .formatted(part));
            assertTrue(top < HEIGHT - 150, part + " is at " + top);
        }
    }

    private static final String PAIR = "[view.target, view.reference, location.hash]";

    private static final String CELL_AT =
            "(() => { const [drawn] = [...figures].filter((one) => one.made.id === 'networks-stir');"
                    + " const box = drawn.surface.getBoundingClientRect(); const [x, y] ="
                    + " drawn.chart.convertToPixel({ seriesIndex: 0 }, [arguments[0], arguments[1]]);"
                    + " return [box.x + x, box.y + y]; })()";

    @Test
    void aCellLeadsToItsPair() {
        assumeOwnStudy();
        var layers = browser.list("study.headline");
        var at = (List<?>) browser.ask(CELL_AT, 1, 0);
        for (var type : List.of("mouseMoved", "mousePressed", "mouseReleased")) {
            browser.command(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            at.get(0),
                            "y",
                            at.get(1),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
        assertEquals(List.of(layers.get(0), layers.get(1), "#pair"), browser.list(PAIR));
        assertEquals("pair-title", browser.text("document.activeElement.id"));
        browser.ask("document.querySelector('#model-map .chart').focus()");
        for (var key : List.of(Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ENTER)) {
            browser.press(key);
        }
        assertEquals(List.of(layers.get(1), layers.get(0), "#pair"), browser.list(PAIR));
        assertEquals(
                1, browser.number("document.querySelectorAll('#scores-table tr.chosen').length"));
        var answer = browser.text("document.querySelector('#pair-answer').textContent");
        assertTrue(answer.startsWith("Does resnet0: flatten ignore what vgg0: "), answer);
        browser.ask("location.reload()");
        browser.settle();
        assertEquals(List.of(layers.get(1), layers.get(0), "#pair"), browser.list(PAIR));
    }

    @Test
    void thePageOpensAtThePairThatSharesLeast() {
        assertTrue(
                (Boolean)
                        browser.ask(
                                "headlineScores().filter((one) => stateOf(one) === 'known').every((one)"
                                        + " => one.stir[view.measure].value >= stirOf(view.target,"
                                        + " view.reference).value)"));
    }

    private static final String WRITE =
            "(() => { const input = document.querySelectorAll(arguments[0] + ' input')[arguments[1]];"
                    + " input.value = arguments[2]; input.dispatchEvent(new Event('input')); })()";

    private static final String ROWS =
            "[...document.querySelectorAll('#scores-table tbody tr')].map((row) =>"
                    + " [...row.cells].map((cell) => cell.textContent).join(' '))";

    @Test
    void rowsAreFilteredHiddenMarkedAndRenamedAndTheAddressKeepsThis() throws Exception {
        assumeOwnStudy();
        assertEquals(16, browser.list(ROWS).size());
        browser.ask(WRITE, "#scores-choice", 0, "flatten");
        browser.ask(WRITE, "#choice", 0, "layer3");
        browser.ask(WRITE, "#choice", 1, "relu1$");
        browser.ask(WRITE, "#choice", 2, "vgg");
        browser.ask(WRITE, "#choice", 3, "V");
        browser.ask("document.querySelector('#scores-table thead button').click()");
        browser.ask("document.querySelectorAll('#scores-columns input')[6].click()");
        Thread.sleep(500);
        var rows = browser.list(ROWS);
        assertEquals(5, rows.size(), rows.toString());
        assertTrue(rows.get(0).toString().startsWith("resnet0: flatten "), rows.toString());
        assertTrue(rows.toString().contains("V0: features.pool3"), rows.toString());
        assertEquals(
                2, browser.number("document.querySelectorAll('#scores-table .marked').length"));
        assertEquals(
                7, browser.number("document.querySelectorAll('#scores-table thead th').length"));
        browser.ask("location.reload()");
        browser.settle();
        assertEquals(rows, browser.list(ROWS));
        browser.ask(WRITE, "#choice", 0, "");
        browser.ask(WRITE, "#scores-choice", 0, "<0.5");
        browser.ask(CHOOSE, "#scores-choice", 0, 3);
        Thread.sleep(500);
        for (Object value : browser.list(STIR)) {
            assertTrue(((Number) value).doubleValue() < 0.5, browser.list(STIR).toString());
        }
    }

    private static final String HEADS =
            "[...document.querySelectorAll('#scores-table thead th')].map((one) =>"
                    + " one.textContent.split(/[( ]/)[0])";

    @Test
    void theKeyboardHidesAndMovesColumnsAndTheAddressKeepsThis() {
        browser.ask("document.querySelector('#scores details').open = true");
        browser.ask("document.querySelector('#column-residual-left').focus()");
        browser.press(Keys.ENTER);
        browser.press(Keys.SPACE);
        assertEquals(
                List.of("Target", "Reference", "Residual", "STIR", "Corrected", "Similarity"),
                browser.list(HEADS));
        assertEquals("column-residual-left", browser.text("document.activeElement.id"));
        browser.ask("document.querySelector('#column-corrected-right').focus()");
        browser.press(Keys.ENTER);
        assertEquals(
                "column-corrected-shown",
                browser.text("document.activeElement.id"),
                "a column at the end has no such button any more");
        browser.press(Keys.SPACE);
        var shown = List.of("Target", "Reference", "Residual", "STIR", "Similarity");
        assertEquals(shown, browser.list(HEADS));
        assertEquals("column-corrected-shown", browser.text("document.activeElement.id"));
        assertTrue(
                browser.text("document.getElementById('status').textContent")
                        .startsWith("Columns: Target t, Reference m, Residual, "));
        browser.ask("location.reload()");
        browser.settle();
        assertEquals(shown, browser.list(HEADS));
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
        for (var name : List.of("Corrected", "Residual", "Similarity", "Self")) {
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

    @Test
    void figuresAreSavedInAChosenWidthAndScaleThatTheAddressKeeps() throws Exception {
        assumeOwnStudy();
        var downloads = Files.createDirectories(folder.resolve("chosen"));
        browser.command(
                "Browser.setDownloadBehavior",
                Map.of("behavior", "allow", "downloadPath", downloads.toString()));
        browser.ask(WRITE, "#choice", 4, "680");
        browser.ask(CHOOSE, "#choice", 2, 1);
        Thread.sleep(500);
        assertTrue(browser.text("location.search").contains("width=680&pixels=2"));
        browser.ask("location.reload()");
        browser.settle();
        save("PNG");
        var name = browser.text("study.name") + "-networks-stir-linear-cka-fast.png";
        var picture = ImageIO.read(downloaded(downloads.resolve(name)).toFile());
        assertEquals(2 * 680, picture.getWidth());
        save("SVG");
        var svg = Files.readString(downloaded(downloads.resolve(name.replace("png", "svg"))));
        assertTrue(svg.startsWith("<svg width=\"680\""), svg.substring(0, 80));
    }

    @Test
    void ofALongTableThePageHoldsTheRowsNearTheScreen() {
        browser.ask(
                "(() => { const table = sortableTable({ caption: 'Long', columns: [{ id: 'n', title:"
                        + " 'n', number: true, value: (row) => row, text: (row) => String(row) }], rows:"
                        + " Array.from({ length: 3000 }, (_, at) => at), sort: '-n' }); table.id = 'long';"
                        + " document.querySelector('main').prepend(table); })()");
        var shown =
                "[...document.querySelectorAll('#long tr:not(.space) td')].map((one) => one.textContent)";
        assertEquals("2999", browser.list(shown).get(0));
        assertTrue(browser.list(shown).size() <= 200);
        browser.ask("document.querySelector('#long').scrollTo(0, 1e6)");
        browser.settle();
        var last = browser.list(shown);
        assertEquals("0", last.get(last.size() - 1));
        assertTrue(last.size() <= 200);
    }

    @Test
    void whereNothingIsIgnoredACellIsGreyAndWhereNothingIsKnownItSaysSo() {
        assumeOwnStudy();
        var fills =
                "[...document.querySelectorAll('#model-map svg path')].filter((path) =>"
                        + " path.getAttribute('fill') === '#e3e7ec').length";
        assertEquals(0, browser.number(fills));
        browser.ask(
                "(() => { for (const score of study.scores) { for (const measure in score.verdicts) {"
                        + " score.verdicts[measure] = score.reference === study.headline[0] ?"
                        + " 'nothing-to-ignore' : 'few-accepted'; } } show(); })()");
        browser.settle();
        assertEquals(2, browser.number(fills));
        var labels = browser.list(LABELS).toString();
        assertTrue(labels.contains(" ?"), labels);
        var findings = browser.text("document.querySelector('#findings-list').textContent");
        assertTrue(findings.contains("1 not known, 1 nothing to ignore"), findings);
        assertTrue(findings.contains("No pair has an answer"), findings);
    }

    @Test
    void whatIsNoMoreThanChanceHasASignAndAReason() {
        assumeOwnStudy();
        browser.ask(
                "(() => { for (const score of study.scores) { for (const measure in score.verdicts) {"
                        + " score.verdicts[measure] = 'chance'; score.corrected[measure] = { value: 0.1,"
                        + " ci: [-0.1, 0.3] }; } } show(); })()");
        browser.settle();
        var labels = browser.list(LABELS).toString();
        assertTrue(labels.matches(".*\\d ~[,\\]].*"), labels);
        var caption = browser.text("document.querySelector('#model-map figcaption').textContent");
        assertTrue(caption.contains("A tilde, or a triangle: no more than chance."), caption);
        var answer = browser.text("document.querySelector('#pair-answer').textContent");
        assertTrue(
                answer.contains(
                        "no more than chance (the corrected interval begins at -0.100, not"),
                answer);
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
        assertTrue(browser.text(text).contains("smallest corrected p first"), browser.text(text));
        browser.ask("(() => { study.differences.rows = []; differences(); })()");
        assertEquals(
                "None is listed: no two scores share their target or their reference.",
                browser.text(text));
        browser.ask(
                "(() => { study.differences['too-many'] = true; study.differences.possible = 60000;"
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
