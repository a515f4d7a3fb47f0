package stir.backend.tf.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Set;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.proto.DataType;
import stir.api.BackendException;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.api.support.WholeNumbers;

/** A tensor in native memory, freed on closing. */
public final class NativeTensor implements AutoCloseable {
    private final TF_Tensor handle;

    /** Creates a tensor and takes ownership of its native handle. */
    public NativeTensor(TF_Tensor handle) {
        this.handle = handle;
    }

    /** Returns a copy of a batch, with its rows along the first dimension. */
    public static NativeTensor of(Batch batch) {
        var tensor = floats(dimensions(batch.rows(), batch.rowShape()));
        tensor.data().put(batch.bytes());
        return tensor;
    }

    /**
     * Returns a copy of a batch's values as numbers of a type.
     *
     * @param dimensions the dimensions, whose product is the number of values
     * @throws DataException if the type is not one of numbers or truth values
     */
    public static NativeTensor of(Batch batch, DataType type, int... dimensions) {
        int width = switch (type) {
            case DT_BOOL, DT_INT8, DT_UINT8 -> 1;
            case DT_INT16, DT_UINT16 -> 2;
            case DT_FLOAT, DT_INT32 -> Float.BYTES;
            case DT_DOUBLE, DT_INT64 -> Double.BYTES;
            default ->
                throw new DataException(
                        "The model takes a side input of the type %s, which can't be given: export it with floats or integers."
                                .formatted(type));
        };
        int count = batch.rows() * batch.rowSize();
        var sizes = Arrays.stream(dimensions).asLongStream().toArray();
        boolean real = type == DataType.DT_FLOAT || type == DataType.DT_DOUBLE;
        boolean signed = !Set.of(DataType.DT_UINT8, DataType.DT_UINT16).contains(type);
        var bytes = real ? batch.bytes() : WholeNumbers.of(batch, width, signed);
        var tensor = allocate(type, sizes, (long) count * width);
        var data = tensor.data();
        if (type == DataType.DT_DOUBLE) {
            for (int i = 0; i < count; i++) {
                data.putDouble(batch.buffer().get(i));
            }
        } else {
            data.put(bytes);
        }
        return tensor;
    }

    /** Returns zeros of the same shape. */
    NativeTensor zeros() {
        var tensor = floats(dimensions());
        Pointer.memset(tensorflow.TF_TensorData(tensor.handle), 0, tensorflow.TF_TensorByteSize(tensor.handle));
        return tensor;
    }

    private static NativeTensor floats(long[] dimensions) {
        long bytes = Arrays.stream(dimensions).reduce(Float.BYTES, Math::multiplyExact);
        return allocate(DataType.DT_FLOAT, dimensions, bytes);
    }

    private static NativeTensor allocate(DataType type, long[] dimensions, long bytes) {
        TF_Tensor handle = tensorflow.TF_AllocateTensor(type.getNumber(), dimensions, dimensions.length, bytes);
        if (handle == null) {
            throw new BackendException(
                    "There is not enough memory for a tensor of %d bytes: try a smaller batch size.".formatted(bytes));
        }
        return new NativeTensor(handle);
    }

    private static long[] dimensions(long rows, Shape row) {
        var dimensions = new long[row.rank() + 1];
        dimensions[0] = rows;
        for (int i = 0; i < row.rank(); i++) {
            dimensions[i + 1] = row.dimension(i);
        }
        return dimensions;
    }

    /** Returns the sizes of all dimensions. */
    public long[] dimensions() {
        var dimensions = new long[tensorflow.TF_NumDims(handle)];
        Arrays.setAll(dimensions, i -> tensorflow.TF_Dim(handle, i));
        return dimensions;
    }

    /**
     * Copies floats into a batch.
     *
     * @throws BackendException if the sizes differ
     */
    public void read(Batch batch) {
        var data = data();
        if (data.limit() != batch.bytes().limit()) {
            throw new BackendException(
                    "TensorFlow returned %s instead of %s: the layer mixes the inputs of a batch; choose another layer."
                            .formatted(Arrays.toString(dimensions()), batch));
        }
        batch.bytes().put(data);
    }

    /** Copies the first doubles into an array. */
    public void read(double[] values, int count) {
        data().asDoubleBuffer().get(values, 0, count);
    }

    /** Returns the memory, which is valid until this tensor is closed. */
    private ByteBuffer data() {
        long bytes = tensorflow.TF_TensorByteSize(handle);
        if (bytes == 0) {
            return ByteBuffer.allocate(0);
        }
        return tensorflow.TF_TensorData(handle).capacity(bytes).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    TF_Tensor handle() {
        return handle;
    }

    @Override
    public void close() {
        tensorflow.TF_DeleteTensor(handle);
    }
}
