package stir.backend.onnx.graph;

import java.util.List;
import java.util.Map;

/**
 * An operator that a model defines by a graph of other operators.
 *
 * @param domain the domain in which it is called
 * @param name the operator's name
 * @param inputs the formal inputs
 * @param outputs the formal outputs
 * @param defaults the attributes that have a default
 * @param nodes the body
 */
public record Function(
        String domain,
        String name,
        List<String> inputs,
        List<String> outputs,
        Map<String, Attribute> defaults,
        List<Node> nodes) {
    /** Copies all collections. */
    public Function {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        defaults = Map.copyOf(defaults);
        nodes = List.copyOf(nodes);
    }
}
