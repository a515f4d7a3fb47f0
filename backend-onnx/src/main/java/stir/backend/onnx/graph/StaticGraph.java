package stir.backend.onnx.graph;

import java.util.Map;

/**
 * A model for inputs of one shape.
 *
 * @param model the model, with constant parts evaluated
 * @param types the types of all tensors that do not depend on the input's values
 */
public record StaticGraph(OnnxModel model, Map<String, TensorType> types) {
    /** Copies the types. */
    public StaticGraph {
        types = Map.copyOf(types);
    }

    /** Returns the model's graph. */
    public Graph graph() {
        return model.graph();
    }

    /** Returns the same types with another graph over the same tensors. */
    public StaticGraph with(Graph graph) {
        return new StaticGraph(model.with(graph), types);
    }
}
