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

    private static final Set<String> PROBABILITIES = Set.of("Softmax", "LogSoftmax", "Sigmoid");

    /** What stands between a classifier that is a convolution and its probabilities, besides. */
    private static final Set<String> AFTER_CONVOLUTION =
            Set.of("Relu", "Mean", "AvgPool", "MaxPool");

    /** What leaves the values of an input as they are. */
    private static final Set<String> SHAPING =
            Set.of("Identity", "Reshape", "Squeeze", "ExpandDims", "Cast");

    private DefaultLayer() {}

    /**
     * The last vector before the classifier, a matrix product that ends the network, or the last
     * layer before a convolution that makes the network's probabilities; where the network has
     * neither (its top was left off), the last vector. The input itself, in another shape, is none.
     *
     * @param layers in the network's order
     * @param all those whose representation is a vector
     * @param node from a layer's name to its node
     */
    static Optional<String> choose(
            FlatGraph graph, List<String> layers, List<String> all, UnaryOperator<String> node) {
        var vectors = all.stream().filter(name -> isComputed(graph, node.apply(name))).toList();
        var convolved = beforeConvolution(graph, layers, node);
        if (vectors.isEmpty() || convolved.isPresent()) {
            return convolved;
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

    private static Optional<String> beforeConvolution(
            FlatGraph graph, List<String> layers, UnaryOperator<String> node) {
        if (layers.isEmpty()) {
            return Optional.empty();
        }
        var current = graph.node(node.apply(layers.get(layers.size() - 1)));
        boolean likely = false;
        while (AFTER_CLASSIFIER.contains(current.getOp())
                || (likely && AFTER_CONVOLUTION.contains(current.getOp()))) {
            likely |= PROBABILITIES.contains(current.getOp());
            current = graph.node(TensorName.parse(current.getInput(0)).node());
        }
        if (!likely || !current.getOp().equals("Conv2D")) {
            return Optional.empty();
        }
        var before =
                graph.ancestors(TensorName.parse(current.getInput(0)).node(), producer -> true);
        return layers.stream()
                .filter(name -> before.contains(node.apply(name)))
                .filter(name -> isComputed(graph, node.apply(name)))
                .reduce((earlier, later) -> later);
    }

    private static boolean isComputed(FlatGraph graph, String name) {
        var node = graph.node(name);
        while (SHAPING.contains(node.getOp())) {
            node = graph.node(TensorName.parse(node.getInput(0)).node());
        }
        return !node.getOp().equals("Placeholder");
    }
}
