package stir.backend.tf.graph;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;
import stir.api.support.NetworkGraph;

/** The operations of a graph, by their effect on the values that depend on its placeholders. */
public final class GraphOperators implements NetworkGraph<TensorName> {
    private static final Map<String, Kind> KINDS = Kind.table("""
                    IDENTITY Identity IdentityN PlaceholderWithDefault
                    RESHAPE Reshape Squeeze ExpandDims
                    TRANSPOSITION Transpose
                    RELU Relu
                    RELU6 Relu6
                    MEAN Mean
                    POOLING MaxPool AvgPool Max
                    PROBABILITIES Softmax LogSoftmax Sigmoid
                    COMBINATION Add AddV2 AddN Sub Mul RealDiv ConcatV2 Pack Cast
                    SELECTION StridedSlice GatherV2
                    HIDDEN Tanh Elu Selu LeakyRelu Softplus Softsign FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3\
                    """);

    private static final Set<String> SUMS = Set.of("BiasAdd", "Add", "AddV2");

    /** The dimensions of a kernel: height, width, and the channels. */
    private static final int IMAGE_RANK = 4;

    private final FlatGraph graph;
    private final Set<String> dependent = new HashSet<>();

    public GraphOperators(FlatGraph graph) {
        this.graph = graph;
        for (var node : graph.nodes().values()) {
            boolean isInput = node.getOp().equals("Placeholder");
            boolean isShape = node.getOp().equals("Shape") || node.getOp().equals("Size");
            if (isInput
                    || (!isShape
                            && FlatGraph.inputs(node).stream().anyMatch(input -> dependent.contains(input.node())))) {
                dependent.add(node.getName());
            }
        }
    }

    @Override
    public Optional<Operator<TensorName>> producer(TensorName tensor) {
        var node = graph.node(tensor.node());
        if (node.getOp().equals("Placeholder") || !dependent.contains(node.getName())) {
            return Optional.empty();
        }
        var inputs = FlatGraph.inputs(node).stream()
                .filter(input -> dependent.contains(input.node()))
                .distinct()
                .toList();
        return Optional.of(new Operator<>(kind(node, inputs), inputs));
    }

    private Kind kind(NodeDef node, List<TensorName> inputs) {
        var operation = node.getOp();
        return switch (operation) {
            case "MatMul", "BatchMatMulV2", "Einsum" -> inputs.size() == 1 ? Kind.DENSE : Kind.OTHER;
            case "Conv2D", "Conv2DBackpropInput" -> isOfOnePixel(node) ? Kind.PIXEL_CONVOLUTION : Kind.CONVOLUTION;
            default ->
                SUMS.contains(operation) && inputs.size() == 1 ? Kind.BIAS : KINDS.getOrDefault(operation, Kind.OTHER);
        };
    }

    /** Returns whether a convolution has a kernel of one pixel, of a known shape. */
    private boolean isOfOnePixel(NodeDef convolution) {
        var node = graph.node(FlatGraph.inputs(convolution).get(1).node());
        while (node.getOp().equals("Identity") || node.getOp().equals("ReadVariableOp")) {
            node = graph.node(FlatGraph.inputs(node).get(0).node());
        }
        var shape = node.containsAttr("shape")
                ? node.getAttrOrThrow("shape").getShape()
                : node.getAttrOrDefault("value", AttrValue.getDefaultInstance())
                        .getTensor()
                        .getTensorShape();
        return shape.getDimCount() == IMAGE_RANK
                && shape.getDim(0).getSize() == 1
                && shape.getDim(1).getSize() == 1;
    }
}
