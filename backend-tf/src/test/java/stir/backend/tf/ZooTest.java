package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Model;
import stir.api.Norm;

/**
 * Gradients of whole families of networks compared with Python's, for models that {@code zoo.py}
 * wrote into the folder {@code -Dstir.tf.zoo}. Not part of the usual build: the models take
 * gigabytes.
 */
@EnabledIfSystemProperty(
        named = "stir.tf.zoo",
        matches = ".+",
        disabledReason = "-Dstir.tf.zoo=FOLDER names models of gigabytes, made with TensorFlow")
class ZooTest {
    private static final int ROWS = 2;

    /** The error of single precision in a well-conditioned network. */
    private static final double ROUNDING = 1e-5;

    @Test
    void gradientsAreAsGoodAsPythons() throws IOException {
        var folder = Path.of(System.getProperty("stir.tf.zoo"));
        var table = new ArrayList<String>();
        table.add(
                "| model | layer | representation | gradient, Java to Python | Java to float64 | Python to float64 |");
        table.add("|---|---|---|---|---|---|");
        var worse = new ArrayList<String>();
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".ref.npz"))
                    .sorted()
                    .toList()) {
                var name = file.getFileName().toString().replace(".ref.npz", "");
                var stored = new Npz(file);
                try (var model = Models.open(folder.resolve(name))) {
                    for (String layer : stored.names(".grad64")) {
                        compare(name, model, layer, stored, table, worse);
                    }
                }
            }
        }
        Files.write(folder.resolve("errors.md"), table);
        assertFalse(table.size() < 3, "no models in " + folder);
        assertEquals(List.of(), worse);
    }

    private static void compare(
            String name, Model model, String layer, Npz stored, List<String> table, List<String> worse) {
        var shape = model.input().shape();
        try (var hook = model.hook(layer, new HookOptions(shape))) {
            var targets = Batch.allocate(ROWS, hook.layer().shape());
            hook.represent(Batch.of(shape, stored.floats("x")), targets);
            double value = Errors.relative(stored.array(layer + ".rep"), targets.toArray());
            var gradients = Batch.allocate(ROWS, shape);
            hook.distance(Batch.of(shape, stored.floats("xp")), targets, Norm.L2, new double[ROWS], gradients);
            var exact = stored.array(layer + ".grad64");
            double ours = Errors.relative(exact, gradients.toArray());
            double python = Errors.relative(exact, stored.floats(layer + ".grad"));
            double between = Errors.relative(stored.array(layer + ".grad"), gradients.toArray());
            table.add(String.format(
                    Locale.ROOT, "| %s | %s | %.1e | %.1e | %.1e | %.1e |", name, layer, value, between, ours, python));
            if (between > ROUNDING && ours > 2 * python) {
                worse.add(name + "/" + layer + ": " + ours + ", Python " + python);
            }
        }
    }
}
