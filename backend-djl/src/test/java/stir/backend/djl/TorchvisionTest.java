package stir.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Shape;
import stir.api.UsageException;

/**
 * Every module of torchvision's networks, compared with Python's forward hooks. {@code
 * src/test/python/export_torchvision.py} makes the large files; the test runs if the system
 * property {@code stir.torchvision} names their folder.
 */
@EnabledIfSystemProperty(
        named = TorchvisionTest.FOLDER,
        matches = ".+",
        disabledReason =
                "-Dstir.torchvision=FOLDER names the files that src/test/python/export_torchvision.py makes with PyTorch")
class TorchvisionTest {
    static final String FOLDER = "stir.torchvision";
    private static final Shape IMAGE = Shape.of(3, 64, 64);

    static List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty(FOLDER, "")))) {
            return files.filter(file -> file.toString().endsWith(".pt"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("archives")
    void everyModule(Path archive) throws IOException {
        boolean traced = archive.toString().endsWith(".trace.pt");
        var expected = Npz.read(Path.of(archive.toString().replaceAll("\\.(script|trace)\\.pt", ".npz")));
        var inputs = Batch.of(IMAGE, expected.floats("x"));
        var options = new HookOptions(IMAGE);
        double worst = 0;
        int checked = 0;
        int dropped = 0;
        try (var model = new DjlBackendProvider().open(archive, Fixture.options())) {
            var listed = new LinkedHashSet<String>();
            model.layers(IMAGE).forEach(layer -> listed.add(layer.name()));
            for (var name : expected.arrays().keySet()) {
                if (name.equals("x")) {
                    continue;
                }
                var layer = traced && !listed.contains(name) ? withoutElement(name) : name;
                if (traced && !listed.contains(layer)) {
                    assertTrue(doesNothing(model, name), name + " is not listed");
                    dropped++;
                    continue;
                }
                assertTrue(listed.contains(layer), name + " is not listed");
                try (var hook = model.hook(layer, options)) {
                    var values = Batch.allocate(inputs.rows(), hook.layer().shape());
                    hook.represent(inputs, values);
                    double error = Fixture.relativeError(expected.floats(name), values.toArray());
                    assertTrue(error < 1e-5, name + ": relative error " + error);
                    worst = Math.max(worst, error);
                }
                checked++;
            }
            assertTrue(listed.contains(model.defaultLayer().orElse("none")));
        }
        System.getLogger(TorchvisionTest.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "%s: %d layers equal, worst relative error %.2g, %d dropped by tracing"
                                .formatted(archive.getFileName(), checked, worst, dropped));
        assertFalse(checked == 0);
        assertEquals(expected.arrays().size() - 1, checked + dropped);
    }

    /**
     * Removes the element from a name: attention returns a tensor and None, but its trace only the
     * tensor.
     */
    private static String withoutElement(String name) {
        return name.replace("[0]", "");
    }

    private static boolean doesNothing(stir.api.Model model, String name) {
        try (var hook = model.hook(name, new HookOptions(IMAGE))) {
            return hook == null;
        } catch (UsageException e) {
            return e.getMessage().contains("has no effect in this archive");
        }
    }
}
