package stir.backend.tf.graph;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.tensorflow.proto.NodeDef;
import stir.api.DataException;

/**
 * The operations that change a variable whenever a network runs, although nothing may read their
 * results: with them, a result depends on the earlier ones.
 *
 * @param changed the changing nodes, by the changed nodes in the flat graph; grows while a graph is
 *     being flattened
 */
public record StateChanges(Map<String, NodeDef> changed) {
    private static final Pattern OPERATIONS =
            Pattern.compile("(Resource)?(Sparse)?(Assign|Apply|Scatter(Nd)?(Add|Sub|Mul|Div|Min|Max|Update)"
                    + "|StridedSliceAssign|CountUpTo).*"
                    + "|Inplace.*|Rng.*|LookupTable(Insert|Import|Remove).*");

    /** Operations that pass a variable on. */
    private static final Set<String> PASSING =
            Set.of("Identity", "RefIdentity", "Switch", "RefSwitch", "Enter", "RefEnter");

    /** The maximum number of nodes that pass a variable on; more are a defect. */
    private static final int MAX_CHAIN = 1000;

    static boolean isChange(NodeDef node) {
        return OPERATIONS.matcher(node.getOp()).matches();
    }

    /** Adds the variable that a node changes, or those that its functions might change. */
    void add(NodeDef node, CallScope scope) {
        boolean isChange = isChange(node);
        var inputs = node.getInputList().stream().filter(input -> !input.startsWith("^"));
        for (var input : inputs.limit(isChange ? 1 : Integer.MAX_VALUE).toList()) {
            var source = scope.resolve(input);
            for (int i = 0; PASSING.contains(source.node().getOp()) && i < MAX_CHAIN; i++) {
                source = source.scope().resolve(source.node().getInput(0));
            }
            if (isChange || source.node().getOp().equals("VarHandleOp")) {
                changed.putIfAbsent(source.name().node(), node);
            }
        }
    }

    /**
     * Checks that a network reads nothing that changes.
     *
     * @param flat the graph with all its variables
     * @param kept the part of it that computes the network
     * @throws DataException if a node of that part reads what another node changes
     */
    public void requireUnread(FlatGraph flat, FlatGraph kept) {
        var consumers = flat.consumers();
        var changed = new HashMap<>(changed());
        for (NodeDef node : flat.nodes().values()) { // of TensorFlow 1, without dead branches
            if (isChange(node)) {
                var source = flat.node(TensorName.parse(node.getInput(0)).node());
                while (PASSING.contains(source.getOp())) {
                    source = flat.node(TensorName.parse(source.getInput(0)).node());
                }
                changed.putIfAbsent(source.getName(), node);
            }
        }
        changed.forEach((name, node) -> {
            boolean isRead = consumers.containsKey(name)
                    && consumers.get(name).stream().anyMatch(reader -> kept.contains(reader.getName()));
            if (isRead) {
                throw new DataException(
                        "The operation %s (node %s) changes '%s', which the network reads, so that its results depend on earlier ones: export the network for inference (training=False), without a state that it changes."
                                .formatted(node.getOp(), node.getName(), name));
            }
        });
    }
}
