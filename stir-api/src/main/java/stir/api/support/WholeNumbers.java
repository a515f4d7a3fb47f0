package stir.api.support;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import stir.api.Batch;
import stir.api.Remedy;
import stir.api.UsageException;

/**
 * The conversion of batches to integers and booleans, for tensors of these types.
 *
 * @since 0.1.0
 */
public final class WholeNumbers {
    /** The largest integer up to which floats represent all integers. */
    public static final int LARGEST = 1 << 24;

    private WholeNumbers() {}

    /**
     * Returns a copy of all values, rounded, in row-major order, in direct memory and native order.
     *
     * @param width the bytes of a number: 1, 2, 4 or 8
     * @param signed whether a number may be negative
     * @throws UsageException if a value does not fit
     */
    public static ByteBuffer of(Batch batch, int width, boolean signed) {
        int count = batch.rows() * batch.rowSize();
        var bytes = ByteBuffer.allocateDirect(count * width).order(ByteOrder.nativeOrder());
        var values = batch.buffer();
        for (int i = 0; i < count; i++) {
            long value = Math.round((double) values.get(i));
            switch (width) {
                case 1 -> bytes.put((byte) fitting(value, Byte.SIZE, signed));
                case 2 -> bytes.putShort((short) fitting(value, Short.SIZE, signed));
                case 4 -> bytes.putInt((int) fitting(value, Integer.SIZE, signed));
                default -> bytes.putLong(value);
            }
        }
        return bytes.flip();
    }

    private static long fitting(long value, int bits, boolean signed) {
        long least = signed ? -(1L << (bits - 1)) : 0;
        long most = least + (1L << bits) - 1;
        if (value < least || value > most) {
            throw new UsageException(
                    "A side input contains %d, but the model requires integers from %d to %d."
                            .formatted(value, least, most),
                    Remedy.GIVE_INPUT);
        }
        return value;
    }
}
