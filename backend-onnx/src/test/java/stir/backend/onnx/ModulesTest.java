package stir.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Model;
import stir.api.Shape;
import stir.api.StirException;
import stir.backend.onnx.rewrite.FunctionInliner;

/**
 * Every module's path in networks of many families, compared with Python's forward hooks: equal or
 * refused. {@code src/test/python/modules.py} makes the files; the test runs if the system property
 * {@code stir.modules} names their folder.
 */
@EnabledIfSystemProperty(
        named = ModulesTest.FOLDER,
        matches = ".+",
        disabledReason = "-Dstir.modules=FOLDER names the files that src/test/python/modules.py makes with PyTorch")
class ModulesTest {
    static final String FOLDER = "stir.modules";
    private static final double TOLERANCE = 1e-5;

    static List<Path> exports() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty(FOLDER, "")))) {
            return files.filter(file -> file.toString().endsWith(".onnx"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("exports")
    void everyModule(Path file) {
        var arrays = Path.of(file.toString().replaceAll("\\.[a-z_]+\\.onnx$", ".npz"));
        var found = Comparison.of(file, Fixtures.arrays(arrays));
        System.getLogger(ModulesTest.class.getName())
                .log(System.Logger.Level.INFO, file.getFileName() + " " + found.row());
        assertEquals(List.of(), found.wrong());
        assertNotEquals(0, found.results().equal());
    }

    /**
     * The outcomes for names.
     *
     * @param equal equal to PyTorch's
     * @param refused refused with a reason
     * @param absent not in the file, because the exporter left no trace of them
     */
    record Counts(int equal, int refused, int absent) {
        Counts plus(int moreEqual, int moreRefused, int moreAbsent) {
            return new Counts(equal + moreEqual, refused + moreRefused, absent + moreAbsent);
        }
    }

    /**
     * A file compared with PyTorch's hooks.
     *
     * @param results modules' results
     * @param inputs modules' inputs
     * @param wrong names at which another tensor was measured
     * @param refusals the reasons of the refused names
     */
    record Comparison(Counts results, Counts inputs, List<String> wrong, List<String> refusals) {
        static Comparison of(Path file, Map<String, float[]> expected) {
            var x = expected.getOrDefault("x", new float[0]);
            int size = (int) Math.sqrt(x.length / 9.0); // three rows of three channels
            var image = Shape.of(3, size, size);
            var given = Batch.of(image, x);
            var results = new Counts(0, 0, 0);
            var inputs = new Counts(0, 0, 0);
            var wrong = new ArrayList<String>();
            var refusals = new ArrayList<String>();
            var names =
                    new NamedLayers(FunctionInliner.inline(OnnxFile.read(file)).graph());
            var measured = new HashMap<String, float[]>(); // one measurement per tensor
            try (var model = new OnnxBackendProvider().open(file, Fixtures.options(1))) {
                for (var array : expected.entrySet()) {
                    var name = array.getKey();
                    if (name.equals("x")) {
                        continue;
                    }
                    int equal = 0;
                    int refused = 0;
                    int absent = 0;
                    try {
                        var found = measured.computeIfAbsent(names.tensor(name), any -> measure(model, name, given));
                        double error = error(array.getValue(), found);
                        if (error < TOLERANCE) {
                            equal++;
                        } else {
                            wrong.add("%s: relative error %.2g".formatted(name, error));
                        }
                    } catch (StirException e) {
                        boolean unknown = e.getMessage().startsWith("There is no layer");
                        refused += unknown ? 0 : 1;
                        absent += unknown ? 1 : 0;
                        refusals.add(e.getMessage());
                    }
                    if (name.endsWith("@in")) {
                        inputs = inputs.plus(equal, refused, absent);
                    } else {
                        results = results.plus(equal, refused, absent);
                    }
                }
            }
            return new Comparison(results, inputs, wrong, refusals);
        }

        private static float[] measure(Model model, String name, Batch given) {
            var options = HookOptions.withoutGradients(given.rowShape());
            try (var hook = model.hook(name, options)) {
                var found = Batch.allocate(given.rows(), hook.layer().shape());
                hook.represent(given, found);
                return found.toArray();
            }
        }

        private static double error(float[] expected, float[] found) {
            return expected.length == found.length ? Fixtures.relativeError(expected, found) : Double.POSITIVE_INFINITY;
        }

        /** Returns the counts as a row of a Markdown table. */
        String row() {
            return "| %d | %d | %d | %d | %d | %d | %d |"
                    .formatted(
                            results.equal(),
                            results.refused(),
                            results.absent(),
                            inputs.equal(),
                            inputs.refused(),
                            inputs.absent(),
                            wrong.size());
        }
    }
}
