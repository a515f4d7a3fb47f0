package stir.core.inputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.Shape;
import stir.api.StirException;
import stir.api.testing.MutantWorker;
import stir.core.io.arrays.NpyWriter;
import stir.core.study.file.ExperimentFile;

/**
 * Broken files of inputs and experiments: each is refused in a sentence, or gives the same values
 * twice. {@code -Dstir.mutants=1000} tries that many per format, from the seed {@code
 * -Dstir.mutants.first}.
 */
@Tag("slow")
class InputMutantsTest {
    private static final String EXPERIMENT = """
            title: A study
            models:
              - {name: one, file: one.onnx, layers: [a, b], mean: [.1, .2, .3], std: [1, 1, 1]}
              - name: other
                file: other.pt
                device: cpu
                settings: {threads: 1}
            inputs: {path: digits, limit: 200}
            measures: [linear-cka, rsa]
            search: {optimizer: fast, iterations: 100}
            repeats: 3
            pairs:
              - {reference: one, reference-layer: a, target: other}
            notes: |
              Some lines
              of text
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "x.npy, BYTES, 60000000",
        "x.npy, TEXT, 60100000",
        "x.npz, BYTES, 60200000",
        "x.npz, ARCHIVE, 60300000",
        "images/a.png, BYTES, 60400000",
        "images/a.png, IMAGE, 60500000",
        "images/a.jpg, BYTES, 60600000",
        "images/a.tiff, BYTES, 60700000",
        "images/a.bmp, BYTES, 60800000",
        "x-images-idx3-ubyte, BYTES, 60900000",
        "x-images-idx3-ubyte, NUMBERS, 61000000",
        "x-images-idx3-ubyte.gz, BYTES, 61100000",
        "data_batch_1.bin, BYTES, 61200000",
        "study.yaml, BYTES, 61300000",
        "study.yaml, TEXT, 61400000"
    })
    void eachIsRefusedOrGivesTheSameValuesTwice(String name, InputMutant.Kind kind, long seeds) throws IOException {
        int count = Integer.getInteger("stir.mutants", 15);
        long first = seeds + Long.getLong("stir.mutants.first", 0);
        var file = folder.resolve(name);
        Files.createDirectories(folder.resolve("images"));
        for (var named : List.of("one.onnx", "other.pt", "digits")) {
            Files.createFile(folder.resolve(named)); // an experiment is refused without them
        }
        var original = original(name);
        Files.write(file, original);
        var accepted = values(file);
        assertTrue(!accepted.startsWith("refused"), accepted);
        var failures = new ArrayList<String>();
        int refused = 0;
        for (long seed = first; seed < first + count; seed++) {
            Files.write(file, InputMutant.of(original, kind, seed));
            var once = outcome(file);
            var twice = outcome(file);
            if (once.startsWith("failed") || !once.equals(twice)) {
                failures.add("seed " + seed + ": " + once);
            } else if (once.startsWith("refused")) {
                refused++;
            }
        }
        assertEquals(List.of(), failures);
        assertTrue(refused > 0, "some damage is detected");
        try (var left = Files.walk(folder)) {
            assertEquals(4, left.filter(Files::isRegularFile).count());
        }
    }

    private static String outcome(Path file) {
        return assertTimeoutPreemptively(Duration.ofSeconds(60), () -> values(file));
    }

    private static String values(Path file) {
        try {
            return file.toString().endsWith(".yaml")
                    ? ExperimentFile.read(file).experiment().toString()
                    : values(Inputs.open(
                            isImage(file) ? file.resolveSibling("../images").normalize() : file));
        } catch (StirException e) {
            for (var line : String.valueOf(e.getMessage()).split("\n", -1)) {
                var flaw = MutantWorker.flaw(String.valueOf(file.getFileName()), line);
                if (!flaw.isEmpty()) {
                    return "failed with " + flaw + ": " + e.getMessage();
                }
            }
            return "refused: " + e.getMessage();
        } catch (RuntimeException | LinkageError | VirtualMachineError | AssertionError e) {
            return "failed with " + e + " at " + List.of(e.getStackTrace()).subList(0, 3);
        }
    }

    private static boolean isImage(Path file) {
        return String.valueOf(file.getParent()).endsWith("images");
    }

    /** Returns the first and last values, whatever number of inputs a header claims. */
    private static String values(Inputs inputs) {
        var first = inputs.read(0, 1);
        var last = inputs.read(inputs.count() - 1, 1);
        return "%d x %s: %08x %08x %s"
                .formatted(
                        inputs.count(),
                        inputs.shape(),
                        Arrays.hashCode(first.toArray()),
                        Arrays.hashCode(last.toArray()),
                        inputs.facts().label(0));
    }

    private byte[] original(String name) throws IOException {
        if (name.endsWith(".yaml")) {
            return EXPERIMENT.getBytes(StandardCharsets.UTF_8);
        }
        if (name.startsWith("images")) {
            return image(name.substring(name.lastIndexOf('.') + 1));
        }
        if (name.startsWith("data_batch")) {
            return new byte[4 * 3073];
        }
        if (name.contains("idx3")) {
            var idx = ByteBuffer.allocate(16 + 4 * 9);
            idx.putInt(0x803).putInt(4).putInt(3).putInt(3);
            return name.endsWith(".gz") ? zipped(idx.array()) : idx.array();
        }
        var array = folder.resolve("original.npy");
        NpyWriter.write(array, Batch.of(Shape.of(1, 2, 3), new float[24]));
        var npy = Files.readAllBytes(array);
        Files.delete(array);
        return name.endsWith(".npz") ? InputMutant.archive(npy) : npy;
    }

    private static byte[] zipped(byte[] bytes) throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(zipped)) {
            zip.write(bytes);
        }
        return zipped.toByteArray();
    }

    private static byte[] image(String format) throws IOException {
        var image = new BufferedImage(9, 7, BufferedImage.TYPE_INT_RGB);
        image.setRGB(3, 4, 0x7080a0);
        var bytes = new ByteArrayOutputStream();
        assertTrue(ImageIO.write(image, format, bytes));
        return bytes.toByteArray();
    }
}
