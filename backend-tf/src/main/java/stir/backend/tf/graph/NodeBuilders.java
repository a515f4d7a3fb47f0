package stir.backend.tf.graph;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import stir.api.Shape;

/** Builders of a GraphDef's nodes and attributes. */
public final class NodeBuilders {
    private NodeBuilders() {}

    public static AttrValue type(DataType type) {
        return AttrValue.newBuilder().setType(type).build();
    }

    public static AttrValue flag(boolean value) {
        return AttrValue.newBuilder().setB(value).build();
    }

    public static AttrValue text(String value) {
        return AttrValue.newBuilder().setS(ByteString.copyFromUtf8(value)).build();
    }

    public static AttrValue integer(long value) {
        return AttrValue.newBuilder().setI(value).build();
    }

    public static AttrValue integers(Iterable<Long> values) {
        var list = AttrValue.ListValue.newBuilder();
        values.forEach(list::addI);
        return AttrValue.newBuilder().setList(list).build();
    }

    public static AttrValue shape(TensorShapeProto shape) {
        return AttrValue.newBuilder().setShape(shape).build();
    }

    public static TensorShapeProto shapeOf(long... dimensions) {
        var shape = TensorShapeProto.newBuilder();
        for (long dimension : dimensions) {
            shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(dimension));
        }
        return shape.build();
    }

    /** Returns a node without attributes. */
    public static NodeDef.Builder node(String operation, String name, String... inputs) {
        return NodeDef.newBuilder().setOp(operation).setName(name).addAllInput(Arrays.asList(inputs));
    }

    /** Returns a node with a type as its attribute {@code T}. */
    public static NodeDef.Builder typed(String operation, String name, DataType type, String... inputs) {
        return node(operation, name, inputs).putAttr("T", type(type));
    }

    /** Returns a node that converts numbers to another type. */
    public static NodeDef.Builder cast(String name, DataType from, DataType to, String input) {
        return node("Cast", name, input).putAttr("SrcT", type(from)).putAttr("DstT", type(to));
    }

    /** Returns the shape of a number of rows; -1 for any number. */
    public static TensorShapeProto rowsOf(long rows, Shape row) {
        return shapeOf(LongStream.concat(
                        LongStream.of(rows), Arrays.stream(row.dimensions()).asLongStream())
                .toArray());
    }

    /** Returns a placeholder for any number of rows of floats. */
    public static NodeDef placeholder(String name, Shape row) {
        return node("Placeholder", name)
                .putAttr("dtype", type(DataType.DT_FLOAT))
                .putAttr("shape", shape(rowsOf(-1, row)))
                .build();
    }

    public static NodeDef constant(String name, TensorProto value) {
        return node("Const", name)
                .putAttr("dtype", type(value.getDtype()))
                .putAttr("value", AttrValue.newBuilder().setTensor(value).build())
                .build();
    }

    /** Returns a constant floating-point number of type {@code DT_FLOAT} or {@code DT_DOUBLE}. */
    public static NodeDef number(String name, DataType type, double value) {
        var tensor = TensorProto.newBuilder().setDtype(type).setTensorShape(shapeOf());
        return constant(
                name,
                (type == DataType.DT_DOUBLE ? tensor.addDoubleVal(value) : tensor.addFloatVal((float) value)).build());
    }

    /** Returns constant integers of a shape. */
    public static NodeDef integers(String name, TensorShapeProto shape, int... values) {
        var tensor = TensorProto.newBuilder().setDtype(DataType.DT_INT32).setTensorShape(shape);
        for (int value : values) {
            tensor.addIntVal(value);
        }
        return constant(name, tensor.build());
    }

    /** Returns a constant vector of strings. */
    public static NodeDef strings(String name, List<String> values) {
        var tensor = TensorProto.newBuilder().setDtype(DataType.DT_STRING).setTensorShape(shapeOf(values.size()));
        values.forEach(value -> tensor.addStringVal(ByteString.copyFromUtf8(value)));
        return constant(name, tensor.build());
    }
}
