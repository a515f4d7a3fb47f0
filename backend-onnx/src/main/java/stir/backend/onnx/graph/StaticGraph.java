package stir.backend.onnx.graph;

import java.util.Map;

/**
 * A model for inputs of one shape.
 *
 * @param model the model, with nothing left in it that is constant
 * @param types the type of every tensor, as far as it does not depend on the input's values
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

    /** Returns the same types with another graph, whose tensors are among them. */
    public StaticGraph with(Graph graph) {
        return new StaticGraph(model.with(graph), types);
    }
}
