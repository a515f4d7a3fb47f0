package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every figure of {@code stir report}'s page, of studies of all sizes and in all places. The
 * studies are made from the document of a page, without a search. With {@code
 * -Dstir.screenshots=DIR} a page of pictures of all figures is stored, {@code figures.html}.
 */
class FiguresIT extends ReportPage {
    private static final Pattern DATA =
            Pattern.compile("(<script type=\"application/json\" id=\"study-data\">)(.*?)(</script>)", Pattern.DOTALL);

    /** The figures that are shown: their names, and what is wrong with their texts and values. */
    private static final String WRONG_ON_SCREEN =
            "[...figures].filter(({ surface }) => surface.clientHeight > 0).flatMap((drawn) =>"
                    + " [...textsWrong(drawn.surface.querySelector('svg')), ...valuesWrong(drawn)]"
                    + ".map((text) => `${drawn.made.id}: ${text}`))";

    private static final String WRONG_IN_FILES =
            "[...figures].flatMap(({ made }) => [360, 700, 1600].flatMap((width) => { const host ="
                    + " element('div', { style: 'position: absolute; top: 0; left: 0' });"
                    + " host.innerHTML = svgOf(made, width); document.body.append(host); const wrong ="
                    + " textsWrong(host.querySelector('svg')); host.remove(); return wrong.map((text)"
                    + " => `${made.id}, ${width} wide: ${text}`); }))";

    /** A study: networks, layers of each, and whether their names are long. */
    private record Size(int networks, int layers, boolean isLong) {}

    private static final List<Size> SIZES = List.of(
            new Size(2, 1, false),
            new Size(2, 12, true),
            new Size(6, 1, true),
            new Size(6, 12, false),
            new Size(16, 1, true),
            new Size(16, 12, false));

    private final List<String> pictures = new ArrayList<>();
    private String script = "";

