package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.VersionDef;
import stir.api.FakeRelu;
import stir.api.contract.Numerical;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.rewrite.FakeReluRewrite;

/** The operations that are allowed between a ReLU and a layer. */
@Numerical
class FakeReluRewriteTest {
    /** The operations of a chain, whose last node is the layer; dropout is an identity. */
    @ParameterizedTest
    @CsvSource({
        "Conv2D Relu, true, true, 1, false",
        "Relu Reshape, true, true, 1, false",
        "Relu Identity Transpose Squeeze ExpandDims, true, true, 1, false",
        "Relu MaxPool, false, true, 0.05, false",
        "Relu Identity Mean Reshape, false, true, 0.05, true",
        "Relu Max, false, true, 0.05, false",
        "Relu MatMul, false, false, 0, false",
        "Relu6, false, false, 0.05, false",
        "Relu6 Mean, false, false, 0.05, true",
        "Relu6 Transpose Mean, false, false, 0.05, false",
        "Reshape, false, false, 0, false"
    })
    void isTheSelectedRelu(String operations, boolean ofLayer, boolean beforeLayer, float leaky, boolean mean) {
        var nodes = new ArrayList<NodeDef>();
        nodes.add(NodeDef.newBuilder().setOp("Placeholder").setName("x").build());
        var relu = Optional.<String>empty();
        var layer = "x";
        for (var operation : operations.split(" ", -1)) {
            var name = "net/" + operation;
            nodes.add(NodeDef.newBuilder()
                    .setOp(operation)
                    .setName(name)
                    .addInput(layer)
                    .build());
            relu = operation.equals("Relu") ? Optional.of(name) : relu;
            layer = name;
        }
        var graph = new FlatGraph(nodes, FunctionDefLibrary.getDefaultInstance(), VersionDef.getDefaultInstance());
        assertEquals(Optional.empty(), FakeReluRewrite.find(graph, layer, FakeRelu.NONE));
        assertEquals(relu.filter(found -> ofLayer), found(graph, layer, FakeRelu.OF_LAYER));
        assertEquals(relu.filter(found -> beforeLayer), found(graph, layer, FakeRelu.BEFORE_LAYER));
        var share = FakeReluRewrite.find(graph, layer, FakeRelu.LEAKY).map(FakeReluRewrite::share);
        assertEquals(leaky, share.orElse(0f));
        var extended = FakeReluRewrite.find(graph, layer, FakeRelu.EXTENDED);
        assertEquals(mean || ofLayer, extended.isPresent());
        assertEquals(mean, extended.flatMap(FakeReluRewrite::mean).isPresent());
    }

    private static Optional<String> found(FlatGraph graph, String layer, FakeRelu wanted) {
        return FakeReluRewrite.find(graph, layer, wanted).map(FakeReluRewrite::relu);
    }
}
