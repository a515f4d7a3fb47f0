package stir.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.Model;
import stir.api.Shape;
import stir.api.contract.Numerical;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.OnnxReader;
import stir.backend.onnx.graph.OnnxWriter;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;
import stir.backend.onnx.rewrite.SinglePrecision;

/**
 * One network in many forms of export has the representation and gradient of PyTorch's. {@code
 * src/test/python/variants.py} wrote the files.
 */
@Numerical
class VariantsTest {
    private static final Shape DENSE = Shape.of(12);

    private static Model open(String name) {
        return new OnnxBackendProvider().open(Fixtures.variant(name), Fixtures.options(1));
    }

    @ParameterizedTest
    @CsvSource({
        "script9, 1e-5",
        "script11, 1e-5",
        "script13, 1e-5",
        "script17, 1e-5",
        "script20, 1e-5",
        "version23, 1e-5",
        "dynamo, 1e-5",
        "fixed2, 1e-5",
        "external, 1e-5",
        "function, 1e-5",
    })
    void isTheSameNetwork(String name, double tolerance) {
        compare(name, "h", "g", tolerance);
    }

    @Test
    void halfPrecisionIsComputedInSinglePrecision() {
        // the weights are the file's; the remaining error is that of rounded constants
        compare("half", "half_h", "half_g", 1e-3);
    }

