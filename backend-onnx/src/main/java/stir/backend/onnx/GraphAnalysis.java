package stir.backend.onnx;

import stir.api.FakeRelu;
import stir.api.Layout;
import stir.api.Shape;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An analysis of the network that a graph was exported from. */
final class GraphAnalysis {
    /** Operators that do not change a tensor at inference. */
    private static final String[] NO_OPS = {"Identity", "Dropout"};

    private static final String[] SHAPE_CHANGES = {
        "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Transpose"
    };

    private static final String[] POOLING = {
        "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "ReduceMean", "ReduceMax"
    };

    private static final String[] PROBABILITIES = {"Sigmoid", "Softmax", "LogSoftmax"};

    /** Operators on single values that may follow a classifier: its bias, and a scale. */
    private static final String[] AFTER_DENSE = {
        "Add", "Sub", "Mul", "Div", "Cast", "QuantizeLinear", "DequantizeLinear"
    };

    private static final String[] SELECTION = {"Gather", "Slice"};

    /** Operators that end a hidden layer, and that follow no classifier. */
    private static final String[] HIDDEN = {
        "LayerNormalization",
        "BatchNormalization",
        "GroupNormalization",
        "InstanceNormalization",
        "RMSNormalization",
        "Relu",
        "Gelu",
        "HardSwish",
        "Mish",
        "Elu",
        "LeakyRelu",
        "Tanh"
    };

    /** Operators that, before pooling, compute maps or tokens of hidden layers. */
    private static final String[] BEFORE_POOLING = {
        "Add", "Mul", "Concat", "Conv", "LSTM", "GRU", "RNN"
    };

    private GraphAnalysis() {}

    /** Returns the output of the selected ReLU and the share of gradients that it passes. */
    static Map<String, Float> passed(Graph graph, String tensor, FakeRelu wanted) {
        boolean mayLeak = wanted == FakeRelu.LEAKY;
        boolean ofLayer = mayLeak || wanted == FakeRelu.EXTENDED;
        var open = relu(graph, tensor, ofLayer ? FakeRelu.OF_LAYER : wanted);
        return open.map(relu -> Map.of(relu, 1f))
                .or(
                        () ->
                                relu(graph, tensor, mayLeak ? wanted : FakeRelu.NONE)
                                        .map(relu -> Map.of(relu, FakeRelu.LEAK)))
                .orElse(Map.of());
    }

    /** Returns the output of the selected ReLU that computes a tensor, if there is one. */
    static Optional<String> relu(Graph graph, String tensor, FakeRelu wanted) {
        if (wanted == FakeRelu.NONE) {
            return Optional.empty();
        }
        var producers = graph.producers();
        var node = producers.get(tensor);
        while (node != null
                && (keepsValues(node) || (wanted != FakeRelu.OF_LAYER && node.is(POOLING)))) {
            node = producers.get(node.input(0));
        }
        return node != null
                        && (node.is("Relu") || (wanted == FakeRelu.LEAKY && isRelu6(graph, node)))
                ? Optional.of(node.output(0))
                : Optional.empty();
    }

    /** Returns whether a node is a ReLU6, of any upper limit. */
    static boolean isRelu6(Graph graph, Node node) {
        var low = node.is("Clip") ? graph.initialisers().get(node.input(1)) : null;
        return low != null
                && low.type().type() == ElementType.FLOAT
                && low.size() == 1
                && low.toFloats()[0] == 0;
    }

    /** Returns whether a node's values are its input's, in any shape. */
    static boolean keepsValues(Node node) {
        return node.is(NO_OPS) || node.is(SHAPE_CHANGES);
    }

