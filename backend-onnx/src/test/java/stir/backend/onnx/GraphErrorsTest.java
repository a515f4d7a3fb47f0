package stir.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Shape;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Function;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxFormatException;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.OnnxReader;
import stir.backend.onnx.graph.OnnxWriter;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;
import stir.backend.onnx.rewrite.FunctionInliner;
import stir.backend.onnx.rewrite.NodeCheck;

/** Graphs that are refused, or computed in spite of how they look. */
class GraphErrorsTest extends WrittenModels {
    @Test
    void anUnknownOperatorIsNamed() throws IOException {
        assertContains(
                "Frobnicate 'dense': No Op registered for Frobnicate",
                refusal(write("a.onnx", "Frobnicate", 17, weights(1))));
    }

    @Test
    void operatorsThatAreTooNewOrTooOldAreReportedWithTheirVersion() throws IOException {
        assertContains(
                "version 99, and the runtime supports versions up to 26",
                refusal(write("new.onnx", "MatMul", 99, weights(1))));
        assertContains("version 5", refusal(write("old.onnx", "MatMul", 5, weights(1))));
    }

    /** The runtime's kernels divide by these, or index with them, and end the process. */
    @ParameterizedTest
    @CsvSource({
        "SplitToSequence, 0, 0",
        "SplitToSequence, 0, -1",
        "Trilu, 0, -9223372036854775808",
        "Trilu, 0, 9223372036854775807",
        "Mod, -9223372036854775808, -1",
        "Div, -9223372036854775808, -1",
        "Mod, 5, 0",
        "Div, 5, 0"
    })
    void constantsAtWhichKernelsCrashAreRefused(String operator, long first, long second) throws IOException {
        boolean readsInput = !operator.equals("Div") && !operator.equals("Mod");
        var nodes = List.of(
                Node.of(operator, "tested", List.of(readsInput ? "x" : "a", "b"), List.of("z"), Map.of()),
                Node.of("Relu", "end", List.of("x"), List.of("y"), Map.of()));
        var given = Map.of("a", Tensor.scalar(first), "b", Tensor.scalar(second));
        assertContains(
                "its node 'tested' (%s) has a constant operand".formatted(operator),
                refusal(write("crash.onnx", 18, nodes, given)));
    }

    @ParameterizedTest
    @CsvSource({
        "Div, c, b, true",
        "Mod, c, b, true",
        "Div, a, c, false",
        "Div, b, d, true",
        "Mod, b, c, false",
        "Trilu, x, b, true",
        "SplitToSequence, x, b, true",
        "Div, x, x, false",
        "Div, b, s, false",
        "Trilu, x, s, false",
        "com.microsoft:Trilu, x, b, true",
        "com.microsoft:Trilu, x, s, false",
        "InstanceNormalization, sliced, c, true",
        "InstanceNormalization, halved, c, false"
    })
    void integersThatInputsDetermineReachNoKernelThatTheyCrash(
            String operator, String first, String second, boolean isRefused) throws IOException {
        var nodes = List.of(
                cast("x", "i", ElementType.INT64),
                Node.of("Mul", "i0", List.of("i", "a"), Map.of()),
                Node.of("Add", "b", List.of("c", "i0"), Map.of()),
                Node.of("Shape", "size", List.of("x"), Map.of()),
                cast("size", "real", ElementType.FLOAT),
                cast("real", "s", ElementType.INT64),
                Node.of("Slice", "sliced", List.of("x", "a", "b"), Map.of()),
                Node.of("Slice", "halved", List.of("x", "a", "s"), Map.of()),
                new Node(
                        operator.startsWith("com") ? "com.microsoft" : "",
                        operator.replace("com.microsoft:", ""),
                        "tested",
                        List.of(first, second),
                        List.of("z"),
                        Map.of(),
                        Map.of()),
                Node.of("Relu", "end", List.of("x"), List.of("y"), Map.of()));
        var given = Map.of("a", Tensor.scalar(5), "c", Tensor.scalar(7), "d", Tensor.scalar(-1));
        var file = write("crash.onnx", 18, nodes, given);
        if (isRefused) {
            boolean isSize = operator.equals("InstanceNormalization");
            assertContains(isSize ? "an empty one would" : "operand that", refusal(file));
        } else {
            assertDoesNotThrow(() -> NodeCheck.check(OnnxReader.read(ByteBuffer.wrap(Files.readAllBytes(file)))));
        }
    }

