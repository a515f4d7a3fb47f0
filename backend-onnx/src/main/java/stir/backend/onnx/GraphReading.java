package stir.backend.onnx;

import stir.api.Layout;
import stir.api.Shape;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What a graph tells about the network that it was exported from. */
final class GraphReading {
    /** What may stand between a ReLU and the layer that it belongs to. */
    private static final String[] POOLING_AND_FLATTENING = {
        "MaxPool",
        "AveragePool",
        "GlobalAveragePool",
        "GlobalMaxPool",
        "ReduceMean",
        "Flatten",
        "Reshape",
        "Squeeze",
        "Unsqueeze",
        "Transpose",
        "Identity",
        "Dropout"
    };

    private GraphReading() {}

    /** The ReLU that a tensor comes from, pooling and flattening aside. */
    static Optional<String> lastRelu(Graph graph, String tensor) {
        var producers = graph.producers();
        var node = producers.get(tensor);
        while (node != null && node.is(POOLING_AND_FLATTENING)) {
            node = producers.get(node.input(0));
        }
        return node != null && node.is("Relu") ? Optional.of(node.output(0)) : Optional.empty();
    }

    /** The input of the last dense layer that the first output depends on. */
    static Optional<String> classifierInput(Graph graph) {
        var input = graph.inputs().keySet().iterator().next();
        var dependent = new HashSet<String>(Set.of(input));
        Optional<String> found = Optional.empty();
        for (var node : graph.nodes()) {
            if (node.reads().anyMatch(dependent::contains)) {
                node.writes().forEach(dependent::add);
                if (isDense(node, dependent)) {
                    found = Optional.of(node.input(0));
                }
            }
        }
        return found.filter(tensor -> !tensor.equals(input));
    }

    private static boolean isDense(Node node, Set<String> dependent) {
        return node.is("Gemm", "MatMul")
                && dependent.contains(node.input(0))
                && !dependent.contains(node.input(1));
    }

    /** An image's layout: what the first node does with it, else where the few channels are. */
    static Layout layout(Graph graph, String input, Shape shape) {
        if (shape.rank() != 3) {
            return Layout.FLAT;
        }
        int[] toFront = {0, 3, 1, 2};
        boolean moved =
                graph.nodes().stream()
                        .anyMatch(
                                node ->
                                        node.is("Transpose")
                                                && node.input(0).equals(input)
                                                && Arrays.equals(node.integers("perm"), toFront));
        int last = shape.dimension(2);
        boolean channelsFirst = shape.dimension(0) == 1 || shape.dimension(0) == 3;
        return moved || (!channelsFirst && (last == 1 || last == 3))
                ? Layout.CHANNELS_LAST
                : Layout.CHANNELS_FIRST;
    }
}
