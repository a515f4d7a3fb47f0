package stir.backend.onnx.rewrite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import stir.backend.onnx.OnnxTestRuntime;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.StaticGraph;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/** Positions that no output depends on are not computed, and the others do not change. */
class NarrowingTest {
    private static final int[] TOKENS = {2, 6, 4};

    private static OnnxTestRuntime runtime;

    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final Random random = new Random(1);

    @BeforeAll
    static void loadRuntime() {
        runtime = new OnnxTestRuntime();
    }

    private void node(String operator, String output, String... inputs) {
        nodes.add(Node.of(operator, output, List.of(inputs), List.of(output), Map.of()));
    }

    private void node(Attribute value, String attribute, String operator, String... names) {
        var inputs = List.of(names).subList(1, names.length);
        var attributes = Map.of(attribute, value);
        nodes.add(Node.of(operator, names[0], inputs, List.of(names[0]), attributes));
    }

    private static Attribute order(long... axes) {
        return new Attribute.OfInts(Arrays.stream(axes).boxed().toList());
    }

    private void weights(String name, int... dims) {
        var values = new float[Arrays.stream(dims).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        constants.put(name, Tensor.floats(values, dims));
    }

    private void integers(String name, long... values) {
        constants.put(name, Tensor.longs(values, values.length));
    }

    private StaticGraph whole() {
        var type = TensorType.of(ElementType.FLOAT, TOKENS);
        var outputs = Map.of("y", TensorType.unranked(ElementType.FLOAT));
        var graph = new Graph(nodes, constants, Map.of("x", type), outputs);
        return new Specialiser(runtime.evaluator())
                .specialise(new OnnxModel(graph, Map.of("", 18), List.of(), ""), type);
    }

    /** Returns the narrowed graph, which has the same output. */
    private StaticGraph narrowed() {
        var whole = whole();
        var narrow = Narrowing.narrow(whole);
        var x = new float[48];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextFloat();
        }
        assertArrayEquals(run(whole, x), run(narrow, x), 1e-5f);
        return narrow;
    }

    private static float[] run(StaticGraph graph, float[] x) {
        try (var session = runtime.open(graph.model())) {
            return session.run("y", "x", x, TOKENS);
        }
    }

    private static List<Long> dims(StaticGraph graph, String tensor) {
        return graph.types()
                .getOrDefault(tensor, TensorType.of(ElementType.FLOAT))
                .dims();
    }

    /** Adds operators that a transformer computes per token. */
    private void block() {
        weights("table", 1, 6, 4);
        weights("w", 4, 3);
        weights("b", 3);
        node("Add", "embedded", "x", "table");
        node("MatMul", "product", "embedded", "w");
        node("Add", "sum", "product", "b");
        node("Tanh", "active", "sum");
        node("LayerNormalization", "normal", "active", "b");
    }

    @Test
    void oneTokenIsComputedAlone() {
        block();
        integers("first", 0);
        node(new Attribute.OfInt(1), "axis", "Gather", "y", "normal", "first");
        var graph = narrowed();
        for (var tensor : List.of("embedded", "product", "sum", "active", "normal")) {
            assertEquals(1, dims(graph, tensor).get(1), tensor);
        }
        assertEquals(List.of(2L, 1L, 3L), dims(graph, "y"));
    }

    @Test
    void aSharedPositionIsComputedOnce() {
        block();
        integers("last", -1);
        integers("axis", 1);
        integers("from", 2);
        integers("to", 4);
        node(new Attribute.OfInt(1), "axis", "Gather", "one", "normal", "last");
        node("Slice", "two", "normal", "from", "to", "axis");
        node("Add", "y", "one", "two");
        var graph = narrowed();
        assertEquals(List.of(2L, 4L, 3L), dims(graph, "normal"));
        assertEquals(List.of(2L, 4L, 4L), dims(graph, "embedded"));
    }

    /** Keys and values of all tokens and the query of one; heads are split and merged again. */
    @Test
    void attentionOfOneQueryNeedsAllKeys() {
        integers("heads", 2, 6, 2, 2);
        integers("merged", 2, 6, 4);
        integers("first", 0);
        node("Reshape", "split", "x", "heads");
        node(order(0, 2, 1, 3), "perm", "Transpose", "q", "split");
        node("Sin", "odd", "split");
        node(order(0, 2, 3, 1), "perm", "Transpose", "k", "odd");
        node(order(0, 2, 1, 3), "perm", "Transpose", "v", "odd");
        node("MatMul", "scores", "q", "k");
        node("Softmax", "weights", "scores");
        node("MatMul", "mixed", "weights", "v");
        node(order(0, 2, 1, 3), "perm", "Transpose", "back", "mixed");
        node("Reshape", "out", "back", "merged");
        node("Add", "residual", "x", "out");
        node(new Attribute.OfInt(1), "axis", "Gather", "y", "residual", "first");
        var graph = narrowed();
        assertEquals(List.of(2L, 2L, 1L, 6L), dims(graph, "weights"));
        assertEquals(List.of(2L, 2L, 2L, 6L), dims(graph, "k"));
        assertEquals(List.of(2L, 2L, 6L, 2L), dims(graph, "v"));
        assertEquals(List.of(2L, 1L, 4L), dims(graph, "residual"));
    }

    /**
     * PyTorch's attention has this form: tokens first, with tokens and rows in one axis of a
     * matrix.
     */
    @Test
    void tokensAreFollowedIntoAMergedAxis() {
        weights("w", 4, 4);
        integers("matrix", 12, 4);
        integers("tokens", 6, 2, 4);
        integers("from", 3);
        integers("to", 5);
        integers("axis", 1);
        node(order(1, 0, 2), "perm", "Transpose", "moved", "x");
        node("Reshape", "rows", "moved", "matrix");
        node("Gemm", "dense", "rows", "w");
        node("Reshape", "again", "dense", "tokens");
        node(order(1, 0, 2), "perm", "Transpose", "tokensLast", "again");
        node("Slice", "y", "tokensLast", "from", "to", "axis");
        var graph = narrowed();
        assertEquals(List.of(4L, 4L), dims(graph, "dense"));
        assertEquals(List.of(2L, 2L, 4L), dims(graph, "moved"));
    }

    @Test
    void aTensorThatIsAlsoNeededWholeStaysWhole() {
        block();
        integers("first", 0);
        node(new Attribute.OfInt(1), "axis", "Gather", "one", "normal", "first");
        node("ReduceMean", "mean", "active");
        node("Add", "y", "one", "mean");
        var graph = narrowed();
        assertEquals(List.of(2L, 6L, 3L), dims(graph, "active"));
        assertEquals(List.of(2L, 1L, 3L), dims(graph, "normal"));
    }

    @Test
    void aGraphWithoutUnusedPositionsIsUnchanged() {
        block();
        node("ReduceMean", "y", "normal");
        var whole = whole();
        assertSame(whole, Narrowing.narrow(whole));
    }
}
