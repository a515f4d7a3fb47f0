package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.VersionDef;

import stir.api.FakeRelu;
import stir.api.contract.Numerical;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.rewrite.FakeReluRewrite;

import java.util.ArrayList;
import java.util.Optional;

/** The operations that are allowed between a ReLU and a layer. */
@Numerical
class FakeReluRewriteTest {
    /** The operations of a chain, whose last node is the layer; dropout is an identity. */
    @ParameterizedTest
    @CsvSource({
        "Conv2D Relu, true, true",
        "Relu Reshape, true, true",
        "Relu Identity Transpose Squeeze ExpandDims, true, true",
        "Relu MaxPool, false, true",
        "Relu Identity Mean Reshape, false, true",
        "Relu Max, false, true",
        "Relu MatMul, false, false",
        "Relu6, false, false",
        "Reshape, false, false"
    })
    void isTheSelectedRelu(String operations, boolean ofLayer, boolean beforeLayer) {
        var nodes = new ArrayList<NodeDef>();
        nodes.add(NodeDef.newBuilder().setOp("Placeholder").setName("x").build());
        var relu = Optional.<String>empty();
        var layer = "x";
        for (var operation : operations.split(" ", -1)) {
            var name = "net/" + operation;
            nodes.add(NodeDef.newBuilder().setOp(operation).setName(name).addInput(layer).build());
            relu = operation.equals("Relu") ? Optional.of(name) : relu;
            layer = name;
        }
        var graph =
                new FlatGraph(
                        nodes,
                        FunctionDefLibrary.getDefaultInstance(),
                        VersionDef.getDefaultInstance());
        assertEquals(Optional.empty(), FakeReluRewrite.find(graph, layer, FakeRelu.NONE));
        assertEquals(
                relu.filter(found -> ofLayer),
                FakeReluRewrite.find(graph, layer, FakeRelu.OF_LAYER));
        assertEquals(
                relu.filter(found -> beforeLayer),
                FakeReluRewrite.find(graph, layer, FakeRelu.BEFORE_LAYER));
    }
}