    private static Node cast(String from, String to, ElementType type) {
        var attribute = Map.<String, Attribute>of("to", new Attribute.OfInt(type.code()));
        return Node.of("Cast", to, List.of(from), attribute);
    }

    @Test
    void aGraphWithoutOutputsIsRefused() throws IOException {
        var graph = new Graph(
                List.of(Node.of("Relu", "end", List.of("x"), List.of("y"), Map.of())),
                Map.of(),
                Map.of("x", TensorType.of(ElementType.FLOAT, -1, 2)),
                Map.of());
        var bytes = OnnxWriter.write(new OnnxModel(graph, Map.of("", 17), List.of(), ""));
        var file = Files.write(folder.resolve("none.onnx"), bytes);
        assertContains("none.onnx can't be read as an ONNX model: it has no outputs", refusal(file));
    }

    @Test
    void aConstantThatWouldFillTheMemoryIsRefusedBeforeItIsComputed() throws IOException {
        var nodes = List.of(
                Node.of("ConstantOfShape", "fill", List.of("size"), List.of("big"), Map.of()),
                Node.of("ReduceSum", "sum", List.of("big"), List.of("all"), Map.of()),
                Node.of("Add", "add", List.of("x", "all"), List.of("y"), Map.of()));
        var given = Map.of("size", Tensor.longs(new long[] {1L << 15, 1L << 15}, 2));
        assertContains(
                "the constant 'big' is float 32768x32768, which exceeds the limit of",
                refusal(write("big.onnx", 17, nodes, given)));
    }

    @Test
    void aLayerThatWouldFillTheMemoryIsRefusedBeforeItIsComputed() throws IOException {
        var nodes = List.of(
                Node.of("Tile", "tile", List.of("x", "times"), List.of("wide"), Map.of()),
                Node.of("Tanh", "tanh", List.of("wide"), List.of("y"), Map.of()));
        var given = Map.of("times", Tensor.longs(new long[] {1, 1L << 33}, 2));
        assertContains(
                "the tensor 'wide' is float 7x17179869184, which exceeds the limit of 2147483647",
                refusal(write("wide.onnx", 17, nodes, given)));
    }

    @Test
    void anEmptyInputOfANormalisationIsRefusedBeforeItEndsTheProcess() throws IOException {
        var nodes = List.of(
                Node.of("Slice", "none", List.of("x", "zero", "zero", "one"), Map.of()),
                Node.of("Unsqueeze", "image", List.of("none", "one"), Map.of()),
                Node.of("InstanceNormalization", "norm", List.of("image", "number", "number"), Map.of()),
                Node.of("ReduceSum", "sum", List.of("norm"), Map.of()),
                Node.of("Add", "y", List.of("x", "sum"), Map.of()));
        var given = Map.of(
                "zero",
                Tensor.longs(new long[] {0}, 1),
                "one",
                Tensor.longs(new long[] {1}, 1),
                "number",
                Tensor.floats(new float[] {1}, 1));
        assertContains("that computes 'norm' has an empty input", refusal(write("empty.onnx", 17, nodes, given)));
    }

    private static Node pool(List<Long> kernel, String attribute, List<Long> values) {
        return Node.of(
                "MaxPool",
                "pool",
                List.of("x"),
                List.of("y"),
                Map.of("kernel_shape", new Attribute.OfInts(kernel), attribute, new Attribute.OfInts(values)));
    }

    @Test
    void aStrideOfZeroIsRefusedBeforeTheRuntimeDividesByIt() throws IOException {
        var pool = pool(List.of(2L), "strides", List.of(0L));
        assertContains(
                "'strides' of its node 'pool' (MaxPool) must be positive",
                refusal(write("zero.onnx", List.of(pool), Map.of("x", TensorType.of(ElementType.FLOAT, -1, 1, 8)))));
    }

