package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/**
 * What a reader of {@code stir report}'s page chooses, and that the address keeps it; phones, the
 * dark and paper.
 */
class ReportViewIT extends ReportPage {
    @Test
    void theKeyboardSorts() {
        int presses = 0;
        browser.ask("document.querySelector('#scores-table .scroll').focus()");
        var before = browser.list(HEADS).indexOf("STIR");
        while (!browser.text("document.activeElement.textContent").startsWith("STIR(")) {
            assertTrue(presses++ <= before, "the button is reached by the tabulator");
            browser.press(Keys.TAB);
        }
        assertNotEquals("none", browser.text("getComputedStyle(document.activeElement).outlineStyle"));
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

    @Test
    void choicesChangeWhatIsShown() {
        assumeOwnStudy();
        var before = browser.text("document.querySelector('#scores-table').textContent");
        assertEquals("rbf-cka", browser.ask(CHOOSE, "#choice", 0, 1));
        browser.settle();
        assertNotEquals(before, browser.text("document.querySelector('#scores-table').textContent"));
        browser.ask(CHOOSE, "#layer-choice", 0, 2);
        drawAndOpenAll();
        for (Object shapes : browser.list(SHAPES)) {
            assertTrue(((Number) shapes).intValue() > 0, browser.list(SHAPES).toString());
        }
        browser.ask(CHOOSE, "#gallery-choice", 0, 3);
        var indices = browser.list("[...document.querySelectorAll('#gallery-list h4')].map((head) =>"
                + " parseInt(head.textContent.slice(6)))");
        assertEquals(sorted(indices), indices);
        browser.ask(CHOOSE, "#gallery-choice", 0, 0);
        var moved = browser.list("[...document.querySelectorAll('#gallery-list p')].map((one) =>"
                + " -Number(/target moved ([0-9.]+)/.exec(one.textContent)[1]))");
        assertEquals(sorted(moved), moved);
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
                                        browser.text("[...document.querySelectorAll('body"
                                                + " *')].filter((one) =>"
                                                + " !one.closest('.scroll') &&"
                                                + " one.getBoundingClientRect().right >"
                                                + " innerWidth + 1).map((one) => one.tagName +"
                                                + " '.' + one.className + one.id).join(' ')")));
                for (Object shapes : browser.list(SHAPES)) {
                    assertTrue(
                            ((Number) shapes).intValue() > 0,
                            browser.list(SHAPES).toString());
                }
            }
            assertEquals(
                    dark ? "rgb(18, 22, 27)" : "rgb(255, 255, 255)",
                    browser.text("getComputedStyle(document.body).backgroundColor"));
            var ink = dark ? "#e6e9ee" : "#1b1f24";
            assertTrue(browser.number(
                            "[...document.querySelectorAll('#pair-figures text')].filter((one) => one.getAttribute('fill') === '%s').length"
                                    .formatted(ink))
                    > 0);
        }
    }

    @Test
    void printsInTheLight() throws IOException {
        browser.show(page, DESKTOP, HEIGHT, true);
        browser.ask("addEventListener('beforeprint', () => { window.printed = { right:"
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
                browser.number("[...document.querySelectorAll('button, select, table')].filter((one) =>"
                        + " one.clientHeight > 0).length"));
        assertEquals(
                List.of("Key findings", "Methods"),
                browser.list("[...document.querySelectorAll('h2')].filter((one) => one.clientHeight >"
                        + " 0).map((one) => one.textContent)"));
        browser.ask("dispatchEvent(new Event('afterprint'))");
        browser.command("Emulation.setEmulatedMedia", Map.of("media", ""));
    }

    @Test
    void figuresAreSavedAsSvg() throws Exception {
        assumeOwnStudy();
        var downloads = Files.createDirectories(folder.resolve("downloads"));
        browser.command(
                "Browser.setDownloadBehavior", Map.of("behavior", "allow", "downloadPath", downloads.toString()));
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
        var picture = ImageIO.read(
                downloaded(downloads.resolve(name.replace("svg", "png"))).toFile());
        assertTrue(picture.getWidth() >= 3 * 360, "width " + picture.getWidth());
        save("CSV");
        var lines = Files.readAllLines(downloaded(downloads.resolve(name.replace("svg", "csv"))));
        assertEquals("Target \\ reference,vgg0,resnet0", lines.get(0));
        assertEquals(3, lines.size());
    }

    private void save(String kind) {
        browser.ask("document.querySelector('#model-map button[aria-label$=\"as %s\"]').click()".formatted(kind));
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
        browser.ask("(() => { const one = document.querySelector('#choice select'); one.value ="
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
        browser.ask("(() => { history.replaceState(null, '', '?measure=none&repeat=7');" + " location.reload(); })()");
        browser.settle();
        assertEquals("linear-cka", browser.text("view.measure"));
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
        var at = browser.list(CELL_AT, 1, 0);
        for (var type : List.of("mouseMoved", "mousePressed", "mouseReleased")) {
            browser.command(
                    "Input.dispatchMouseEvent",
                    Map.of("type", type, "x", at.get(0), "y", at.get(1), "button", "left", "clickCount", 1));
        }
        assertEquals(List.of(layers.get(0), layers.get(1), "#pair"), browser.list(PAIR));
        assertEquals("pair-title", browser.text("document.activeElement.id"));
        browser.ask("document.querySelector('#model-map .chart').focus()");
        for (var key : List.of(Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ENTER)) {
            browser.press(key);
        }
        assertEquals(List.of(layers.get(1), layers.get(0), "#pair"), browser.list(PAIR));
        assertEquals(1, browser.number("document.querySelectorAll('#scores-table tr.chosen').length"));
        var answer = browser.text("document.querySelector('#pair-answer').textContent");
        assertTrue(answer.startsWith("How much of resnet0: flatten survives what vgg0: "), answer);
        browser.ask("location.reload()");
        browser.settle();
        assertEquals(List.of(layers.get(1), layers.get(0), "#pair"), browser.list(PAIR));
    }

    @Test
    void thePageOpensAtThePairThatSharesLeast() {
        assertEquals(
                true,
                browser.ask("headlineScores().filter((one) => stateOf(one) === 'known').every((one)"
                        + " => valuesOf(one).stir.value >= stirOf(view.target,"
                        + " view.reference).value)"));
    }

    private static final String ROWS = "[...document.querySelectorAll('#scores-table tbody tr')].map((row) =>"
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
        browser.ask("document.querySelectorAll('#scores-table thead button')[1].click()");
        browser.ask("document.querySelectorAll('#scores-columns input')[10].click()");
        Thread.sleep(500);
        var rows = browser.list(ROWS);
        assertEquals(5, rows.size(), rows.toString());
        assertTrue(rows.get(0).toString().matches("[A-Z ]+ resnet0 flatten .*"), rows.toString());
        assertTrue(rows.toString().contains("V0 features.pool3"), rows.toString());
        assertEquals(2, browser.number("document.querySelectorAll('#scores-table .marked').length"));
        assertEquals(11, browser.number("document.querySelectorAll('#scores-table thead th').length"));
        browser.ask("location.reload()");
        browser.settle();
        assertEquals(rows, browser.list(ROWS));
        browser.ask(WRITE, "#choice", 0, "");
        browser.ask(WRITE, "#scores-choice", 0, "<0.5");
        browser.ask(CHOOSE, "#scores-choice", 0, 11);
        Thread.sleep(500);
        for (Object value : browser.list(STIR)) {
            assertTrue(((Number) value).doubleValue() < 0.5, browser.list(STIR).toString());
        }
    }

    private static final String HEADS = "[...document.querySelectorAll('#scores-table thead th')].map((one) =>"
            + " one.textContent.split(/[( ]/)[0])";

    @Test
    void theKeyboardHidesAndMovesColumnsAndTheAddressKeepsThis() {
        browser.ask("document.querySelector('#scores details').open = true");
        browser.ask("document.querySelector('#column-residual-left').focus()");
        browser.press(Keys.ENTER);
        browser.press(Keys.SPACE);
        var moved = new ArrayList<>(List.of("Verdict", "Target", "Layer", "Reference", "Layer"));
        moved.addAll(List.of("STIR", "Residual", "Shared", "Corrected", "Similarity"));
        assertEquals(moved, browser.list(HEADS));
        assertEquals("column-residual-left", browser.text("document.activeElement.id"));
        browser.ask("document.querySelector('#column-corrected-right').focus()");
        browser.press(Keys.ENTER);
        assertEquals(
                "column-corrected-shown",
                browser.text("document.activeElement.id"),
                "a column at the end has no such button any more");
        browser.press(Keys.SPACE);
        var shown = new ArrayList<>(moved);
        shown.remove("Corrected");
        assertEquals(shown, browser.list(HEADS));
        assertEquals("column-corrected-shown", browser.text("document.activeElement.id"));
        assertTrue(browser.text("document.getElementById('status').textContent")
                .startsWith("Columns: Verdict, Target t, Layer of t, Reference m, Layer of m, STIR"));
        browser.ask("location.reload()");
        browser.settle();
        assertEquals(shown, browser.list(HEADS));
    }

    @Test
    void figuresAreSavedInAChosenWidthAndScaleThatTheAddressKeeps() throws Exception {
        assumeOwnStudy();
        var downloads = Files.createDirectories(folder.resolve("chosen"));
        browser.command(
                "Browser.setDownloadBehavior", Map.of("behavior", "allow", "downloadPath", downloads.toString()));
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
        browser.ask("(() => { const table = sortableTable({ caption: 'Long', columns: [{ id: 'n', title:"
                + " 'n', number: true, value: (row) => row, text: (row) => String(row) }], rows:"
                + " Array.from({ length: 3000 }, (_, at) => at), sort: '-n' }); table.id = 'long';"
                + " document.querySelector('main').prepend(table); })()");
        var shown = "[...document.querySelectorAll('#long tr:not(.space) td')].map((one) => one.textContent)";
        assertEquals("2999", browser.list(shown).get(0));
        assertTrue(browser.list(shown).size() <= 200);
        browser.ask("document.querySelector('#long').scrollTo(0, 1e6)");
        browser.settle();
        var last = browser.list(shown);
        assertEquals("0", last.get(last.size() - 1));
        assertTrue(last.size() <= 200);
    }
}
