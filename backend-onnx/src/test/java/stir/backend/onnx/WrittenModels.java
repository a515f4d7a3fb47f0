package stir.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.Shape;
import stir.api.StirException;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.OnnxWriter;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/** Small models that tests write, and what is said where they are refused. */
abstract class WrittenModels {
    static final Shape VECTOR = Shape.of(2);

    @TempDir
    Path folder;

    /** Writes a network of one dense layer between two layers for hooks. */
    Path write(String name, String operator, int opset, Tensor weights) throws IOException {
        var graph = new Graph(
                List.of(
                        Node.of("Tanh", "first", List.of("x"), List.of("a"), Map.of()),
                        Node.of(operator, "dense", List.of("a", "w"), List.of("b"), Map.of()),
                        Node.of("Tanh", "last", List.of("b"), List.of("y"), Map.of())),
                Map.of("w", weights),
                Map.of("x", TensorType.of(ElementType.FLOAT, -1, 2)),
                Map.of("y", TensorType.unranked(ElementType.FLOAT)));
        var bytes = OnnxWriter.write(new OnnxModel(graph, Map.of("", opset), List.of(), ""));
        return Files.write(folder.resolve(name), bytes);
    }

    Path write(String name, List<Node> nodes, Map<String, TensorType> inputs) throws IOException {
        var outputs = Map.of("y", TensorType.unranked(ElementType.UNDEFINED));
        var graph = new Graph(nodes, Map.of(), inputs, outputs);
        var bytes = OnnxWriter.write(new OnnxModel(graph, Map.of("", 17), List.of(), ""));
        return Files.write(folder.resolve(name), bytes);
    }

    static Tensor weights(float first) {
        return Tensor.floats(new float[] {first, 1, 2, 3}, 2, 2);
    }

    static String refusal(Path file) {
        return refusal(file, VECTOR);
    }

    static String refusal(Path file, Shape shape) {
        StirException refusal = assertThrows(DataException.class, () -> {
            try (var model = new OnnxBackendProvider().open(file, Fixtures.options(1));
                    var hook = model.hook("y", new HookOptions(shape))) {
                assertEquals("y", hook.layer().name());
            }
        });
        var message = refusal.getMessage();
        assertFalse(message.contains("\n"), message);
        assertTrue(message.length() < 500, message);
        assertTrue(message.endsWith("."), message);
        return message;
    }

    static void assertContains(String part, String message) {
        assertTrue(message.contains(part), message);
    }

    Path write(String name, int opset, List<Node> nodes, Map<String, Tensor> initialisers) throws IOException {
        var graph = new Graph(
                nodes,
                initialisers,
                Map.of("x", TensorType.of(ElementType.FLOAT, -1, 2)),
                Map.of("y", TensorType.unranked(ElementType.FLOAT)));
        var bytes = OnnxWriter.write(new OnnxModel(graph, Map.of("", opset), List.of(), ""));
        return Files.write(folder.resolve(name), bytes);
    }
}
