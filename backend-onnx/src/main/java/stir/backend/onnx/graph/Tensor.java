package stir.backend.onnx.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * A constant tensor: its elements in ONNX's raw form (little-endian, in row-major order), or their
 * location outside the file.
 */
public final class Tensor {
    private final TensorType type;
    private final ByteBuffer data;
    private final Optional<ExternalData> external;

    private Tensor(TensorType type, ByteBuffer data, Optional<ExternalData> external) {
        this.type = type;
        this.data = data;
        this.external = external;
    }

    /**
     * Creates a tensor that shares these elements.
     *
     * @throws OnnxFormatException if their number does not match the type
     */
    public static Tensor of(TensorType type, ByteBuffer data) {
        if (!type.isStatic() || data.remaining() != type.type().bytes(elements(type))) {
            throw new OnnxFormatException(
                    "a tensor of %s %s has %d bytes".formatted(type.type(), type.dims(), data.remaining()));
        }
        return new Tensor(type, data.slice().order(ByteOrder.LITTLE_ENDIAN), Optional.empty());
    }

    /** Creates a tensor with external elements. */
    public static Tensor external(TensorType type, ExternalData where) {
        return new Tensor(type, ByteBuffer.allocate(0), Optional.of(where));
    }

    /** Creates a tensor of floats; no dimensions for a single number. */
    public static Tensor floats(float[] values, int... dims) {
        var data = allocate(Float.BYTES * values.length);
        data.asFloatBuffer().put(values);
        return of(TensorType.of(ElementType.FLOAT, dims), data);
    }

    public static Tensor longs(long[] values, int... dims) {
        var data = allocate(Long.BYTES * values.length);
        data.asLongBuffer().put(values);
        return of(TensorType.of(ElementType.INT64, dims), data);
    }

    /** Creates a tensor of a single 64-bit integer. */
    public static Tensor scalar(long value) {
        return longs(new long[] {value});
    }

    /** Creates a vector of 64-bit integers. */
    public static Tensor vector(long... values) {
        return longs(values, values.length);
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long elements(TensorType type) {
        return type.dims().stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }

    /** Returns the element type and dimensions. */
    public TensorType type() {
        return type;
    }

    /** Returns the number of elements. */
    public long size() {
        return elements(type);
    }

    /** Returns a shared view of the raw elements; empty if they are external. */
    public ByteBuffer data() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns the location of the elements, if they are external. */
    public Optional<ExternalData> external() {
        return external;
    }

    /**
     * Returns the elements of any real type as floats.
     *
     * @throws OnnxFormatException if they are not real numbers, or are external
     */
    public float[] toFloats() {
        var in = loaded();
        var values = new float[Math.toIntExact(size())];
        switch (type.type()) {
            case FLOAT -> in.asFloatBuffer().get(values);
            case DOUBLE -> fill(values, i -> (float) in.getDouble(8 * i));
            case FLOAT16 -> fill(values, i -> halfToFloat(in.getShort(2 * i)));
            case BFLOAT16 -> fill(values, i -> Float.intBitsToFloat(in.getShort(2 * i) << 16));
            default -> throw new OnnxFormatException("a tensor of " + type.type() + " is not real");
        }
        return values;
    }

    /**
     * Returns the elements as 64-bit integers.
     *
     * @throws OnnxFormatException if they are neither 32- nor 64-bit integers nor booleans
     */
    public long[] toLongs() {
        var in = loaded();
        var values = new long[Math.toIntExact(size())];
        switch (type.type()) {
            case INT64 -> in.asLongBuffer().get(values);
            case INT32 -> Arrays.setAll(values, i -> in.getInt(4 * i));
            case BOOL -> Arrays.setAll(values, in::get);
            default -> throw new OnnxFormatException("a tensor of " + type.type() + " is not an index");
        }
        return values;
    }

    private ByteBuffer loaded() {
        if (external.isPresent()) {
            throw new OnnxFormatException("the data of a tensor has not been read");
        }
        return data();
    }

    private interface FloatAt {
        float at(int index);
    }

    private static void fill(float[] values, FloatAt source) {
        for (int i = 0; i < values.length; i++) {
            values[i] = source.at(i);
        }
    }

    /** Converts IEEE 754 binary16, which Java supports only from version 20 on. */
    private static float halfToFloat(short half) {
        int exponent = half >> 10 & 0x1F;
        int fraction = half & 0x3FF;
        float magnitude = switch (exponent) {
            case 0 -> fraction * 0x1p-24f;
            case 31 -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> (1024 + fraction) * (float) Math.scalb(1.0, exponent - 25);
        };
        return half < 0 ? -magnitude : magnitude;
    }

    @Override
    public String toString() {
        return type.type() + " " + type.dims();
    }
}
