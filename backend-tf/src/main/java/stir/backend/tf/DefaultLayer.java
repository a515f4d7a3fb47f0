package stir.backend.tf;

import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.TensorName;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The choice of the layer that is measured by default. */
final class DefaultLayer {
    /** Operations that may follow a classifier's matrix product. */
    private static final Set<String> AFTER_CLASSIFIER =
            Set.of(
                    ("Identity BiasAdd Add AddV2 Softmax LogSoftmax Sigmoid Reshape"
                                    + " Squeeze Cast Sub")
                            .split(" ", -1));

    private static final Set<String> PROBABILITIES = Set.of("Softmax", "LogSoftmax", "Sigmoid");

    /** Further operations that may lie between a convolutional classifier and its probabilities. */
    private static final Set<String> AFTER_CONVOLUTION =
            Set.of("Relu", "Mean", "AvgPool", "MaxPool");

    /** Operations that preserve the values of an input. */
    private static final Set<String> SHAPE_CHANGES =
            Set.of("Identity", "Reshape", "Squeeze", "ExpandDims", "Cast");

    private DefaultLayer() {}

    /**
     * Returns the last vector before the classifier (a matrix product that ends the network), or
     * the last layer before a convolution that computes the network's probabilities. In a network
     * without a classifier, returns the last vector. The reshaped input itself does not count.
     * Empty if the network ends in several ways for which the layers differ.
     *
     * @param layers the layers in the network's order
     * @param all the layers whose representation is a vector
     * @param node the function that maps a layer's name to its node
     */
    static Optional<String> choose(
            FlatGraph graph, List<String> layers, List<String> all, UnaryOperator<String> node) {
        var vectors = all.stream().filter(name -> isComputed(graph, node.apply(name))).toList();
        var convolved = beforeConvolution(graph, layers, node);
        if (vectors.isEmpty() || convolved.isPresent()) {
            return convolved;
        }
        var found = new LinkedHashSet<String>();
        var others = new ArrayList<>(vectors);
        while (!others.isEmpty()) {
            var last = others.get(others.size() - 1);
            found.add(before(graph, vectors, last, node));
            var earlier = graph.ancestors(node.apply(last), producer -> true);
            others.removeIf(name -> earlier.contains(node.apply(name)));
        }
        return found.size() == 1 ? found.stream().findFirst() : Optional.empty();
    }

    /** Returns the last vector before the classifier that computes a vector, or that itself. */
    private static String before(
            FlatGraph graph, List<String> vectors, String last, UnaryOperator<String> node) {
        var current = graph.node(node.apply(last));
        while (AFTER_CLASSIFIER.contains(current.getOp())) {
            current = graph.node(TensorName.parse(current.getInput(0)).node());
        }
        if (!current.getOp().equals("MatMul")) {
            return last;
        }
        var before =
                graph.ancestors(TensorName.parse(current.getInput(0)).node(), producer -> true);
        return vectors.stream()
                .filter(name -> before.contains(node.apply(name)))
                .reduce((earlier, later) -> later)
                .orElse(last);
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
        while (SHAPE_CHANGES.contains(node.getOp())) {
            node = graph.node(TensorName.parse(node.getInput(0)).node());
        }
        return !node.getOp().equals("Placeholder");
    }
}
