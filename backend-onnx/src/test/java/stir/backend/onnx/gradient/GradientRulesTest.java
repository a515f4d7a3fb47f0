package stir.backend.onnx.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import stir.api.contract.Numerical;
import stir.backend.onnx.OnnxTestRuntime;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.StaticGraph;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;
import stir.backend.onnx.rewrite.Specialiser;

/** Every rule of the table agrees with finite differences, on every example of its operator. */
@Numerical
class GradientRulesTest {
    private static final double STEP = 1e-2;
    private static final double TOLERANCE = 2e-3;

    private static OnnxTestRuntime runtime;

    @BeforeAll
    static void loadRuntime() {
        runtime = new OnnxTestRuntime();
    }

    static List<RuleExample> examples() {
        return RuleExamples.of(GradientRules.operators());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void agreesWithFiniteDifferences(RuleExample example) {
        int[] dims = example.dims().stream().mapToInt(Integer::intValue).toArray();
        var graph = specialise(example, dims);
        var x = inputs(example.node().operator(), Dims.size(dims));
        var gradients = new double[x.length];
        var differences = new double[x.length];
        for (var output : reals(graph, example.node())) {
            add(graph, output, dims, x, gradients, differences);
        }
        double error = 0;
        double size = 0;
        for (int i = 0; i < x.length; i++) {
            error = Math.max(error, Math.abs(gradients[i] - differences[i]));
            size = Math.max(size, Math.abs(differences[i]));
        }
        assertTrue(size > 0, "the example is constant");
        assertTrue(
                error <= TOLERANCE * size,
                () -> "gradient %s, finite differences %s"
                        .formatted(Arrays.toString(gradients), Arrays.toString(differences)));
    }

    @Test
    void quantisedWeightsAreRecognised() {
        for (var operator : List.of("DequantizeLinear", "MatMulNBits", "DynamicQuantizeLinear")) {
            for (var domain : List.of("", "com.microsoft")) {
                var node = new Node(domain, operator, "", List.of("x"), List.of("y"), Map.of(), Map.of());
                assertTrue(GradientRules.isQuantised(node), node::toString);
            }
        }
    }

    /** Returns the node's outputs that have a derivative; indices have none. */
    private static List<String> reals(StaticGraph graph, Node node) {
        return node.outputs().stream()
                .filter(output ->
                        Objects.requireNonNull(graph.types().get(output)).type().isReal())
                .toList();
    }

    /** Adds the gradient of a random sum of the elements of one output of the node. */
    private static void add(
            StaticGraph graph, String output, int[] dims, float[] x, double[] gradients, double[] differences) {
        var tape = new Tape(graph);
        var value = tape.value(output);
        var weights = new float[value.size()];
        var random = new Random(5);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (0.5 + random.nextDouble()) * (random.nextBoolean() ? 1 : -1);
        }
        var cotangent = tape.constant(Tensor.floats(weights, value.dims()));
        var gradient = new Differentiation(graph, Map.of()).gradient(tape, output, cotangent);
        assertEquals(Arrays.toString(dims), Arrays.toString(gradient.dims()));
        var outputs = new LinkedHashMap<String, Value>();
        outputs.put("value", value);
        outputs.put("gradient", gradient);
        try (var session = runtime.open(tape.finish(outputs).model())) {
            var found = session.run("gradient", RuleExample.X, x, dims);
            for (int i = 0; i < x.length; i++) {
                gradients[i] += found[i];
                // two step widths, because the remaining error is of fourth order in the step
                double near = difference(session, x, dims, weights, i, STEP);
                double far = difference(session, x, dims, weights, i, 2 * STEP);
                differences[i] += (4 * near - far) / 3;
            }
        }
    }

    private static double difference(
            OnnxTestRuntime.Session session, float[] x, int[] dims, float[] weights, int at, double step) {
        return (sum(session, x, dims, weights, at, step) - sum(session, x, dims, weights, at, -step)) / (2 * step);
    }

    private static double sum(
            OnnxTestRuntime.Session session, float[] x, int[] dims, float[] weights, int at, double step) {
        var moved = x.clone();
        moved[at] += (float) step;
        var values = session.run("value", RuleExample.X, moved, dims);
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += (double) weights[i] * values[i];
        }
        return sum;
    }

    /**
     * Returns numbers in [0.1, 0.9] (above 1 for acosh, one or two of them 0 for products) in
     * random order, with a distance between any two.
     */
    private static float[] inputs(String operator, int size) {
        var order = IntStream.range(0, size).boxed().collect(Collectors.toList());
        Collections.shuffle(order, new Random(3));
        var x = new float[size];
        for (int i = 0; i < size; i++) {
            double spread = Math.max(0.8, 0.05 * size);
            x[i] = (float) (0.1 + spread * (order.get(i) + 0.5) / size);
        }
        if (operator.equals("Acosh")) {
            for (int i = 0; i < size; i++) {
                x[i] += 1;
            }
        } else if (operator.equals("CumProd")) {
            x[5] = 0;
        } else if (operator.equals("ReduceProd")) {
            x[5] = 0;
            if (size > 6) {
                x[6] = 0; // in one example, of the same product
            }
        }
        return x;
    }

    private static StaticGraph specialise(RuleExample example, int[] dims) {
        var type = TensorType.of(ElementType.FLOAT, dims);
        var outputs = new LinkedHashMap<String, TensorType>();
        for (var output : example.node().outputs()) {
            outputs.put(output, TensorType.unranked(ElementType.UNDEFINED));
        }
        var graph = new Graph(List.of(example.node()), example.constants(), Map.of(RuleExample.X, type), outputs);
        var opsets = Map.of("", example.opset(), "com.microsoft", 1);
        return new Specialiser(runtime.evaluator()).specialise(new OnnxModel(graph, opsets, List.of(), ""), type);
    }
}
