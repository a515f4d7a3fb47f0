package stir.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Layer;
import stir.api.Model;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.contract.Numerical;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.OnnxWriter;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/** Unusual forms in which networks are exported. */
@Numerical
class ExportsTest {
    private static final TensorType UNKNOWN = TensorType.unranked(ElementType.UNDEFINED);

    @TempDir
    Path folder;

    private static Node node(String operator, String output, String... inputs) {
        return Node.of(operator, output, List.of(inputs), List.of(output), Map.of());
    }

    private Model open(List<Node> nodes, Map<String, Tensor> weights, Map<String, TensorType> inputs, String... outputs)
            throws IOException {
        var results = new LinkedHashMap<String, TensorType>();
        for (var output : outputs) {
            results.put(output, UNKNOWN);
        }
        var graph = new Graph(nodes, weights, inputs, results);
        var bytes = OnnxWriter.write(new OnnxModel(graph, Map.of("", 17), List.of(), ""));
        var file = Files.write(folder.resolve("model.onnx"), bytes);
        return new OnnxBackendProvider().open(file, Fixtures.options(1));
    }

    private static Map<String, TensorType> input(long... dims) {
        return Map.of("x", TensorType.of(ElementType.FLOAT, dims));
    }

    @Test
    void aLongRowWithReflectedEndsHasAGradientWithoutAMatrix() throws IOException {
        int length = 50_000; // the square exceeds the range of int
        var pad = node("Pad", "y", "x", "pads").with("mode", new Attribute.OfText("reflect"));
        var pads = Map.of("pads", Tensor.longs(new long[] {0, 2, 0, 3}, 4));
        var shape = Shape.of(length);
        try (var model = open(List.of(pad), pads, input(-1, length), "y");
                var hook = model.hook("y", new HookOptions(shape))) {
            var cotangents = Batch.allocate(1, hook.layer().shape());
            for (int i = 0; i < length + 5; i++) {
                cotangents.set(0, i, i + 1);
            }
            var gradients = Batch.allocate(1, shape);
            hook.pullback(Batch.allocate(1, shape), cotangents, gradients);
            var expected = new float[length];
            for (int i = 0; i < length; i++) {
                expected[i] = i + 3;
            }
            expected[2] += 1; // the row begins with x[2], x[1], x[0], x[1] ...
            expected[1] += 2;
            expected[length - 2] += length + 3; // ... and ends with x[-1], x[-2], x[-3], x[-4]
            expected[length - 3] += length + 4;
            expected[length - 4] += length + 5;
            assertArrayEquals(expected, gradients.toArray());
        }
    }

    /** BiT has such a padding; ONNX Runtime 1.29 would merge it into the pooling. */
    @Test
    void aZeroPaddingBeforeAMaximumPoolingIsKept() throws IOException {
        var pool = node("MaxPool", "y", "padded")
                .with("kernel_shape", new Attribute.OfInts(List.of(2L, 2L)))
                .with("strides", new Attribute.OfInts(List.of(2L, 2L)));
        var nodes = List.of(node("Neg", "a", "x"), node("Pad", "padded", "a", "pads"), pool);
        var pads = Map.of("pads", Tensor.longs(new long[] {0, 0, 1, 1, 0, 0, 1, 1}, 8));
        var shape = Shape.of(1, 2, 2);
        try (var model = open(nodes, pads, input(-1, 1, 2, 2), "y");
                var hook = model.hook("y", new HookOptions(shape))) {
            var inputs = Batch.of(shape, 1, 2, 3, 4);
            var found = Batch.allocate(1, hook.layer().shape());
            hook.represent(inputs, found);
            assertArrayEquals(new float[4], found.toArray());
        }
    }

    private static Node scaler(String input, String output) {
        var attributes = Map.<String, Attribute>of(
                "offset", new Attribute.OfFloats(List.of(1f, 2f)),
                "scale", new Attribute.OfFloats(List.of(2f, 0.5f)));
        return new Node("ai.onnx.ml", "Scaler", output, List.of(input), List.of(output), attributes, Map.of());
    }

    /** Pipelines of scikit-learn begin so, by skl2onnx. */
    @Test
    void columnsScaledByScikitLearnHaveAShapeAndAGradient() throws IOException {
        var twice = List.of(scaler("x", "scaled"), scaler("scaled", "y"));
        var shape = Shape.of(2);
        try (var model = open(twice, Map.of(), input(-1, 2), "y");
                var hook = model.hook("y", new HookOptions(shape))) {
            assertTrue(
                    model.layers(shape).stream().anyMatch(layer -> layer.name().equals("y")));
            var inputs = Batch.of(shape, 3, 5);
            var found = Batch.allocate(1, hook.layer().shape());
            hook.represent(inputs, found);
            assertArrayEquals(new float[] {6, -0.25f}, found.toArray());
            var gradients = Batch.allocate(1, shape);
            hook.pullback(inputs, Batch.of(shape, 1, 1), gradients);
            assertArrayEquals(new float[] {4, 0.25f}, gradients.toArray());
        }
    }

