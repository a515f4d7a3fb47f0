package stir.backend.tf.graph;

import org.tensorflow.proto.NodeDef;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the input's values flow through: along tensors of floating-point numbers, since shapes and
 * indices carry no derivative.
 */
public final class ValuePath {
    /** Control flow on values, which the C++ gradients can't follow. */
    private static final Set<String> CONTROL_FLOW =
            Set.of(
                    "Switch",
                    "Merge",
                    "Enter",
                    "Exit",
                    "NextIteration",
                    "If",
                    "StatelessIf",
                    "While",
                    "StatelessWhile",
                    "Case",
                    "StatelessCase");

    private final Set<String> nodes = new HashSet<>();
    private final Set<String> differentiable = new HashSet<>();
    private final Map<String, NodeDef> obstacles = new HashMap<>();

    public ValuePath(FlatGraph graph, String input, OpRegistry ops) {
        nodes.add(input);
        differentiable.add(input);
        for (NodeDef node : graph.nodes().values()) {
            for (TensorName producer : FlatGraph.inputs(node)) {
                if (nodes.contains(producer.node())
                        && OpRegistry.isFloating(
                                ops.outputType(graph.node(producer.node()), producer.index()))) {
                    add(node, producer.node(), ops);
                }
            }
        }
    }

    private void add(NodeDef node, String producer, OpRegistry ops) {
        var name = node.getName();
        nodes.add(name);
        if (!differentiable.contains(producer) || node.getOp().equals("StopGradient")) {
            return;
        }
        differentiable.add(name);
        if (obstacles.containsKey(producer)) {
            obstacles.putIfAbsent(name, obstacles.get(producer));
        } else if (CONTROL_FLOW.contains(node.getOp()) || !ops.hasGradient(node.getOp())) {
            obstacles.putIfAbsent(name, node);
        }
    }

    /** Whether a node's values depend on the input's. */
    public boolean contains(String node) {
        return nodes.contains(node);
    }

    /** Why there is no gradient from a node to the input; empty if there is one. */
    public Optional<String> obstacle(String node) {
        if (!differentiable.contains(node)) {
            return Optional.of("Nothing that has a gradient leads from the input to it.");
        }
        var blocking = obstacles.get(node);
        if (blocking == null) {
            return Optional.empty();
        }
        return Optional.of(
                CONTROL_FLOW.contains(blocking.getOp())
                        ? "The control flow %s (%s) depends on values, and such has no gradient in TensorFlow's C++ library."
                                .formatted(blocking.getName(), blocking.getOp())
                        : "The operation %s (%s) has no gradient in TensorFlow's C++ library."
                                .formatted(blocking.getOp(), blocking.getName()));
    }
}