    @BeforeEach
    void read() throws IOException {
        try (var resource = FiguresIT.class.getResourceAsStream("figures.js")) {
            script = new String(Objects.requireNonNull(resource, "figures.js").readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Returns the value of an expression that uses the functions of {@code figures.js}. */
    private List<?> ask(String expression) {
        return browser.list("(() => { %s\nreturn %s; })()".formatted(script, expression));
    }

    /** Writes the page of a study of a size, and returns its file. */
    private Path page(Size size) throws IOException {
        browser.show(page, DESKTOP, HEIGHT, false);
        var grown = browser.text(
                "(() => { %s\nreturn JSON.stringify(grown(JSON.parse(document.getElementById('study-data').textContent), %d, %d, %s)); })()"
                        .formatted(script, size.networks, size.layers, size.isLong));
        var html = Files.readString(page);
        var data = DATA.matcher(html);
        assertTrue(data.find());
        var file = folder.resolve("%d-%d.html".formatted(size.networks, size.layers));
        return Files.writeString(
                file, html.substring(0, data.end(1)) + grown.replace("<", "\\u003c") + html.substring(data.start(3)));
    }

    private void drawAll() {
        browser.ask("drawAll(true, true)");
        browser.settle();
    }

    /** No text leaves its figure or covers another one, and no value loses its sign. */
    @Test
    void textsHaveTheirPlacesOnScreensOnPaperAndInFiles() throws IOException {
        var wrong = new ArrayList<String>();
        for (var size : SIZES) {
            var file = page(size);
            for (int width : new int[] {DESKTOP, PHONE}) {
                browser.show(file, width, HEIGHT, width == PHONE && size.isLong);
                drawAll();
                add(wrong, "%s at %d".formatted(size, width), ask(WRONG_ON_SCREEN));
                assertTrue(
                        browser.number("document.documentElement.scrollWidth") <= width,
                        size + " is wider than the screen of " + width);
                picture(size + " " + width);
            }
            add(wrong, size + " in a file", ask(WRONG_IN_FILES));
            browser.show(file, PAPER, HEIGHT, true);
            browser.command("Emulation.setEmulatedMedia", Map.of("media", "print"));
            browser.ask("dispatchEvent(new Event('beforeprint'))");
            browser.settle();
            add(wrong, size + " in print", ask(WRONG_ON_SCREEN));
            picture(size + " print");
            browser.ask("dispatchEvent(new Event('afterprint'))");
            browser.command("Emulation.setEmulatedMedia", Map.of("media", ""));
        }
        storePictures();
        assertEquals(List.of(), wrong);
    }

    private static void add(List<String> wrong, String where, List<?> problems) {
        problems.forEach(one -> wrong.add(where + ": " + one));
    }

    /** The test above fails for names that are not measured. */
    @Test
    void aTextOutOfItsPlaceIsFound() throws IOException {
        browser.show(page(new Size(6, 1, true)), PHONE, HEIGHT, false);
        browser.ask("(() => { for (const drawn of figures) { const { option } = drawn.made;"
                + " drawn.made.option = (colours, layout) => option(colours, { ...layout, labels:"
                + " layout.labels?.map((one) => one.replaceAll('\\n', '')) }); } })()");
        drawAll();
        assertTrue(ask(WRONG_ON_SCREEN).toString().contains("leaves the figure"));
    }

    @Test
    void valuesOfMapsHaveTheirSigns() throws IOException {
        browser.show(page(new Size(6, 1, false)), DESKTOP, HEIGHT, false);
        drawAll();
        var texts = browser.list("[...document.querySelectorAll('#model-map text')].map((one) => one.textContent)");
        long negative = texts.stream()
                .filter(text -> text.toString().matches("[~!]?-0\\.\\d\\d"))
                .count();
        assertEquals(
                browser.number("headline().flatMap((t) => headline().map((m) => scoreOf(t, m))).filter((one) =>"
                        + " stateOf(one) === 'known' && valuesOf(one).stir.value < -0.005).length"),
                (double) negative,
                texts.toString());
        assertTrue(negative > 0, texts.toString());
    }

    /** A PNG is a picture of the SVG, in the chosen number of pixels. */
    @Test
    void aPngIsThePictureOfTheSvg() throws IOException {
        browser.show(page(new Size(2, 1, true)), DESKTOP, HEIGHT, false);
        var sizes = browser.list("Promise.all([...figures].map(async ({ made }) => { const svg = svgOf(made, 500);"
                + " const canvas = await pictureOf(svg, 2); const pixels ="
                + " canvas.getContext('2d').getImageData(0, 0, canvas.width,"
                + " canvas.height).data; const [, width, height] ="
                + " /width=\"(\\d+)\" height=\"(\\d+)\"/.exec(svg); let dark = 0; for (let at ="
                + " 0; at < pixels.length; at += 4) { dark += pixels[at] < 128; } return"
                + " [canvas.width - 2 * width, canvas.height - 2 * height, dark > 500]; }))");
        assertTrue(sizes.size() >= 5, sizes.toString());
        for (Object one : sizes) {
            assertEquals("[0, 0, true]", one.toString());
        }
    }

    private static boolean isStored() {
        return !System.getProperty("stir.screenshots", "").isEmpty();
    }

    /** Keeps the figures of a page as they are drawn, where pictures are stored. */
    private void picture(String title) {
        if (isStored()) {
            pictures.add(
                    "<h2>%s</h2>%s"
                            .formatted(
                                    title,
                                    browser.text(
                                            "[...figures].filter(({ surface }) => surface.clientHeight).map(({ surface, made }) => `<figure style=\"width: ${surface.clientWidth}px; background: ${getComputedStyle(document.body).backgroundColor}\"><figcaption>${made.id}</figcaption><img alt=\"\" src=\"data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(surface.querySelector('svg')))}\"></figure>`).join('')")));
        }
    }

    private void storePictures() throws IOException {
        if (isStored()) {
            var to = Path.of(System.getProperty("stir.screenshots"));
            Files.writeString(
                    Files.createDirectories(to).resolve("figures.html"),
                    "<!DOCTYPE html><meta charset=\"utf-8\"><title>Figures</title><style>figure {"
                            + " display: inline-block; position: relative; margin: 8px; vertical-align:"
                            + " top }</style>"
                            + String.join("\n", pictures));
        }
    }
}
