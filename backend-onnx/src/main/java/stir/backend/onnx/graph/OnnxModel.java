package stir.backend.onnx.graph;

import java.util.List;
import java.util.Map;

/**
 * A graph with the versions of its operator sets.
 *
 * @param opsets versions by domain; ONNX's own domain is the empty one
 * @param functions operators that the model defines itself
 * @param producer the program that wrote it, with its version; empty if unknown
 */
public record OnnxModel(Graph graph, Map<String, Integer> opsets, List<Function> functions, String producer) {
    /** Copies all collections. */
    public OnnxModel {
        opsets = Map.copyOf(opsets);
        functions = List.copyOf(functions);
    }

    /** Returns the version of ONNX's own operators. */
    public int opset() {
        return opsets.getOrDefault("", 1);
    }

    /** Returns a copy of this model with another graph. */
    public OnnxModel with(Graph newGraph) {
        return new OnnxModel(newGraph, opsets, functions, producer);
    }
}