    @Test
    void freeSizesAreReportedWithAnExample() throws IOException {
        try (var model = open(List.of(node("Relu", "y", "x")), Map.of(), input(-1, 3, -1, -1), "y")) {
            var free = model.input().shape();
            var refusal =
                    assertThrows(UsageException.class, () -> model.layers(free)).getMessage();
            assertEquals(
                    folder.resolve("model.onnx")
                            + " takes inputs of shape 3x?x?, dynamic at ?: specify the shape, such as 3x224x224.",
                    refusal);
            assertEquals(1, model.layers(Shape.of(3, 8, 8)).size());
        }
    }

    @Test
    void anUnstatedShapeIsAskedFor() throws IOException {
        var unranked = Map.of("x", TensorType.unranked(ElementType.FLOAT));
        try (var model = open(List.of(node("Relu", "y", "x")), Map.of(), unranked, "y")) {
            var refusal = assertThrows(
                    UsageException.class, () -> model.layers(model.input().shape()));
            assertEquals(
                    folder.resolve("model.onnx")
                            + " does not specify the shape of its inputs: specify it, such as 3x224x224.",
                    refusal.getMessage());
        }
    }

    /** SqueezeNet has such a classifier. */
    @Test
    void aConvolutionOfOnePixelBeforeThePoolingIsTheClassifier() throws IOException {
        var nodes = List.of(
                node("Conv", "a", "x", "first"),
                node("Relu", "b", "a"),
                node("Dropout", "c", "b"),
                node("Conv", "d", "c", "last"),
                node("Relu", "e", "d"),
                node("GlobalAveragePool", "f", "e"),
                node("Flatten", "y", "f"));
        var weights = Map.of(
                "first", Tensor.floats(new float[2 * 3 * 9], 2, 3, 3, 3),
                "last", Tensor.floats(new float[5 * 2], 5, 2, 1, 1));
        try (var model = open(nodes, weights, input(-1, 3, 8, 8), "y")) {
            assertEquals(Optional.of("b"), model.defaultLayer());
        }
    }

    /**
     * Networks that detect notes in audio have such a classifier; features that end in a
     * convolution have none.
     */
    @Test
    void aConvolutionThatPrecedesProbabilitiesIsTheClassifier() throws IOException {
        var nodes = List.of(
                node("Conv", "a", "x", "first"),
                node("Relu", "b", "a"),
                node("Conv", "c", "b", "last"),
                node("Sigmoid", "d", "c"),
                node("Flatten", "y", "d"));
        var weights = Map.of(
                "first", Tensor.floats(new float[2 * 3 * 9], 2, 3, 3, 3),
                "last", Tensor.floats(new float[2 * 9], 1, 2, 3, 3));
        try (var model = open(nodes, weights, input(-1, 3, 8, 8), "y")) {
            assertEquals(Optional.of("b"), model.defaultLayer());
        }
        try (var model = open(nodes.subList(0, 3), weights, input(-1, 3, 8, 8), "c")) {
            assertEquals(Optional.empty(), model.defaultLayer());
        }
    }

    @Test
    void classifiersOfOneTensorHaveADefaultLayerAndOthersHaveNone() throws IOException {
        var weights = Map.of("w", Tensor.floats(new float[4], 2, 2));
        var nodes = List.of(
                node("Tanh", "a", "x"),
                node("MatMul", "logits", "a", "w"),
                node("Sigmoid", "b", "a"),
                node("MatMul", "other", "b", "w"),
                node("MatMul", "alike", "a", "w"),
                node("Add", "mean", "logits", "other"));
        try (var model = open(nodes, weights, input(-1, 2), "logits", "other")) {
            assertEquals(Optional.empty(), model.defaultLayer());
        }
        try (var model = open(nodes, weights, input(-1, 2), "mean")) {
            assertEquals(Optional.empty(), model.defaultLayer());
        }
        try (var model = open(nodes, weights, input(-1, 2), "logits", "alike")) {
            assertEquals(Optional.of("a"), model.defaultLayer());
        }
        try (var model = open(nodes, weights, input(-1, 2), "logits", "a")) {
            assertEquals(Optional.of("a"), model.defaultLayer(), "features beside the classes");
        }
    }

