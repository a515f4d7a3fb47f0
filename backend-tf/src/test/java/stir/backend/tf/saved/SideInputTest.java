package stir.backend.tf.saved;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorShapeProto;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.backend.tf.graph.TensorName;

class SideInputTest {
    private static SideInput of(DataType type) {
        var row = Batch.allocate(1, Shape.of(3, 4));
        return new SideInput(
                "mask",
                new TensorName("mask", 0),
                type,
                TensorShapeProto.getDefaultInstance(),
                new SideInputs.Side(SideInputs.Type.BOOLEAN, false, row));
    }

    @Test
    void aTypeWhoseValuesCannotBeGivenIsRefused() {
        assertEquals(
                "The model takes 'mask' as DT_HALF, which can't be given: export it with floats or signed integers.",
                assertThrows(DataException.class, () -> of(DataType.DT_HALF)).getMessage());
        assertThrows(DataException.class, () -> of(DataType.DT_STRING));
    }

    @Test
    void itsTensorHasARowPerInput() {
        assertArrayEquals(new int[] {5, 3, 4}, of(DataType.DT_BOOL).dims(5, Shape.of(7)));
    }
}
