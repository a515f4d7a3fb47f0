package stir.backend.onnx.graph;

import java.util.HashSet;
import java.util.Set;

/**
 * The limits of a model, far above real networks: a small file can describe a graph of any size. A
 * model beyond them is refused before anything is computed. {@link stir.api.support.TensorSize} has
 * those of tensors.
 */
public final class ModelLimits {
    /** The limit of all nodes, with those of inlined functions and subgraphs. */
    public static final int NODES = 100_000;

    /** The limit of the nodes that compute with values of the input, shapes excluded. */
    public static final int STEPS = 30_000;

    /** The limit of the outputs of one node. */
    public static final int OUTPUTS = 10_000;

    /** The limit of the rounds of a loop that is unfolded. */
    public static final int ROUNDS = 1024;

    /** The limit of the depth of nested graphs, and of nested calls of functions. */
    public static final int DEPTH = 64;

    private int nodes;

    /** Creates a count of nodes that begins with 0. */
    public ModelLimits() {}

    /**
     * Counts a node.
     *
     * @throws OnnxFormatException if there are too many nodes, or if it has too many outputs
     */
    public void count(Node node) {
        if (++nodes > NODES) {
            throw new OnnxFormatException(
                    "it has more than %d operators, with those of its functions".formatted(NODES));
        }
        if (node.outputs().size() > OUTPUTS) {
            throw new OnnxFormatException("its node %s has %d outputs, and the limit is %d"
                    .formatted(node, node.outputs().size(), OUTPUTS));
        }
    }

    /**
     * Checks the number of nodes that compute with values of a graph's input.
     *
     * @throws OnnxFormatException if there are too many
     */
    public static void requireFewSteps(Graph graph) {
        Set<String> values = new HashSet<>(graph.inputs().keySet());
        int steps = 0;
        for (var node : graph.nodes()) {
            if (!node.is("Shape", "Size") && node.reads().anyMatch(values::contains)) {
                node.writes().forEach(values::add);
                steps++;
            }
        }
        if (steps > STEPS) {
            throw new OnnxFormatException(
                    "%d of its operators depend on the values of the input, and the limit is %d: shorten the input if loops over it are unfolded"
                            .formatted(steps, STEPS));
        }
    }
}
