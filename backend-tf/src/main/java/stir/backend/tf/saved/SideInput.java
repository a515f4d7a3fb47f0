package stir.backend.tf.saved;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import stir.api.DataException;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.backend.tf.graph.NodeBuilders;
import stir.backend.tf.graph.TensorName;

/**
 * An input of a model that is not searched.
 *
 * @param name the signature's name of it
 * @param tensor the tensor that is fed
 * @param type the type of its values
 * @param shape its shape, including the batch dimension
 * @param given its values
 */
public record SideInput(String name, TensorName tensor, DataType type, TensorShapeProto shape, SideInputs.Side given) {
    /** Checks that the values can be converted to the type. */
    public SideInput {
        given.require(name, kind(name, type));
    }

    private static SideInputs.Type kind(String name, DataType type) {
        return switch (type) {
            case DT_BOOL -> SideInputs.Type.BOOLEAN;
            case DT_FLOAT, DT_DOUBLE -> SideInputs.Type.FLOAT;
            case DT_INT8, DT_UINT8, DT_INT16, DT_UINT16, DT_INT32, DT_INT64 -> SideInputs.Type.INTEGER;
            default ->
                throw new DataException(
                        "The model takes '%s' as %s, which can't be given: export it with floats or signed integers."
                                .formatted(name, type));
        };
    }

    /**
     * Returns a single truth value for all inputs as a constant in place of the tensor, so that it
     * decides the graph's conditions; empty for other values.
     */
    public Optional<NodeDef> truth() {
        boolean single = shape.getUnknownRank() || shape.getDimCount() == 0;
        if (type != DataType.DT_BOOL || !single || !given.constant()) {
            return Optional.empty();
        }
        var value = TensorProto.newBuilder()
                .setDtype(type)
                .setTensorShape(NodeBuilders.shapeOf())
                .addBoolVal(given.example().get(0, 0) != 0);
        return Optional.of(NodeBuilders.constant(tensor.node(), value.build()));
    }

    /** Returns a copy with another tensor. */
    public SideInput at(TensorName other) {
        return new SideInput(name, other, type, shape, given);
    }

    /**
     * Returns the dimensions of its tensor.
     *
     * @param rows the number of rows; -1 where it is free
     * @param searched the shape of a row of the searched input
     */
    public int[] dims(int rows, Shape searched) {
        if (given.constant()) {
            var stated = shape.getDimList().stream()
                    .map(TensorShapeProto.Dim::getSize)
                    .toList();
            return SideInputs.filled(shape.getUnknownRank() ? null : stated, rows, searched);
        }
        var row = given.example().rowShape().dimensions();
        return IntStream.concat(IntStream.of(rows), Arrays.stream(row)).toArray();
    }
}
