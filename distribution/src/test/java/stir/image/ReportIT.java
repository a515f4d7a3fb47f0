package stir.image;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The figures and tables of {@code stir report}'s page, as the scripts in the folder {@code report}
 * test them. With {@code -Dstir.screenshots=DIR} its pictures are stored.
 */
class ReportIT extends ReportPage {
    private static final String SHARED = "checks.js";
    private static final String LIST = """
            return tests.map(({ name, options, phases }) => ({
              name, own: false, page: 'study', widths: [%d], phases: phases.length, ...options
            }));
            """.formatted(DESKTOP);
    private static final String RUN = """
            const [name, phase, before, done] = arguments;
            run(name, phase, before).then((value) => done([null, value]), (error) => done([`${error}`]));
            """;

    @TestFactory
    List<DynamicContainer> hasTheContentThatScriptsTest() throws Exception {
        var scripts =
                Path.of(requireNonNull(ReportIT.class.getResource("report")).toURI());
        var shared = Files.readString(scripts.resolve(SHARED));
        var containers = new ArrayList<DynamicContainer>();
        try (var files = Files.list(scripts)) {
            for (var file :
                    files.sorted().filter(path -> !path.endsWith(SHARED)).toList()) {
                var script = shared + Files.readString(file);
                var tests = browser.list("(() => {" + script + LIST + "})()");
                containers.add(dynamicContainer(
                        file.getFileName().toString(), tests.stream().map(test -> test((Map<?, ?>) test, script))));
            }
        }
        return containers;
    }

    private DynamicTest test(Map<?, ?> test, String script) {
        var name = String.valueOf(test.get("name"));
        return dynamicTest(name, () -> {
            if (Boolean.TRUE.equals(test.get("own"))) {
                assumeOwnStudy();
            }
            var shown = page(String.valueOf(test.get("page")));
            for (var width : (List<?>) requireNonNull(test.get("widths"))) {
                browser.show(shown, number(width), HEIGHT, false);
                @Nullable Object value = null;
                for (int phase = 0; phase < number(test.get("phases")); phase++) {
                    if (phase > 0) {
                        browser.ask("location.reload()");
                        browser.settle();
                    }
                    var outcome = (List<?>) browser.await(script + RUN, name, phase, value);
                    assertNull(outcome.get(0), name);
                    value = outcome.get(1);
                }
                assertEquals(List.of(), browser.complaints(), name);
            }
        });
    }

    private static int number(@Nullable Object value) {
        return ((Number) requireNonNull(value)).intValue();
    }

    /** Returns the page of the study, or of another one, which is made. */
    private static Path page(String name) throws IOException {
        return switch (name) {
            case "score" -> pageOfScore();
            case "similarities" -> pageOfSimilarities();
            default -> page;
        };
    }

    private static Path pageOfScore() throws IOException {
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
        return score.resolve("report.html");
    }

    private static Path pageOfSimilarities() throws IOException {
        var text = """
                models:
                  - {name: one, file: "%s", layers: [features.pool3, classifier.relu1]}
                  - {name: two, file: "%s", layers: [flatten]}
                inputs: {path: "%s", limit: 12}
                measures: [linear-cka, rbf-cka]
                search: none
                """.formatted(
                        Image.built().demo("vgg_gelu0.onnx"),
                        Image.built().demo("resnet_gelu0.onnx"),
                        Image.built().demo("mnist500-images-idx3-ubyte"));
        var experiment = Files.writeString(folder.resolve("plain.yaml"), text);
        var study = folder.resolve("plain");
        Image.built()
                .stir("matrix", experiment.toString(), "--out", study.toString())
                .run()
                .done();
        Image.built().stir("report", study.toString()).run().done();
        return study.resolve("report.html");
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