    /** Encoders end with pooling, a normalisation or an activation. */
    @Test
    void theOnlyOutputOfAnEncoderIsItsDefaultLayer() throws IOException {
        var nodes = List.of(
                node("Conv", "a", "x", "first"),
                node("Relu", "b", "a"),
                node("GlobalAveragePool", "c", "b"),
                node("Flatten", "y", "c"));
        var threePixels = Map.of("first", Tensor.floats(new float[2 * 3 * 9], 2, 3, 3, 3));
        try (var model = open(nodes, threePixels, input(-1, 3, 8, 8), "y")) {
            assertEquals(Optional.of("y"), model.defaultLayer());
        }
        try (var model = open(nodes, threePixels, input(-1, 3, 8, 8), "y", "b")) {
            assertEquals(Optional.empty(), model.defaultLayer(), "one of two outputs");
        }
        var dense = Map.of("w", Tensor.floats(new float[4], 2, 2));
        var tokens = List.of(node("Tanh", "a", "x"), node("MatMul", "b", "a", "w"), node("ReduceMean", "y", "b"));
        try (var model = open(tokens, dense, input(-1, 3, 2), "y")) {
            assertEquals(Optional.empty(), model.defaultLayer(), "the mean of classes");
        }
        var activated = List.of(node("Tanh", "a", "x"), node("MatMul", "b", "a", "w"), node("Relu", "y", "b"));
        try (var model = open(activated, dense, input(-1, 2), "y")) {
            assertEquals(Optional.of("y"), model.defaultLayer());
        }
    }

    @Test
    void aNetworkThatScalesOverItsBatchTakesOneInputPerPass() throws IOException {
        var quantise =
                Node.of("DynamicQuantizeLinear", "quantise", List.of("x"), List.of("q", "scale", "zero"), Map.of());
        var restore = Node.of("DequantizeLinear", "restore", List.of("q", "scale", "zero"), List.of("y"), Map.of());
        try (var model = open(List.of(quantise, restore), Map.of(), input(-1, 2), "y");
                var hook = model.hook("y", HookOptions.withoutGradients(Shape.of(2)))) {
            assertEquals(OptionalInt.of(1), model.input().batch());
            assertEquals(OptionalInt.of(1), hook.batch());
        }
    }

    @Test
    void unusedInputsAreIgnored() throws IOException {
        var inputs = new LinkedHashMap<>(input(-1, 2));
        inputs.put("unused", TensorType.of(ElementType.INT64, 1));
        try (var model = open(List.of(node("Tanh", "y", "x")), Map.of(), inputs, "y")) {
            assertEquals(Shape.of(2), model.input().shape());
        }
    }

    @Test
    void imagesOfBytesThatAreMovedAndThenConvertedAreAcceptedAsRealNumbers() throws IOException {
        var move = node("Transpose", "a", "x").with("perm", new Attribute.OfInts(List.of(0L, 3L, 1L, 2L)));
        var cast = node("Cast", "b", "a").with("to", new Attribute.OfInt(ElementType.FLOAT.code()));
        var scale = node("Div", "y", "b", "scale");
        var weights = Map.of("scale", Tensor.floats(new float[] {255}));
        var bytes = Map.of("x", TensorType.of(ElementType.UINT8, -1, 2, 2, 3));
        var shape = Shape.of(2, 2, 3);
        try (var model = open(List.of(move, cast, scale), weights, bytes, "y");
                var hook = model.hook("y", new HookOptions(shape))) {
            var image = Batch.allocate(1, shape);
            image.set(0, 1, 51);
            var found = Batch.allocate(1, hook.layer().shape());
            hook.represent(image, found);
            assertEquals(Shape.of(3, 2, 2), hook.layer().shape());
            assertEquals(0.2f, found.get(0, 4), 1e-6f);
        }
    }

    /** The runtime reports the expanded tensor, whose rank is unknown, like a scalar. */
    @Test
    void aTensorOfUnknownRankIsNotTakenForAScalar() throws IOException {
        var nodes = List.of(
                node("Concat", "three", "one", "one", "one").with("axis", new Attribute.OfInt(0)),
                node("Shape", "length", "three"),
                node("ConstantOfShape", "ones", "length")
                        .with("value", new Attribute.OfTensor(Tensor.longs(new long[] {1}, 1))),
                node("Expand", "wide", "w", "ones"),
                node("Shape", "shape", "wide"),
                node("Slice", "front", "shape", "zero", "two"),
                node("Concat", "to", "front", "rest").with("axis", new Attribute.OfInt(0)),
                node("Reshape", "offsets", "wide", "to"),
                node("Concat", "both", "offsets", "offsets").with("axis", new Attribute.OfInt(2)),
                node("Unsqueeze", "column", "x", "rest"),
                node("Add", "y", "column", "both"));
        var weights = Map.of(
                "w", Tensor.floats(new float[] {1, 2}, 2, 1),
                "one", Tensor.longs(new long[] {1}, 1),
                "zero", Tensor.longs(new long[] {0}, 1),
                "two", Tensor.longs(new long[] {2}, 1),
                "rest", Tensor.longs(new long[] {-1}, 1));
        try (var model = open(nodes, weights, input(-1, 2), "y")) {
            var layers = model.layers(Shape.of(2)).stream().map(Layer::shape).toList();
            assertEquals(List.of(Shape.of(2, 1), Shape.of(2, 2)), layers);
        }
    }
}
