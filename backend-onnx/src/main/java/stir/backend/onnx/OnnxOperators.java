package stir.backend.onnx;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import stir.api.support.GraphAnalysis;
import stir.api.support.NetworkGraph;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;

/** The operators of a graph, by their effect on the values that depend on its inputs. */
final class OnnxOperators implements NetworkGraph<String> {
    private static final Map<String, Kind> KINDS = Kind.table("""
                    IDENTITY Identity Dropout
                    RESHAPE Flatten Reshape Squeeze Unsqueeze
                    TRANSPOSITION Transpose
                    RELU Relu
                    POOLING MaxPool AveragePool GlobalMaxPool ReduceMax
                    PROBABILITIES Sigmoid Softmax LogSoftmax
                    COMBINATION Add Sub Mul Div Sum Mean Concat Cast QuantizeLinear DequantizeLinear
                    SELECTION Gather Slice
                    RECURRENT LSTM GRU RNN
                    HIDDEN LayerNormalization BatchNormalization GroupNormalization InstanceNormalization
                    HIDDEN RMSNormalization Gelu HardSwish Mish Elu LeakyRelu Tanh\
                    """);

    private final Graph graph;
    private final Map<String, Node> producers;
    private final Set<String> dependent;

    OnnxOperators(Graph graph) {
        this.graph = graph;
        this.producers = graph.producers();
        this.dependent = new HashSet<>(graph.inputs().keySet());
        for (var node : graph.nodes()) {
            if (!node.is("Shape", "Size") && node.reads().anyMatch(dependent::contains)) {
                node.writes().forEach(dependent::add);
            }
        }
    }

    /** Returns the value that is measured by default; empty if there is none. */
    Optional<GraphAnalysis.Measured<String>> measured() {
        return new GraphAnalysis<>(this).measured(graph.outputs().keySet());
    }

    /** Returns the tensors whose values depend on the graph's inputs, and these. */
    Set<String> dependent() {
        return dependent;
    }

    /** Returns the node that computes a tensor, which must exist. */
    Node node(String tensor) {
        var node = producers.get(tensor);
        if (node == null) {
            throw new IllegalArgumentException("Nothing computes " + tensor);
        }
        return node;
    }

    @Override
    public Optional<Operator<String>> producer(String tensor) {
        return Optional.ofNullable(producers.get(tensor))
                .map(node -> new Operator<>(
                        kind(node),
                        node.reads().filter(dependent::contains).distinct().toList()));
    }

    private Kind kind(Node node) {
        if (!node.domain().isEmpty()) {
            return Kind.OTHER;
        }
        return switch (node.operator()) {
            case "Gemm", "MatMul" ->
                dependent.contains(node.input(0)) && !dependent.contains(node.input(1)) ? Kind.DENSE : Kind.OTHER;
            case "Conv", "ConvTranspose" -> isOfOnePixel(node) ? Kind.PIXEL_CONVOLUTION : Kind.CONVOLUTION;
            case "Clip" -> isFromZero(node) ? Kind.RELU6 : Kind.OTHER;
            case "GlobalAveragePool" -> Kind.MEAN;
            case "ReduceMean" -> graph.initialisers().containsKey(node.input(1)) ? Kind.MEAN : Kind.POOLING;
            default -> KINDS.getOrDefault(node.operator(), Kind.OTHER);
        };
    }

    private boolean isOfOnePixel(Node convolution) {
        var kernel = graph.initialisers().get(convolution.input(1));
        return kernel != null && kernel.type().dims().stream().skip(2).allMatch(length -> length == 1);
    }

    private boolean isFromZero(Node clip) {
        var low = graph.initialisers().get(clip.input(1));
        return low != null && low.type().type() == ElementType.FLOAT && low.size() == 1 && low.toFloats()[0] == 0;
    }
}
