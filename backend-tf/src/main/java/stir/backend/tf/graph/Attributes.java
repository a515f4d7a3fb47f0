package stir.backend.tf.graph;

import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import stir.api.DataException;
import stir.api.support.TensorSize;

/**
 * A check of nodes' attributes, which TensorFlow trusts: an unknown type ends the process, and a
 * constant that is written as one repeated value may have any size.
 */
public final class Attributes {
    private Attributes() {}

    /**
     * Checks a graph and its functions.
     *
     * @throws DataException if a type does not exist, or a constant is too large
     */
    public static void requireSound(GraphDef graph) {
        Stream.concat(
                        graph.getNodeList().stream(),
                        graph.getLibrary().getFunctionList().stream()
                                .map(FunctionDef::getNodeDefList)
                                .flatMap(List::stream))
                .forEach(Attributes::requireSound);
    }

    private static void requireSound(NodeDef node) {
        for (AttrValue value : node.getAttrMap().values()) {
            var list = value.getList();
            var tensors = Stream.concat(Stream.of(value.getTensor()), list.getTensorList().stream());
            var types = Stream.concat(Stream.of(value.getType()), list.getTypeList().stream());
            if (types.anyMatch(type -> type == DataType.UNRECOGNIZED)) {
                throw unknownType(node);
            }
            tensors.forEach(tensor -> requireSound(node, tensor));
        }
    }

    private static void requireSound(NodeDef node, TensorProto tensor) {
        if (tensor.getDtype() == DataType.UNRECOGNIZED) {
            throw unknownType(node);
        }
        var sizes = tensor.getTensorShape().getDimList().stream()
                .map(TensorShapeProto.Dim::getSize)
                .toList();
        if (TensorSize.exceeds(sizes, TensorSize.MAX_CONSTANT)) {
            throw new DataException(
                    "The constant '%s' has the sizes %s, which exceed the limit of %d values: export the model again."
                            .formatted(node.getName(), sizes, TensorSize.MAX_CONSTANT));
        }
    }

    private static DataException unknownType(NodeDef node) {
        return TensorFlowMessages.damaged("the node " + node.getName() + " has an unknown type");
    }
}