    /** Writes an attention that states no heads, with outputs that nothing reads. */
    private Path attention(String name, int... dims) throws IOException {
        var zero = new Attribute.OfInt(0);
        var node = Node.of(
                "Attention",
                "heads",
                List.of("x", "x", "x"),
                List.of("y", "key", "value"),
                Map.of("q_num_heads", zero, "kv_num_heads", zero));
        var graph = new Graph(
                List.of(node),
                Map.of(),
                Map.of("x", TensorType.of(ElementType.FLOAT, dims)),
                Map.of("y", TensorType.unranked(ElementType.FLOAT)));
        var bytes = OnnxWriter.write(new OnnxModel(graph, Map.of("", 23), List.of(), ""));
        return Files.write(folder.resolve(name), bytes);
    }

    @Test
    void anAttentionThatContinuesACacheIsMeasuredAndHasNoGradient() throws IOException {
        var past = Tensor.floats(new float[16], 1, 2, 2, 4);
        var graph = new Graph(
                List.of(
                        Node.of(
                                "Attention",
                                "heads",
                                List.of("x", "x", "x", "", "keys", "values"),
                                List.of("a", "allKeys", "allValues"),
                                Map.of()),
                        Node.of("Tanh", "last", List.of("a"), List.of("y"), Map.of())),
                Map.of("keys", past, "values", past),
                Map.of("x", TensorType.of(ElementType.FLOAT, 1, 2, 3, 4)),
                Map.of("y", TensorType.unranked(ElementType.FLOAT)));
        var bytes = OnnxWriter.write(new OnnxModel(graph, Map.of("", 24), List.of(), ""));
        var file = Files.write(folder.resolve("cache.onnx"), bytes);
        var shape = Shape.of(2, 3, 4);
        assertContains(
                "Attention 'heads' has no gradient: it continues a cache of keys and values (past_key, past_value)",
                refusal(file, shape));
        try (var model = new OnnxBackendProvider().open(file, Fixtures.options(1));
                var hook = model.hook("y", HookOptions.withoutGradients(shape))) {
            assertEquals(shape, hook.layer().shape());
        }
    }

    @Test
    void headsThatAreNotStatedAreThoseOfTheInput() throws IOException {
        var file = attention("four.onnx", -1, 2, 3, 4);
        try (var model = new OnnxBackendProvider().open(file, Fixtures.options(1))) {
            assertTrue(model.layers(Shape.of(2, 3, 4)).stream()
                    .filter(layer -> layer.name().equals("y"))
                    .anyMatch(layer -> layer.obstacle().isEmpty()));
        }
        assertContains("q_num_heads", refusal(attention("three.onnx", -1, 3, 4), Shape.of(3, 4)));
    }

    @Test
    void nodesThatDependOnTheirOwnResultAreNamed() throws IOException {
        var nodes = List.of(
                Node.of("Add", "a", List.of("x", "b"), List.of("y"), Map.of()),
                Node.of("Tanh", "loop", List.of("y"), List.of("b"), Map.of()));
        assertContains("depends on its own result", refusal(write("cycle.onnx", 17, nodes, Map.of())));
    }

    @Test
    void aDropoutInTrainingModeIsRefused() throws IOException {
        var on = Tensor.of(
                TensorType.of(ElementType.BOOL), ByteBuffer.allocate(1).put(0, (byte) 1));
        var off = Tensor.of(TensorType.of(ElementType.BOOL), ByteBuffer.allocate(1));
        var ratio = Tensor.floats(new float[] {0.5f});
        var dropout = Node.of("Dropout", "drop", List.of("x", "ratio", "mode"), List.of("y"), Map.of());
        var training = Map.of("ratio", ratio, "mode", on);
        assertContains(
                "its node Dropout 'drop' is in training mode: call model.eval()",
                refusal(write("drop.onnx", 17, List.of(dropout), training)));
        var value = Map.<String, Attribute>of("value", new Attribute.OfTensor(on));
        var constant = Node.of("Constant", "on", List.of(), List.of("mode"), value);
        assertContains(
                "is in training mode",
                refusal(write("constant.onnx", 17, List.of(constant, dropout), Map.of("ratio", ratio))));
        var computed = List.of(
                Node.of("ReduceMax", "max", List.of("x"), Map.of("keepdims", new Attribute.OfInt(0))),
                Node.of("Greater", "mode", List.of("max", "ratio"), Map.of()),
                dropout);
        assertContains("is in training mode", refusal(write("computed.onnx", 17, computed, Map.of("ratio", ratio))));
        var evaluation = Map.of("ratio", ratio, "mode", off);
        var file = write("eval.onnx", 17, List.of(dropout), evaluation);
        try (var model = new OnnxBackendProvider().open(file, Fixtures.options(1))) {
            assertEquals(VECTOR, model.input().shape());
        }
    }

