package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/**
 * {@code stir report}'s page in a browser. With {@code -Dstir.study=DIR} it is the page of that
 * study.
 */
abstract class ReportPage {
    static final int PHONE = 390;
    static final int DESKTOP = 1280;
    static final int HEIGHT = 900;
    static final int PAPER = 680;
    static Path folder = Path.of("");
    static Path page = Path.of("");
    static Optional<Browser> opened = Optional.empty();

    final Browser browser = opened.orElseGet(() -> abort(Browser.MISSING));

    @BeforeAll
    static void open(TestInfo test) throws IOException {
        if (!Browser.isInstalled()) {
            return;
        }
        folder = Image.scratch(test.getTestClass().orElseThrow().getSimpleName());
        opened = Optional.of(Browser.open(folder));
        var study = System.getProperty("stir.study", "");
        if (study.isEmpty()) {
            page = sharedPage();
        } else {
            page = folder.resolve("page.html");
            report(page, study);
        }
    }

    /** Returns the page of this build, which the first class makes for all that show it. */
    private static Path sharedPage() throws IOException {
        var image = Image.built().folder();
        var pages = Files.createDirectories(image.resolveSibling("image-tests/report-pages"));
        var made = pages.resolve("page.html");
        try (var channel =
                        FileChannel.open(pages.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            assertTrue(lock.isValid());
            if (!Files.exists(made)
                    || Files.getLastModifiedTime(made).compareTo(Files.getLastModifiedTime(image)) < 0) {
                var studies = Image.scratch("report-studies");
                report(
                        made,
                        study(studies, "study", 12, "vgg0", "resnet0").toString(),
                        "--against",
                        study(studies, "earlier", 10, "vgg0").toString());
            }
        }
        return made;
    }

    private static void report(Path page, String... study) {
        var arguments = new ArrayList<>(List.of("report"));
        arguments.addAll(List.of(study));
        arguments.addAll(List.of("--out", page.toString(), "--gallery", "9"));
        var out = Image.built().stir(arguments.toArray(String[]::new)).run().done();
        assertTrue(out.startsWith(page.toString()), out);
    }

    /** Networks with names that must not become markup, two layers each. */
    private static Path study(Path folder, String called, int limit, String... names) throws IOException {
        var text = new StringBuilder("""
                        title: Alike?
                        authors: [A. Author, B. Author]
                        notes: |
                          One.
                          Two.
                        models:
                        """);
        for (String name : names) {
            var file = folder.resolve(name + "<b>&'\".pt");
            Files.copy(Path.of(Image.built().demo(name + ".script.pt")), file, StandardCopyOption.REPLACE_EXISTING);
            text.append("  - name: %s\n".formatted(name));
            text.append("    file: '%s'\n".formatted(file.toString().replace("'", "''")));
            text.append("    layers: [%s]\n"
                    .formatted(name.startsWith("vgg") ? "features.pool3, classifier.relu1" : "layer3, flatten"));
        }
        text.append("""
                inputs: {path: "%s", limit: %d}
                measures: [linear-cka, rbf-cka]
                search:
                  - {optimizer: fast, iterations: 4}
                  - {name: shorter, optimizer: fast, iterations: 1}
                """.formatted(Image.built().demo("mnist500-images-idx3-ubyte"), limit));
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
    static final String SHAPES = "[...document.querySelectorAll('figure')].map((figure) =>"
            + " [...figure.querySelectorAll('svg path')].filter((path) =>"
            + " /^(#|rgb)/.test(path.getAttribute('fill') ?? '')).length)";

    /**
     * Draws the figures that are far from the screen, too, and makes the tables that are closed.
     */
    void drawAndOpenAll() {
        browser.ask("(() => { drawAll(true, true); document.querySelectorAll('details').forEach((one) =>"
                + " (one.open = true)); })()");
        browser.settle();
    }

    /** Skips a test that is about the study of this class where another one is given. */
    static void assumeOwnStudy() {
        assumeTrue(System.getProperty("stir.study", "").isEmpty(), "the study of the build, without -Dstir.study");
    }

    static final String STIR = "[...document.querySelectorAll('#scores-table tbody tr')].map((row) =>"
            + " Number(row.cells[5].textContent))";

    static List<Object> sorted(List<?> values) {
        return new ArrayList<>(values.stream()
                .sorted(Comparator.comparingDouble(value -> ((Number) value).doubleValue()))
                .toList());
    }

    static final String CHOOSE = "(() => { const select = [...document.querySelectorAll(arguments[0] + '"
            + " select')][arguments[1]]; select.selectedIndex = arguments[2];"
            + " select.dispatchEvent(new Event('change')); return select.value; })()";

    static final String WRITE =
            "(() => { const input = document.querySelectorAll(arguments[0] + ' input')[arguments[1]];"
                    + " input.value = arguments[2]; input.dispatchEvent(new Event('input')); })()";
}
