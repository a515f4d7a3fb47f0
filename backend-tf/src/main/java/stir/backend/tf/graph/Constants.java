package stir.backend.tf.graph;

import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/** The values of {@code Const} nodes. */
final class Constants {
    private Constants() {}

    /** Returns a constant flag; null if the node is not one. */
    static @Nullable Boolean flag(NodeDef node) {
        var tensor = tensor(node);
        if (tensor == null || tensor.getDtype() != DataType.DT_BOOL) {
            return null;
        }
        if (tensor.getBoolValCount() > 0) {
            return tensor.getBoolVal(0);
        }
        return !tensor.getTensorContent().isEmpty() && tensor.getTensorContent().byteAt(0) != 0;
    }

    /** Returns constant integers of 32 or 64 bits, a repeated value only once, or null. */
    static int @Nullable [] integers(NodeDef node) {
        var tensor = tensor(node);
        if (tensor == null) {
            return null;
        }
        var content = tensor.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        if (tensor.getDtype() == DataType.DT_INT32) {
            if (tensor.getIntValCount() > 0) {
                return tensor.getIntValList().stream().mapToInt(value -> value).toArray();
            }
            var values = new int[content.remaining() / Integer.BYTES];
            content.asIntBuffer().get(values);
            return values;
        }
        if (tensor.getDtype() == DataType.DT_INT64) {
            if (tensor.getInt64ValCount() > 0) {
                return tensor.getInt64ValList().stream()
                        .mapToInt(Math::toIntExact)
                        .toArray();
            }
            var values = new int[content.remaining() / Long.BYTES];
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.toIntExact(content.getLong());
            }
            return values;
        }
        return null;
    }

    private static @Nullable TensorProto tensor(NodeDef node) {
        return node.getOp().equals("Const") && node.containsAttr("value")
                ? node.getAttrOrThrow("value").getTensor()
                : null;
    }
}
