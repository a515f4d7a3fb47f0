package stir.core.store;

import stir.api.Batch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Some rows that a search has found, as one file keeps them (little-endian): the 8 letters {@code
 * STIRROW2}, the identity's hash (64 letters), the number of rows, the number of values of each;
 * for each row its index, passes, restarts, residual, distance moved, residuals at milestones and
 * values; and a CRC-32C of all before it. For one thread at a time.
 */
final class RowBlock {
    private static final byte[] MAGIC = "STIRROW2".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 8 + 64 + 2 * Integer.BYTES;
    private static final int ROW = 3 * Integer.BYTES + 2 * Double.BYTES;

    private final byte[] identity;
    private final int rowSize;
    private final int milestones;
    private final ByteBuffer bytes;
    private final float[] values;

    /**
     * A block without rows.
     *
     * @param identityHash of what the rows belong to, 64 letters
     * @param layout what there is of each row
     * @param mostRows how many rows it may hold
     */
    RowBlock(String identityHash, RowLayout layout, int mostRows) {
        this.identity = identityHash.getBytes(StandardCharsets.US_ASCII);
        this.rowSize = layout.shape().size();
        this.milestones = layout.milestones().count();
        this.values = new float[rowSize];
        this.bytes =
                ByteBuffer.allocate(Math.multiplyExact(mostRows, rowBytes()))
                        .order(ByteOrder.LITTLE_ENDIAN);
    }

    private int rowBytes() {
        return ROW + Float.BYTES * (milestones + rowSize);
    }

    /** The most bytes that its file may have. */
    int mostFileBytes() {
        return HEADER + bytes.capacity() + Long.BYTES;
    }

    int rows() {
        return bytes.position() / rowBytes();
    }

    boolean isFull() {
        return !bytes.hasRemaining();
    }

    /** Takes a row; there must be room. */
    void add(int index, Batch pixels, int row, RowOutcome outcome) {
        bytes.putInt(index)
                .putInt(outcome.passes())
                .putInt(outcome.restarts())
                .putDouble(outcome.residual())
                .putDouble(outcome.moved());
        for (int i = 0; i < milestones; i++) {
            bytes.putFloat(outcome.course().at(i));
        }
        pixels.buffer().get(row * rowSize, values);
        bytes.asFloatBuffer().put(values);
        bytes.position(bytes.position() + Float.BYTES * rowSize);
    }

    /** Forgets all rows. */
    void clear() {
        bytes.clear();
    }

    /** Writes the file. */
    void writeTo(OutputStream out) throws IOException {
        var header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.put(MAGIC).put(identity).putInt(rows()).putInt(rowSize);
        var checksum = new CRC32C();
        checksum.update(header.array());
        checksum.update(bytes.array(), 0, bytes.position());
        out.write(header.array());
        out.write(bytes.array(), 0, bytes.position());
        out.write(
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(checksum.getValue())
                        .array());
    }

    /** Takes the rows of a file. */
    @FunctionalInterface
    interface Reader {
        /**
         * Takes one row.
         *
         * @param values is used again for the next row
         */
        void row(int index, RowOutcome outcome, float[] values) throws IOException;
    }

    /**
     * Reads a file whose rows belong to the same identity and have the same size as this block's,
     * which are not touched.
     *
     * @param count indices are below it
     * @return false, and no row is handed over, if it is damaged or not such a file
     */
    boolean read(Path file, int count, Reader reader) throws IOException {
        var content = Files.readAllBytes(file);
        if (content.length < HEADER + Long.BYTES) {
            return false;
        }
        var in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        var checksum = new CRC32C();
        checksum.update(content, 0, content.length - Long.BYTES);
        var start = new byte[MAGIC.length + identity.length];
        in.get(start);
        int rows = in.getInt();
        if (checksum.getValue() != in.getLong(content.length - Long.BYTES)
                || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                || !Arrays.equals(start, MAGIC.length, start.length, identity, 0, identity.length)
                || in.getInt() != rowSize
                || content.length != HEADER + (long) rows * rowBytes() + Long.BYTES) {
            return false;
        }
        for (int row = 0; row < rows; row++) {
            int index = in.getInt(HEADER + row * rowBytes());
            if (index < 0 || index >= count) {
                return false;
            }
        }
        for (int row = 0; row < rows; row++) {
            int index = in.getInt();
            int passes = in.getInt();
            int restarts = in.getInt();
            double residual = in.getDouble();
            double moved = in.getDouble();
            var outcome = new RowOutcome(residual, passes, moved, restarts, course(in));
            in.asFloatBuffer().get(values);
            in.position(in.position() + Float.BYTES * rowSize);
            reader.row(index, outcome, values);
        }
        return true;
    }

    private Course course(ByteBuffer in) {
        var residuals = new float[milestones];
        for (int i = 0; i < milestones; i++) {
            residuals[i] = in.getFloat();
        }
        return Course.of(residuals);
    }
}