    @Test
    void aNormalisationInTrainingModeIsRefused() throws IOException {
        var two = Tensor.floats(new float[] {1, 2}, 2);
        var weights = Map.of("s", two, "b", two, "m", two, "v", two);
        var inputs = List.of("x", "s", "b", "m", "v");
        var mode = Map.<String, Attribute>of("training_mode", new Attribute.OfInt(1));
        var node = Node.of("BatchNormalization", "bn", inputs, List.of("y", "p", "q"), mode);
        assertContains(
                "BatchNormalization 'bn' is in training mode", refusal(write("bn17.onnx", 17, List.of(node), weights)));
        assertContains(
                "BatchNormalization 'bn' is in training mode",
                refusal(write("bn11.onnx", 11, List.of(node.without("training_mode")), weights)));
    }

    /**
     * Exporters write {@code F.batch_norm(weight, training=True)} so, of networks in evaluation.
     */
    @Test
    void weightsStandardisedInTrainingModeAreComputed() throws IOException {
        float[] kernel = {1, 2, 4, -3, 0, 5};
        var rows = Tensor.longs(new long[] {1, 2, 3}, 3);
        var columns = Tensor.longs(new long[] {2, 3}, 2);
        var inputs = List.of("rows", "scale", "offset", "m", "v");
        var mode = Map.<String, Attribute>of("training_mode", new Attribute.OfInt(1));
        var normalised = Node.of("BatchNormalization", "bn", inputs, List.of("n", "p", "q"), mode);
        var after = List.of(
                Node.of("Reshape", "", List.of("n", "columns"), List.of("s"), Map.of()),
                Node.of("MatMul", "", List.of("x", "s"), List.of("y"), Map.of()));
        var weights = Map.of(
                "w", Tensor.floats(kernel, 2, 3),
                "to", rows,
                "columns", columns,
                "scale", Tensor.floats(new float[] {1, 2}, 2),
                "offset", Tensor.floats(new float[] {0, 0.5f}, 2),
                "m", Tensor.floats(new float[] {9, 9}, 2),
                "v", Tensor.floats(new float[] {9, 9}, 2));
        var reshape = Node.of("Reshape", "", List.of("w", "to"), List.of("rows"), Map.of());
        var nodes = new ArrayList<>(List.of(reshape, normalised));
        nodes.addAll(after);
        assertStandardised(write("of17.onnx", 17, nodes, weights));
        nodes.set(1, normalised.without("training_mode"));
        assertStandardised(write("of11.onnx", 11, nodes, weights));
        var folded = new LinkedHashMap<>(weights);
        folded.put("rows", Tensor.floats(kernel, 1, 2, 3));
        nodes.set(1, normalised);
        assertStandardised(write("folded.onnx", 17, nodes.subList(1, 4), folded));
        folded.put("rows", Tensor.floats(kernel, 3, 2, 1));
        assertContains(
                "BatchNormalization 'bn' is in training mode",
                refusal(write("three.onnx", 17, nodes.subList(1, 4), folded)));
    }

    private static void assertStandardised(Path file) {
        try (var model = new OnnxBackendProvider().open(file, Fixtures.options(1));
                var hook = model.hook("y", new HookOptions(VECTOR))) {
            var found = Batch.allocate(2, Shape.of(3));
            hook.represent(Batch.of(VECTOR, 1, 0, 0, 1), found);
            float[] byPyTorch = {-1.0690f, -0.2673f, 1.3363f, -1.7223f, 0.0959f, 3.1264f};
            assertArrayEquals(byPyTorch, found.toArray(), 1e-4f);
        }
    }

