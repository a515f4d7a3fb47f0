package stir.backend.tf.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/**
 * The nodes that depend on the input's values through floating-point tensors, since shapes and
 * indices have no derivative.
 */
public final class ValuePath {
    /** Operations of control flow, which the C++ gradients do not support. */
    private static final Set<String> CONTROL_FLOW =
            Set.of(("Switch Merge Enter Exit NextIteration If StatelessIf While" + " StatelessWhile Case StatelessCase")
                    .split(" ", -1));

    private final Set<String> nodes = new HashSet<>();
    private final Set<String> differentiable = new HashSet<>();
    private final Map<String, NodeDef> obstacles = new HashMap<>();

    public ValuePath(FlatGraph graph, String input, OpRegistry ops) {
        nodes.add(input);
        differentiable.add(input);
        for (NodeDef node : graph.nodes().values()) {
            for (TensorName producer : FlatGraph.inputs(node)) {
                if (nodes.contains(producer.node())
                        && hasValues(ops.outputType(graph.node(producer.node()), producer.index()))) {
                    add(node, producer.node(), ops);
                }
            }
        }
    }

    /** Returns whether a type can hold the input's values, as the lists of loops do. */
    private static boolean hasValues(DataType type) {
        return OpRegistry.isFloating(type) || type == DataType.DT_VARIANT;
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

    /** Returns whether a node's values depend on the input's. */
    public boolean contains(String node) {
        return nodes.contains(node);
    }

    /** Returns why there is no gradient from a node to the input; empty if there is one. */
    public Optional<String> obstacle(String node) {
        if (!differentiable.contains(node)) {
            return Optional.of("It does not depend on the input through operations with gradients.");
        }
        var blocking = obstacles.get(node);
        if (blocking == null) {
            return Optional.empty();
        }
        return Optional.of(
                CONTROL_FLOW.contains(blocking.getOp())
                        ? "The control flow %s (%s) depends on values, so it has no gradient in TensorFlow's C++ library."
                                .formatted(blocking.getName(), blocking.getOp())
                        : "The operation %s (%s) has no gradient in TensorFlow's C++ library."
                                .formatted(blocking.getOp(), blocking.getName()));
    }
}
