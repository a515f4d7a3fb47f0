package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import stir.api.Shape;
import stir.cli.ResultFormatsTest;
import stir.core.LoadOptions;
import stir.core.Stir;
import stir.core.study.file.ExperimentFile;

/** {@code stir matrix} on the bundled networks, killed and resumed, and the library's example. */
class MatrixIT {
    private static final int INVERSIONS = 6;

    /** Two networks, three layers each. */
    private static Path experiment(Path folder) throws IOException {
        var text = new StringBuilder("models:\n");
        for (String name : new String[] {"vgg_gelu0", "resnet_gelu0"}) {
            text.append("  - {name: %s, file: \"%s\", layers: [%s]}\n"
                    .formatted(
                            name,
                            Image.built().demo(name + ".onnx"),
                            name.startsWith("vgg")
                                    ? "features.pool2, features.pool3, classifier.relu1"
                                    : "layer2, layer3, flatten"));
        }
        text.append("""
                inputs: {path: "%s", limit: 10}
                search: {optimizer: fast, iterations: 6}
                """.formatted(Image.built().demo("mnist500-images-idx3-ubyte")));
        return Files.writeString(folder.resolve("study.yaml"), text);
    }

    @Test
    void aStudyThatIsKilledAndResumedEndsWithTheSameBytes() throws IOException, InterruptedException {
        var folder = Image.scratch("matrix");
        var experiment = experiment(folder).toString();
        var image = Image.built();
        var whole = folder.resolve("whole/study");
        var document = matrix(image, experiment, whole).run().document();
        assertEquals(INVERSIONS, document.at("/work/inversions").asInt());
        assertEquals("stir-matrix", ResultFormatsTest.validate(document));
        assertEquals(INVERSIONS * INVERSIONS, document.at("/directions").size());
        for (var direction : document.path("directions")) {
            assertTrue(direction.at("/verdict/word").isTextual(), direction::toString);
        }

        var broken = folder.resolve("broken/study");
        int reused = 0;
        for (int wanted : new int[] {1, 2, 4}) {
            var running = matrix(image, experiment, broken).start();
            while (inversions(broken) < wanted && running.process().isAlive()) {
                Thread.sleep(5);
            }
            running.kill();
            assertTrue(inversions(broken) < INVERSIONS, "it was killed before its end");
            reused = inversions(broken);
        }
        var resumed = matrix(image, experiment, broken).run().document();
        assertEquals(reused, resumed.at("/work/inversions_reused").asInt());
        assertEquals(INVERSIONS - reused, resumed.at("/work/inversions").asInt());
        assertEquals(document.at("/directions"), resumed.at("/directions"));
        assertEquals(bytes(whole), bytes(broken));
    }

    private static Launch matrix(Image image, String experiment, Path out) {
        return image.stir("matrix", experiment, "--out", out.toString(), "--format", "json");
    }

    /** How many inversions are stored; files that come and go meanwhile do not disturb. */
    private static int inversions(Path study) {
        return inversions(study.resolve("searches").toFile());
    }

    private static int inversions(File file) {
        var files = file.listFiles();
        return files == null
                ? file.getName().equals("search.json") ? 1 : 0
                : Arrays.stream(files).mapToInt(MatrixIT::inversions).sum();
    }

    /** What all files hold, but for logs and the command, which names the folder. */
    private static Map<String, String> bytes(Path study) throws IOException {
        var bytes = new TreeMap<String, String>();
        Image.each(study, Comparator.naturalOrder(), path -> {
            if (Files.isRegularFile(path) && !path.startsWith(study.resolve("logs"))) {
                var name = study.relativize(path).toString();
                bytes.put(
                        name,
                        List.of("study.json", "result.json").contains(name)
                                ? KillIT.withoutCommand(path, study, "STUDY")
                                : HexFormat.of().formatHex(Files.readAllBytes(path)));
            }
        });
        return bytes;
    }

    /** Networks of two libraries: each has its own in the document, and its version. */
    @Test
    void eachNetworkNamesItsLibrary() throws IOException {
        var image = Image.built();
        var out = Image.scratch("two-libraries").resolve("out");
        var score = image.stir(
                "score",
                image.demo("vgg0.script.pt"),
                image.demo("resnet_gelu0.onnx"),
                "--inputs",
                image.demo("mnist500-images-idx3-ubyte"),
                "--limit",
                "6",
                "--optimizer",
                "fast",
                "--iterations",
                "2",
                "--out",
                out.toString(),
                "--format",
                "json");
        var document = score.run().document();
        assertEquals("stir-score", ResultFormatsTest.validate(document));
        var stored = new JsonMapper().readTree(out.resolve("study.json").toFile());
        assertEquals("stir-study", ResultFormatsTest.validate(stored));
        for (var networks : List.of(document.path("networks"), stored.path("networks"))) {
            assertEquals("djl", networks.at("/0/backend").asText());
            assertTrue(networks.at("/0/library").asText().matches("libtorch \\d+\\.\\d+.*"), networks::toString);
            assertEquals("onnx", networks.at("/1/backend").asText());
            assertTrue(networks.at("/1/library").asText().matches("ONNX Runtime \\d+\\.\\d+.*"), networks::toString);
        }
        assertEquals(
                document, new JsonMapper().readTree(out.resolve("result.json").toFile()));
    }

    /** With the backends of the image, but in this process: PyTorch is loaded once. */
    @Test
    void theExperimentsOfTheExamplesAreRight() {
        var image = Image.built().folder();
        var stir = Stir.load(LoadOptions.DEFAULT.withHome(image).withCache(image.resolveSibling("image-tests/cache")));
        for (var example : List.of("initialisation", "architecture", "loss", "training-data")) {
            var file = ExperimentFile.read(image.resolve("examples/" + example + "/study.yaml"));
            try (var checked = stir.check(file)) {
                assertEquals(List.of(), checked.problems(), example);
                assertEquals(100, checked.plan().inputs().count(), example);
                assertEquals(Shape.of(1, 28, 28), checked.plan().inputs().shape(), example);
            }
        }
    }

    @Test
    void theExampleFromJavaRuns() throws IOException {
        var folder = Image.scratch("study-example");
        var image = Image.built();
        var out = new Launch(Launch.java(List.of(
                        "-cp",
                        image.folder().resolveSibling("modules") + "/*",
                        image.folder()
                                .resolve("../../examples/study/StudyExample.java")
                                .toString(),
                        image.folder().toString(),
                        folder.resolve("study").toString())))
                .with(
                        "STIR_CACHE",
                        image.folder().resolveSibling("image-tests/cache").toString())
                .run();
        assertEquals(0, out.code(), out.err());
        assertTrue(out.out().contains("inversions: 2 of 2"), out.out());
        assertTrue(out.out().contains("STIR(vgg1:"), out.out());
        assertTrue(Files.exists(folder.resolve("study/results.csv")));
    }
}