    /** Returns a chain of the same operator. */
    private static List<Node> chain(int length) {
        var nodes = new ArrayList<Node>();
        for (int i = 0; i < length; i++) {
            var from = i == 0 ? "x" : "t" + i;
            var to = i == length - 1 ? "y" : "t" + (i + 1);
            nodes.add(Node.of("Relu", "relu" + i, List.of(from), List.of(to), Map.of()));
        }
        return nodes;
    }

    @Test
    void aGraphOfTooManyStepsIsRefused() throws IOException {
        assertContains(
                "60000 of its operators depend on the values of the input, and the limit is 30000",
                refusal(write("chain.onnx", 18, chain(60_000), Map.of())));
    }

    @Test
    void aNodeOfTooManyOutputsIsRefused() throws IOException {
        var parts =
                IntStream.range(0, 20_000).mapToObj(i -> i == 0 ? "y" : "s" + i).toList();
        var split = Node.of("Split", "split", List.of("x"), parts, Map.of("num_outputs", new Attribute.OfInt(20_000)));
        assertContains(
                "its node Split 'split' has 20000 outputs, and the limit is 10000",
                refusal(write("split.onnx", 18, List.of(split), Map.of())));
    }

    /** Returns a model of functions, each of which calls the one before it twice. */
    private static OnnxModel doubling(int depth) {
        var functions = new ArrayList<Function>();
        for (int i = 0; i < depth; i++) {
            var domain = i == 0 ? "" : "own";
            var operator = i == 0 ? "Tanh" : "f" + (i - 1);
            var body = List.of(
                    new Node(domain, operator, "", List.of("a"), List.of("b"), Map.of(), Map.of()),
                    new Node(domain, operator, "", List.of("b"), List.of("c"), Map.of(), Map.of()));
            functions.add(new Function("own", "f" + i, List.of("a"), List.of("c"), Map.of(), body));
        }
        var call = new Node("own", "f" + (depth - 1), "", List.of("x"), List.of("y"), Map.of(), Map.of());
        var graph = new Graph(
                List.of(call),
                Map.of(),
                Map.of("x", TensorType.of(ElementType.FLOAT, -1, 2)),
                Map.of("y", TensorType.unranked(ElementType.FLOAT)));
        return new OnnxModel(graph, Map.of("", 18, "own", 1), functions, "");
    }

    @Test
    void functionsThatInlineToTooManyNodesAreRefused() {
        var refusal = assertThrows(OnnxFormatException.class, () -> FunctionInliner.inline(doubling(29)));
        assertContains("more than 100000 operators", refusal.getMessage());
    }

    @Test
    void callsOfFunctionsWithoutNodesAreCounted() {
        var model = doubling(60);
        var functions = new ArrayList<>(model.functions());
        functions.set(0, new Function("own", "f0", List.of("a"), List.of("c"), Map.of(), List.of()));
        var calls = new OnnxModel(model.graph(), model.opsets(), functions, "");
        var refusal = assertThrows(OnnxFormatException.class, () -> FunctionInliner.inline(calls));
        assertContains("more than 100000 operators", refusal.getMessage());
    }

    @Test
    void nodesOfNestedFunctionsHaveDifferentNames() {
        var inlined = FunctionInliner.inline(doubling(5)).graph();
        assertEquals(32, inlined.nodes().size());
        assertEquals(32, inlined.producers().size());
    }

    @Test
    void onlyLayersAfterRandomNumbersDrawThem() throws IOException {
        var shape = new Attribute.OfInts(List.of(1L));
        var nodes = List.of(
                Node.of("Relu", "relu", List.of("x"), List.of("a"), Map.of()),
                Node.of("RandomUniform", "noise", List.of(), List.of("n"), Map.of("shape", shape)),
                Node.of("Add", "add", List.of("a", "n"), List.of("y"), Map.of()));
        var file = write("rare.onnx", 18, nodes, Map.of());
        try (var model = new OnnxBackendProvider().open(file, Fixtures.options(1));
                var before = model.hook("a", new HookOptions(VECTOR));
                var after = model.hook("y", new HookOptions(VECTOR))) {
            assertFalse(before.drawsRandomNumbers());
            assertTrue(after.drawsRandomNumbers());
        }
    }

