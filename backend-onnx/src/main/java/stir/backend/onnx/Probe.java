package stir.backend.onnx;

import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.OnnxWriter;
import stir.backend.onnx.graph.TensorType;
import stir.backend.onnx.rewrite.OpsetRaiser;

import java.util.List;
import java.util.Map;

/** A minimal model for trying a device. */
final class Probe {
    private Probe() {}

    static byte[] model() {
        var type = TensorType.of(ElementType.FLOAT, 1);
        var node = Node.of("Relu", "relu", List.of("x"), List.of("y"), Map.of());
        var graph = new Graph(List.of(node), Map.of(), Map.of("x", type), Map.of("y", type));
        return OnnxWriter.write(new OnnxModel(graph, Map.of("", OpsetRaiser.TARGET), List.of()));
    }
}
