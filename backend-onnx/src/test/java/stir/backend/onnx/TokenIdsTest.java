package stir.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.Model;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.api.UsageException;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.OnnxWriter;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/** Networks whose input holds whole numbers, with an optional mask of whole numbers. */
class TokenIdsTest extends WrittenModels {
    private static final Shape IDS = Shape.of(3);
    private static final float[] EMBEDDINGS = {0, 0, 0.5f, -1, 2, 4, -0.25f, 8};

    private Path write(ElementType type, boolean masked) throws IOException {
        var nodes = List.of(
                Node.of("Gather", "embed", List.of("w", "ids"), List.of("e"), Map.of()),
                Node.of("Cast", "cast", List.of("mask"), List.of("c"), to(1)),
                Node.of("Unsqueeze", "widen", List.of("c", "axis"), List.of("u"), Map.of()),
                Node.of("Mul", "masked", List.of("e", "u"), List.of("k"), Map.of()),
                Node.of(
                        "ReduceSum",
                        "sum",
                        List.of(masked ? "k" : "e", "first"),
                        List.of("s"),
                        Map.of("keepdims", new Attribute.OfInt(0))),
                Node.of("Tanh", "last", List.of("s"), List.of("y"), Map.of()));
        var inputs = new LinkedHashMap<String, TensorType>();
        if (masked) {
            inputs.put("mask", TensorType.of(ElementType.INT64, -1, 3));
        }
        inputs.put("ids", TensorType.of(type, -1, 3));
        var graph = new Graph(
                masked ? nodes : List.of(nodes.get(0), nodes.get(4), nodes.get(5)),
                Map.of(
                        "w", Tensor.floats(EMBEDDINGS, 4, 2),
                        "axis", Tensor.longs(new long[] {-1}, 1),
                        "first", Tensor.longs(new long[] {1}, 1)),
                inputs,
                Map.of("y", TensorType.unranked(ElementType.FLOAT)));
        var bytes = OnnxWriter.write(new OnnxModel(graph, Map.of("", 17), List.of(), ""));
        return Files.write(folder.resolve("ids.onnx"), bytes);
    }

    private static Map<String, Attribute> to(int type) {
        return Map.of("to", new Attribute.OfInt(type));
    }

    private static Model open(Path file, SideInputs inputs) {
        return new OnnxBackendProvider().open(file, Fixtures.options(1), inputs);
    }

    private static float[] represent(Model model, Batch ids) {
        try (var hook = model.hook("s", HookOptions.withoutGradients(IDS))) {
            var sums = Batch.allocate(ids.rows(), Shape.of(2));
            hook.represent(ids, sums);
            return sums.toArray();
        }
    }

    /** Shares of a range, multiplied by its width, miss whole numbers by some rounding. */
    @ParameterizedTest
    @EnumSource(names = {"INT32", "INT64"})
    void valuesAreThoseOfTheNearestIds(ElementType type) throws IOException {
        try (var model = open(write(type, false), SideInputs.NONE)) {
            assertTrue(model.takesWholeNumbers());
            assertEquals("ids", model.input().name());
            var ids = Batch.of(IDS, 1, 1.9999f, 3.0001f, 0, 0, 2);
            assertArrayEquals(new float[] {2.25f, 11, 2, 4}, represent(model, ids));
        }
    }

    @Test
    void aMaskOfIntegersIsGivenByRowsOrAsAConstant() throws IOException {
        var file = write(ElementType.INT64, true);
        var ids = Batch.of(IDS, 1, 2, 3, 3, 3, 2);
        var mask = Batch.of(IDS, 1, 1, 0, 0, 0, 1);
        var integer = SideInputs.Type.INTEGER;
        var rows = new SideInputs.Side(integer, false, mask.slice(0, 1));
        try (var model = open(file, new SideInputs(Optional.empty(), Map.of("mask", rows)))) {
            assertEquals("ids", model.input().name());
            assertArrayEquals(new float[] {2.5f, 3, 2, 4}, represent(model, ids.withSide(Map.of("mask", mask))));
        }
        var one = new SideInputs.Side(integer, true, Batch.of(Shape.of(), 1));
        try (var model = open(file, new SideInputs(Optional.of("ids"), Map.of("mask", one)))) {
            assertArrayEquals(new float[] {2.25f, 11, 1.5f, 20}, represent(model, ids));
        }
        var refusal = assertThrows(
                UsageException.class, () -> open(file, SideInputs.NONE).close());
        assertContains("mask and ids could be searched", refusal.getMessage());
    }

    @Test
    void thereIsNoGradient() throws IOException {
        try (var model = open(write(ElementType.INT64, false), SideInputs.NONE)) {
            var refusal = assertThrows(DataException.class, () -> model.hook("s", new HookOptions(IDS)));
            assertContains(
                    "ids.onnx requires integers as 'ids', so 's' has no gradient: use pairs of inputs",
                    refusal.getMessage());
            var layers = model.layers(IDS);
            assertFalse(layers.isEmpty());
            layers.forEach(layer -> assertEquals(Optional.of("The input 'ids' requires integers."), layer.obstacle()));
        }
        try (var model = open(write("f.onnx", "MatMul", 17, weights(1)), SideInputs.NONE)) {
            assertFalse(model.takesWholeNumbers());
        }
    }
}
