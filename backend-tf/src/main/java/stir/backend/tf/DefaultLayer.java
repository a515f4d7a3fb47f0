package stir.backend.tf;

import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.TensorName;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Chooses the layer that is measured when the user names none. */
final class DefaultLayer {
    /** What stands between a classifier's matrix product and its output. */
    private static final Set<String> AFTER_CLASSIFIER =
            Set.of(
                    "Identity",
                    "BiasAdd",
                    "Add",
                    "AddV2",
                    "Softmax",
                    "LogSoftmax",
                    "Sigmoid",
                    "Reshape",
                    "Squeeze",
                    "Cast",
                    "Sub");

    /** What leaves the values of an input as they are. */
    private static final Set<String> SHAPING =
            Set.of("Identity", "Reshape", "Squeeze", "ExpandDims", "Cast");

    private DefaultLayer() {}

    /**
     * The last vector before the classifier, a matrix product that ends the network; where the
     * network has none (its top was left off), the last vector. The input itself, in another shape,
     * is none.
     *
     * @param all the layers whose representation is a vector, in the network's order
     * @param node from a layer's name to its node
     */
    static Optional<String> choose(FlatGraph graph, List<String> all, UnaryOperator<String> node) {
        var vectors = all.stream().filter(name -> isComputed(graph, node.apply(name))).toList();
        if (vectors.isEmpty()) {
            return Optional.empty();
        }
        var last = vectors.get(vectors.size() - 1);
        var current = graph.node(node.apply(last));
        while (AFTER_CLASSIFIER.contains(current.getOp())) {
            current = graph.node(TensorName.parse(current.getInput(0)).node());
        }
        if (!current.getOp().equals("MatMul")) {
            return Optional.of(last);
        }
        var before =
                graph.ancestors(TensorName.parse(current.getInput(0)).node(), producer -> true);
        return vectors.stream()
                .filter(name -> before.contains(node.apply(name)))
                .reduce((earlier, later) -> later)
                .or(() -> Optional.of(last));
    }

    private static boolean isComputed(FlatGraph graph, String name) {
        var node = graph.node(name);
        while (SHAPING.contains(node.getOp())) {
            node = graph.node(TensorName.parse(node.getInput(0)).node());
        }
        return !node.getOp().equals("Placeholder");
    }
}
