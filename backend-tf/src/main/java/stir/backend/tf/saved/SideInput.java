package stir.backend.tf.saved;

import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorShapeProto;

import stir.api.Shape;
import stir.api.SideInputs;
import stir.backend.tf.graph.OpRegistry;
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
public record SideInput(
        String name,
        TensorName tensor,
        DataType type,
        TensorShapeProto shape,
        SideInputs.Side given) {
    /** Checks that the values can be converted to the type. */
    public SideInput {
        given.require(name, kind(type));
    }

    private static SideInputs.Type kind(DataType type) {
        if (type == DataType.DT_BOOL) {
            return SideInputs.Type.BOOLEAN;
        }
        return OpRegistry.isFloating(type) ? SideInputs.Type.FLOAT : SideInputs.Type.INTEGER;
    }

    /** Returns the same with another tensor. */
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
            var stated = shape.getDimList().stream().map(TensorShapeProto.Dim::getSize).toList();
            return SideInputs.filled(shape.getUnknownRank() ? null : stated, rows, searched);
        }
        var row = given.example().rowShape();
        var dims = new int[row.rank() + 1];
        dims[0] = rows;
        for (int i = 0; i < row.rank(); i++) {
            dims[i + 1] = row.dimension(i);
        }
        return dims;
    }
}