    @Test
    void thePrecisionIsThatOfMostWeights() throws IOException {
        var file = ByteBuffer.wrap(Files.readAllBytes(Fixtures.variant("script17")));
        var model = OnnxReader.read(file);
        var initialisers = new LinkedHashMap<String, Tensor>();
        var stray = Tensor.of(TensorType.of(ElementType.DOUBLE), ByteBuffer.allocate(8));
        initialisers.put("stray", stray);
        initialisers.putAll(model.graph().initialisers());
        var graph = model.graph().with(model.graph().nodes(), initialisers);
        assertEquals(Optional.empty(), SinglePrecision.other(model.with(graph)));
        var only = model.graph().with(model.graph().nodes(), Map.of("stray", stray));
        assertEquals(Optional.of(ElementType.DOUBLE), SinglePrecision.other(model.with(only)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"script17", "script9", "version23"})
    void nodesInAnyOrderAreTheSameNetwork(String name, @TempDir Path folder) throws IOException {
        var whole = OnnxReader.read(ByteBuffer.wrap(Files.readAllBytes(Fixtures.variant(name))));
        var nodes = new ArrayList<>(whole.graph().nodes());
        Collections.reverse(nodes);
        var file = folder.resolve("reversed.onnx");
        Files.write(file, OnnxWriter.write(whole.with(whole.graph().withNodes(nodes))));
        try (var model = open(name);
                var reversed = new OnnxBackendProvider().open(file, Fixtures.options(1))) {
            var shape = model.input().shape();
            var layer = model.defaultLayer().orElseThrow();
            assertEquals(layer, reversed.defaultLayer().orElseThrow());
            assertEquals(Set.copyOf(model.layers(shape)), Set.copyOf(reversed.layers(shape)));
            assertArrayEquals(passes(model, layer, shape), passes(reversed, layer, shape));
        }
    }

    /** Returns a layer's values for one input. */
    private static float[] passes(Model model, String layer, Shape shape) {
        try (var hook = model.hook(layer, new HookOptions(shape))) {
            int rows = hook.batch().orElse(1);
            var inputs = Batch.allocate(rows, shape);
            for (int i = 0; i < shape.size(); i++) {
                inputs.set(0, i, i % 7 / 7f);
            }
            var found = Batch.allocate(rows, hook.layer().shape());
            hook.represent(inputs, found);
            return found.toArray();
        }
    }

    private static void compare(String name, String h, String g, double tolerance) {
        try (var model = open(name);
                var hook = model.hook(model.defaultLayer().orElseThrow(), new HookOptions(Fixtures.VARIANT))) {
            assertEquals(DENSE, hook.layer().shape());
            var inputs = Fixtures.variantReference("x", Fixtures.VARIANT);
            var found = Batch.allocate(inputs.rows(), DENSE);
            var cotangents = Fixtures.variantReference("c", DENSE);
            var gradients = Batch.allocate(inputs.rows(), Fixtures.VARIANT);
            int rows = hook.batch().orElse(inputs.rows());
            for (int row = 0; row < inputs.rows(); row += rows) {
                int from = Math.min(row, inputs.rows() - rows);
                int to = from + rows;
                hook.represent(inputs.slice(from, to), found.slice(from, to));
                hook.pullback(inputs.slice(from, to), cotangents.slice(from, to), gradients.slice(from, to));
            }
            assertClose(Fixtures.variantReference(h, DENSE), found, tolerance);
            assertClose(Fixtures.variantReference(g, Fixtures.VARIANT), gradients, tolerance);
        }
    }

    private static void assertClose(Batch expected, Batch actual, double tolerance) {
        double error = Fixtures.relativeError(expected.toArray(), actual.toArray());
        assertTrue(error < tolerance, "relative error " + error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"script17", "dynamo"})
    void modulesAreFoundByTheirPaths(String name) {
        try (var model = open(name);
                var byModule = model.hook("dense", new HookOptions(Fixtures.VARIANT))) {
            assertEquals("dense", byModule.layer().name());
            assertEquals("Gemm", byModule.layer().kind());
            assertEquals(DENSE, byModule.layer().shape());
            assertTrue(model.layers(Fixtures.VARIANT).stream()
                    .anyMatch(layer ->
                            layer.name().equals("grouped") && layer.kind().equals("Conv")));
        }
    }

    /** The dynamo exporter writes a softplus as a choice between two formulas. */
    @Test
    void aStepFunctionThatOnlySelectsDoesNotBlockTheGradient() {
        try (var model = open("dynamo")) {
            var layers = model.layers(Fixtures.VARIANT);
            assertTrue(layers.stream().anyMatch(layer -> layer.kind().equals("Where")));
            layers.stream()
                    .filter(layer -> !layer.name().equals("stem")) // merged with the next layer
                    .forEach(layer -> assertEquals(Optional.empty(), layer.obstacle()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"control", "counted"})
    void branchesAndLoopsDeterminedByShapesOrConstantsAreUnfolded(String name) {
        try (var model = open(name);
                var hook = model.hook("output", new HookOptions(Shape.of(4)))) {
            float[] w = {0.5f, -1.5f, 2f, 1.25f};
            float[] x = {0.3f, 0.6f, -0.2f, 0.9f, 0.1f, 0.2f, 0.4f, -0.7f};
            var expected = new float[x.length];
            for (int i = 0; i < x.length; i++) {
                double state = x[i];
                double sum = 0;
                for (int round = 0; round < 3; round++) {
                    state = state * w[i % 4] + 1;
                    sum += Math.tanh(state);
                }
                expected[i] = (float) (1 / (1 + Math.exp(-state - sum)));
            }
            var found = Batch.allocate(2, Shape.of(4));
            hook.represent(Batch.of(Shape.of(4), x), found);
            assertTrue(Fixtures.relativeError(expected, found.toArray()) < 1e-5);
        }
    }

    @Test
    void scansOfKnownLengthAreUnfolded() {
        var shape = Shape.of(3, 4);
        try (var model = open("scan");
                var hook = model.hook("output", new HookOptions(shape))) {
            float[] w = {0.5f, -1.5f, 2f, 1.25f};
            float[] x = {0.3f, 0.6f, -0.2f, 0.9f, 0.1f, 0.2f, 0.4f, -0.7f, 0.5f, 0.8f, -0.6f, 0f};
            var expected = new float[12];
            var gradient = new float[12]; // of the sum of all outputs
            for (int i = 0; i < 4; i++) {
                double state = ((double) x[i] + x[4 + i] + x[8 + i]) / 3;
                var slopes = new double[3];
                for (int round = 0; round < 3; round++) {
                    state = state * w[i] + x[4 * (2 - round) + i];
                    double tanh = Math.tanh(state);
                    expected[4 * round + i] = (float) tanh;
                    slopes[round] = 1 - tanh * tanh;
                }
                double reached = 3; // the last state is added to each of three rows
                for (int round = 2; round >= 0; round--) {
                    expected[4 * round + i] += (float) state;
                    reached += slopes[round];
                    gradient[4 * (2 - round) + i] = (float) reached;
                    reached *= w[i];
                }
                for (int row = 0; row < 3; row++) {
                    gradient[4 * row + i] += (float) (reached / 3);
                }
            }
            var inputs = Batch.of(shape, x);
            var found = Batch.allocate(1, shape);
            hook.represent(inputs, found);
            assertTrue(Fixtures.relativeError(expected, found.toArray()) < 1e-5);
            var ones = new float[12];
            Arrays.fill(ones, 1);
            hook.pullback(inputs, Batch.of(shape, ones), found);
            assertTrue(Fixtures.relativeError(gradient, found.toArray()) < 1e-5);
        }
    }

    @Test
    void aBranchThatDependsOnTheInputHasNoGradient() {
        try (var model = open("undecided")) {
            var refusal = assertThrows(DataException.class, () -> model.hook("output", new HookOptions(Shape.of(4))));
            assertTrue(refusal.getMessage().contains("If"), refusal.getMessage());
            assertTrue(refusal.getMessage().contains("up to 'before'"), refusal.getMessage());
        }
    }

    @Test
    void anOperatorWithoutARuleIsNamedWithTheLastLayerThatHasAGradient() {
        try (var model = open("lstm")) {
            var layer = model.defaultLayer().orElseThrow();
            var refusal = assertThrows(DataException.class, () -> model.hook(layer, new HookOptions(Shape.of(6, 3))));
            assertTrue(refusal.getMessage().contains("LSTM '/rnn/LSTM'"), refusal.getMessage());
            assertTrue(refusal.getMessage().contains("up to '/Tanh_output_0'"), refusal.getMessage());
            var obstacles = model.layers(Shape.of(6, 3)).stream()
                    .filter(found -> found.name().equals(layer))
                    .findFirst()
                    .orElseThrow()
                    .obstacle();
            assertTrue(obstacles.orElseThrow().contains("LSTM"), obstacles.toString());
            var inputs = Batch.allocate(2, Shape.of(6, 3));
            inputs.set(1, 0, 1);
            try (var hook = model.hook(layer, HookOptions.withoutGradients(Shape.of(6, 3)))) {
                var found = Batch.allocate(2, hook.layer().shape());
                hook.represent(inputs, found);
                assertNotEquals(found.get(0, 0), found.get(1, 0));
            }
        }
    }

    @Test
    void aQuantisedNetworkIsRefused() {
        try (var model = open("quantised")) {
            var layer = model.defaultLayer().orElseThrow();
            var refusal = assertThrows(DataException.class, () -> model.hook(layer, new HookOptions(Fixtures.VARIANT)));
            assertTrue(refusal.getMessage().contains("; QuantizeLinear '"), refusal.getMessage());
        }
    }
}
