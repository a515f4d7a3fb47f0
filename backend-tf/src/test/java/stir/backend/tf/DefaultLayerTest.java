package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.VersionDef;

import stir.backend.tf.graph.FlatGraph;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Classifiers that are convolutions. */
class DefaultLayerTest {
    private static NodeDef node(String operation, String name, String... inputs) {
        return NodeDef.newBuilder()
                .setOp(operation)
                .setName(name)
                .addAllInput(Arrays.asList(inputs))
                .build();
    }

    private static Optional<String> chosen(
            List<NodeDef> nodes, List<String> layers, List<String> vectors) {
        var graph =
                new FlatGraph(
                        nodes,
                        FunctionDefLibrary.getDefaultInstance(),
                        VersionDef.getDefaultInstance());
        return DefaultLayer.choose(graph, layers, vectors, name -> name);
    }

    /** MobileNet has this form, with the logits and their softmax as vectors. */
    @Test
    void aConvolutionOfThePooledImage() {
        var nodes =
                List.of(
                        node("Placeholder", "x"),
                        node("Const", "w"),
                        node("Conv2D", "conv", "x", "w"),
                        node("Mean", "pool", "conv", "w"),
                        node("Conv2D", "classify", "pool", "w"),
                        node("BiasAdd", "logits", "classify", "w"),
                        node("Reshape", "reshape", "logits", "w"),
                        node("Softmax", "predictions", "reshape"));
        var layers = List.of("conv", "pool", "logits", "reshape", "predictions");
        assertEquals(Optional.of("pool"), chosen(nodes, layers, List.of("reshape", "predictions")));
        assertEquals(
                Optional.of("reshape"),
                chosen(nodes.subList(0, 7), layers.subList(0, 4), List.of("reshape")),
                "a value that is not a probability may be a feature");
    }

    /** The network basic-pitch has this form, without vectors. */
    @Test
    void aConvolutionAtEachPosition() {
        var nodes =
                List.of(
                        node("Placeholder", "x"),
                        node("Const", "w"),
                        node("Conv2D", "conv", "x", "w"),
                        node("Relu", "relu", "conv"),
                        node("Conv2D", "notes", "relu", "w"),
                        node("Sigmoid", "sigmoid", "notes"),
                        node("Squeeze", "y", "sigmoid"));
        var layers = List.of("conv", "relu", "notes", "y");
        assertEquals(Optional.of("relu"), chosen(nodes, layers, List.of()));
        assertEquals(
                Optional.empty(), chosen(nodes.subList(0, 4), layers.subList(0, 2), List.of()));
    }
}