    /**
     * Returns the tensor that is measured by default: the input of the classifier that computes the
     * outputs, or the output of a network that ends with a hidden layer. A classifier is a dense
     * layer that only functions of single values follow, or a convolution that only activations and
     * pooling follow and that has a kernel of one pixel or precedes probabilities. Empty if
     * classifiers differ in what they receive, or if the network ends in another way.
     */
    static Optional<String> defaultTensor(Graph graph) {
        var input = graph.inputs().keySet().iterator().next();
        var dependent = dependent(graph);
        var outputs = graph.outputs().keySet();
        var found =
                outputs.stream()
                        .flatMap(output -> classifierInput(graph, output, dependent).stream())
                        .distinct()
                        .toList();
        if (found.isEmpty()) {
            return outputs.stream()
                    .findFirst()
                    .filter(output -> outputs.size() == 1 && isHidden(graph, output));
        }
        return Optional.of(found.get(0))
                .filter(tensor -> found.size() == 1 && !tensor.equals(input));
    }

    /** Returns the first input and all tensors that depend on it. */
    static Set<String> dependent(Graph graph) {
        var dependent = new HashSet<String>(Set.of(graph.inputs().keySet().iterator().next()));
        for (var node : graph.nodes()) {
            if (node.reads().anyMatch(dependent::contains)) {
                node.writes().forEach(dependent::add);
            }
        }
        return dependent;
    }

    private static Optional<String> classifierInput(
            Graph graph, String output, Set<String> dependent) {
        var producers = graph.producers();
        var node = producers.get(output);
        while (node != null && !isDense(node, dependent)) {
            var sources = node.reads().filter(dependent::contains).distinct().toList();
            boolean follows = keepsValues(node) || node.is(PROBABILITIES) || node.is(AFTER_DENSE);
            node = follows && sources.size() == 1 ? producers.get(sources.get(0)) : null;
        }
        return node == null
                ? classifyingConvolution(graph, output)
                : Optional.of(withoutNoOps(producers, node.input(0)));
    }

    private static Optional<String> classifyingConvolution(Graph graph, String output) {
        var producers = graph.producers();
        var node = producers.get(output);
        boolean likely = false;
        while (node != null
                && (keepsValues(node)
                        || node.is(POOLING)
                        || node.is("Relu")
                        || node.is(PROBABILITIES))) {
            likely |= node.is(PROBABILITIES);
            node = producers.get(node.input(0));
        }
        return node != null && (likely ? node.is("Conv") : isOfOnePixel(graph, node))
                ? Optional.of(withoutNoOps(producers, node.input(0)))
                : Optional.empty();
    }

    private static boolean isOfOnePixel(Graph graph, Node node) {
        var kernel = node.is("Conv") ? graph.initialisers().get(node.input(1)) : null;
        return kernel != null
                && kernel.type().dims().stream().skip(2).allMatch(length -> length == 1);
    }

    /**
     * Returns whether a network ends with a hidden layer: an activation, a normalisation, or maps
     * or tokens that were pooled.
     */
    private static boolean isHidden(Graph graph, String output) {
        var producers = graph.producers();
        var node = producers.get(output);
        boolean pooled = false;
        while (node != null) {
            boolean pools = node.is(POOLING) || node.is(SELECTION) || (pooled && node.is("Relu"));
            if (!pools && node.is(HIDDEN)) {
                return true;
            }
            if (!pools && !keepsValues(node)) {
                return pooled && node.is(BEFORE_POOLING) && !isOfOnePixel(graph, node);
            }
            pooled |= pools;
            node = producers.get(node.input(0));
        }
        return false;
    }

    /** Returns the source of a tensor, skipping operators that do nothing at inference. */
    static String withoutNoOps(Map<String, Node> producers, String tensor) {
        var node = producers.get(tensor);
        return node != null && node.is(NO_OPS) ? withoutNoOps(producers, node.input(0)) : tensor;
    }

    private static boolean isDense(Node node, Set<String> dependent) {
        return node.is("Gemm", "MatMul")
                && dependent.contains(node.input(0))
                && !dependent.contains(node.input(1));
    }

    /**
     * Returns an image's layout, determined by a transposition of the input, or else by the
     * position of a dimension of 1 or 3.
     */
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
