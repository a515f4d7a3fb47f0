package stir.backend.tf.saved;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.NodeDef;

/** Names of layers in graphs that Keras exports; the nodes' names are from such exports. */
class KerasNamesTest {
    private static List<NodeDef> nodes(String... names) {
        return Stream.of(names)
                .map(name -> NodeDef.newBuilder().setName(name).build())
                .toList();
    }

    private static Map<String, String> reads(String variable, String... readers) {
        var reads = new LinkedHashMap<String, String>();
        for (var reader : readers) {
            reads.put(reader + "/ReadVariableOp", variable);
        }
        return reads;
    }

    /** Keras 3.15 prefixes the variables of such a model only with the model's name. */
    @Test
    void aModelOfACustomClassListsItsLayersAndTheirParts() {
        var nodes = nodes(
                "sub_1/conv2d_1/convolution",
                "sub_1/conv2d_1/BiasAdd",
                "sub_1/re_lu_1/Relu",
                "sub_1/block_1/conv2d_1_1/convolution",
                "sub_1/block_1/batch_normalization_1/batchnorm/mul_1",
                "sub_1/block_1/re_lu_1_1/Relu",
                "sub_1/dense_1/MatMul",
                "sub_1/dense_1_2/MatMul");
        var reads = reads(
                "sub/kernel",
                "sub_1/conv2d_1/convolution",
                "sub_1/conv2d_1/Reshape",
                "sub_1/block_1/conv2d_1_1/convolution",
                "sub_1/block_1/batch_normalization_1/Cast",
                "sub_1/dense_1/Cast",
                "sub_1/dense_1_2/Cast");
        assertEquals(
                List.of(
                        "conv2d",
                        "re_lu",
                        "block",
                        "block/conv2d_1",
                        "block/batch_normalization",
                        "block/re_lu_1",
                        "dense",
                        "dense_1"),
                names(nodes, reads));
    }

    /** The operations {@code batchnorm} and {@code Tensordot_1} are scopes with weights, too. */
    @Test
    void aLayerWithOneWeightedPartIsAContainerOnlyIfThatPartIsALayer() {
        var nodes = nodes(
                "sub_1/stage2_1/block_2_1/conv2d_4_1/convolution",
                "sub_1/stage2_1/max_pooling2d_1_1/MaxPool2d",
                "sub_1/norm_1/batchnorm/mul",
                "sub_1/dense_1/Tensordot_1/MatMul");
        var reads = reads(
                "sub/kernel",
                "sub_1/stage2_1/block_2_1/conv2d_4_1/convolution",
                "sub_1/norm_1/batchnorm",
                "sub_1/dense_1/Tensordot_1");
        assertEquals(
                List.of(
                        "stage2",
                        "stage2/block_2",
                        "stage2/block_2/conv2d_4",
                        "stage2/max_pooling2d_1",
                        "norm",
                        "dense"),
                names(nodes, reads));
    }

    @Test
    void aModelOfOneLayerListsThatLayer() {
        assertEquals(
                List.of("dense"),
                names(
                        nodes("dense_1/MatMul", "dense_1/BiasAdd"),
                        reads("dense/kernel", "dense_1/Cast", "dense_1/BiasAdd")));
    }

    /** TF-Slim's MobileNetV1 has such scopes, and another classifier was trained on its classes. */
    @Test
    void aFrozenGraphOfTensorFlow1ListsScopesOfSeveralLayersWithTheirParts() {
        var nodes = nodes(
                "Net/Net/Conv_0/Conv2D",
                "Net/Net/Conv_0/BatchNorm/batchnorm/mul",
                "Net/Net/Conv_1/depthwise",
                "Net/Logits/AvgPool_1a/AvgPool",
                "Net/Logits/Dropout_1b/Identity",
                "Net/Logits/Conv_1c/Conv2D",
                "Net/Logits/SpatialSqueeze",
                "final/Wx_plus_b/MatMul");
        var parts = List.of(
                "Net/Net/Conv_0/Conv2D",
                "Net/Net/Conv_1/depthwise",
                "Net/Logits/AvgPool_1a/AvgPool",
                "Net/Logits/Conv_1c/Conv2D",
                "final/Wx_plus_b/MatMul");
        var expected = List.of(
                "Net",
                "Net/Net",
                "Net/Net/Conv_0",
                "Net/Net/Conv_1",
                "Net/Logits",
                "Net/Logits/AvgPool_1a",
                "Net/Logits/Dropout_1b",
                "Net/Logits/Conv_1c",
                "final");
        var names = new KerasNames(nodes, Map.of(), parts).layers().values();
        assertEquals(expected, List.copyOf(names));
    }

    private static List<String> names(List<NodeDef> nodes, Map<String, String> reads) {
        return List.copyOf(new KerasNames(nodes, reads, reads.keySet()).layers().values());
    }
}
