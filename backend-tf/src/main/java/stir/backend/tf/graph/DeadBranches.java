package stir.backend.tf.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.NodeDef;

/**
 * A removal of the {@code Switch} and {@code Merge} nodes of TensorFlow 1 whose condition is
 * constant (a learning phase that defaults to inference). A {@code Switch} becomes its data, a
 * {@code Merge} its only live branch, and control dependencies, which are then unnecessary, are
 * removed. If any condition is computed when the graph runs, the graph stays unchanged.
 */
public final class DeadBranches {
    private final FlatGraph graph;
    private final Set<String> dead = new HashSet<>();
    private final Map<String, Boolean> switches = new HashMap<>();

    private DeadBranches(FlatGraph graph) {
        this.graph = graph;
    }

    public static FlatGraph resolve(FlatGraph graph) {
        boolean hasSwitches =
                graph.nodes().values().stream().anyMatch(node -> node.getOp().equals("Switch"));
        return hasSwitches ? new DeadBranches(graph).resolve() : graph;
    }

    private FlatGraph resolve() {
        var alive = new ArrayList<NodeDef>();
        for (NodeDef node : graph.nodes().values()) {
            var kept = switch (node.getOp()) {
                case "Switch" -> resolveSwitch(node);
                case "Merge" -> resolveMerge(node);
                default -> node;
            };
            var inputs = node.getInputList().stream().map(TensorName::parse);
            boolean isDead =
                    node.getOp().equals("Merge") ? inputs.allMatch(this::isDead) : inputs.anyMatch(this::isDead);
            if (kept == null && !isDead) {
                return graph;
            }
            if (kept == null || isDead) {
                dead.add(node.getName());
            } else {
                alive.add(withoutControl(kept));
            }
        }
        return graph.with(alive);
    }

    private boolean isDead(TensorName tensor) {
        var taken = switches.get(tensor.node());
        return dead.contains(tensor.node())
                || (taken != null && !tensor.isControl() && tensor.index() != (taken ? 1 : 0));
    }

    private @Nullable NodeDef resolveSwitch(NodeDef node) {
        var condition = graph.node(TensorName.parse(node.getInput(1)).node());
        while (CallScope.PASSING.contains(condition.getOp())) {
            condition = graph.node(TensorName.parse(condition.getInput(0)).node());
        }
        var taken = Constants.flag(condition);
        if (taken == null) {
            return null;
        }
        switches.put(node.getName(), taken);
        return identity(node, node.getInput(0));
    }

    private @Nullable NodeDef resolveMerge(NodeDef node) {
        List<TensorName> living =
                FlatGraph.inputs(node).stream().filter(input -> !isDead(input)).toList();
        return living.size() == 1 ? identity(node, living.get(0).toString()) : null;
    }

    /** Replaces a node by an identity; consumers of a Switch's dead output are dead, too. */
    private static NodeDef identity(NodeDef node, String input) {
        return NodeBuilders.node("Identity", node.getName(), input)
                .putAttr("T", node.getAttrOrThrow("T"))
                .build();
    }

    private NodeDef withoutControl(NodeDef node) {
        var builder = node.toBuilder().clearInput();
        for (TensorName input : FlatGraph.inputs(node)) {
            builder.addInput(switches.containsKey(input.node()) ? input.node() : input.toString());
        }
        return builder.build();
    }
}