    @Test
    void randomNumbersThatWouldFillTheMemoryAreRefused() throws IOException {
        var shape = new Attribute.OfInts(List.of(40_000L, 40_000L));
        var nodes = List.of(
                Node.of("RandomNormal", "noise", List.of(), List.of("big"), Map.of("shape", shape)),
                Node.of("ReduceSum", "sum", List.of("big"), List.of("all"), Map.of()),
                Node.of("Add", "add", List.of("x", "all"), List.of("y"), Map.of()));
        assertContains(
                "the constant 'big' is float 40000x40000, which exceeds the limit",
                refusal(write("noise.onnx", 18, nodes, Map.of())));
    }

    @Test
    void attributesThatWouldEndTheProcessAreRefused() throws IOException {
        var image = Map.of("x", TensorType.of(ElementType.FLOAT, -1, 4, 8, 8));
        var pool = pool(List.of(2L, 2L), "pads", List.of(-1L, 0L, 0L, 0L));
        assertContains("'pool' (MaxPool) has negative 'pads'", refusal(write("crop.onnx", List.of(pool), image)));
        var blocks = Map.<String, Attribute>of("blocksize", new Attribute.OfInt(1L << 40));
        var depth = Node.of("DepthToSpace", "depth", List.of("x"), List.of("y"), blocks);
        assertContains(
                "'blocksize' of its node 'depth' (DepthToSpace) exceeds the limit",
                refusal(write("blocks.onnx", List.of(depth), image)));
        var batch = Map.<String, Attribute>of("batch_dims", new Attribute.OfInt(-7));
        var gather = Node.of("GatherND", "pick", List.of("x", "x"), List.of("y"), batch);
        assertContains(
                "'batch_dims' of its node 'pick' (GatherND) must not be negative",
                refusal(write("gather.onnx", List.of(gather), image)));
    }

    @Test
    void graphsThatAreNestedTooDeeplyAreReported() throws IOException {
        var innermost = Node.of("Tanh", "only", List.of("x"), List.of("y"), Map.of());
        var node = innermost;
        for (int depth = 0; depth < 100; depth++) {
            var inner =
                    new Graph(List.of(node), Map.of(), Map.of(), Map.of("y", TensorType.unranked(ElementType.FLOAT)));
            node = Node.of(
                    "If", "outer", List.of("x"), List.of("y"), Map.of("then_branch", new Attribute.OfGraph(inner)));
        }
        var input = Map.of("x", TensorType.of(ElementType.FLOAT, -1, 2));
        assertContains("its graphs are nested more than 64 deep", refusal(write("deep.onnx", List.of(node), input)));
    }

    @Test
    void aKernelForAnotherNumberOfChannelsIsReported() throws IOException {
        var kernel = Tensor.floats(new float[8], 2, 4, 1);
        var node = Node.of("Conv", "conv", List.of("x", "w"), List.of("y"), Map.of());
        var graph = new Graph(
                List.of(node),
                Map.of("w", kernel),
                Map.of("x", TensorType.of(ElementType.FLOAT, -1, 3, 5)),
                Map.of("y", TensorType.unranked(ElementType.FLOAT)));
        var bytes = OnnxWriter.write(new OnnxModel(graph, Map.of("", 17), List.of(), ""));
        var file = Files.write(folder.resolve("channels.onnx"), bytes);
        assertContains("its weights are for 4 channels and its input has 3", refusal(file, Shape.of(3, 5)));
    }

    @Test
    void aKernelOfAnotherRankIsReported() throws IOException {
        var sentence = refusal(write("rank.onnx", "Conv", 17, weights(1)));
        assertContains("rank.onnx", sentence);
        assertFalse(sentence.contains("Exception"), sentence);
    }
}
