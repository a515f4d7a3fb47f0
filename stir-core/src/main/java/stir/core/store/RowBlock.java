package stir.core.store;

import stir.api.Batch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Some rows that a search has found, as one {@link SealedFile} keeps them (little-endian): the
 * length of the {@link Circumstances} and their text; the number of rows, the number of values of
 * each; for each row its index, passes, restarts, residual, distance moved and its bound, residuals
 * at milestones and values. For one thread at a time.
 */
final class RowBlock {
    private static final String KIND = "STIRROW5";
    private static final int ROW = 3 * Integer.BYTES + 3 * Double.BYTES;

    private final String identity;
    private final byte[] circumstances;
    private final int rowSize;
    private final int milestones;
    private final ByteBuffer bytes;
    private final float[] values;

    /**
     * A block without rows.
     *
     * @param identityHash of what the rows belong to, 64 letters
     * @param circumstances of the rows that will be added
     * @param layout what there is of each row
     * @param mostRows how many rows it may hold
     */
    RowBlock(String identityHash, Circumstances circumstances, RowLayout layout, int mostRows) {
        this.identity = identityHash;
        this.circumstances = circumstances.text().getBytes(StandardCharsets.UTF_8);
        this.rowSize = layout.shape().size();
        this.milestones = layout.milestones().count();
        this.values = new float[rowSize];
        this.bytes =
                ByteBuffer.allocate(Math.multiplyExact(mostRows, rowBytes()))
                        .order(ByteOrder.LITTLE_ENDIAN);
    }

    private int rowBytes() {
        return rowBytes(rowSize, milestones);
    }

    private static int rowBytes(int rowSize, int milestones) {
        return ROW + Float.BYTES * (milestones + rowSize);
    }

    /** The most bytes that its file may have. */
    int mostFileBytes() {
        return SealedFile.header(KIND)
                + 3 * Integer.BYTES
                + circumstances.length
                + bytes.capacity()
                + Long.BYTES;
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
                .putDouble(outcome.moved())
                .putDouble(outcome.movedAtLeast());
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
        SealedFile.write(
                out,
                KIND,
                identity,
                content -> {
                    var header =
                            ByteBuffer.allocate(3 * Integer.BYTES + circumstances.length)
                                    .order(ByteOrder.LITTLE_ENDIAN);
                    header.putInt(circumstances.length).put(circumstances);
                    header.putInt(rows()).putInt(rowSize);
                    content.write(header.array());
                    content.write(bytes.array(), 0, bytes.position());
                });
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
     * Reads a file.
     *
     * @param identityHash what its rows have to belong to
     * @param layout what there is of each row
     * @return how its rows were found; empty, and no row is handed over, if it is damaged or not
     *     such a file
     */
    static Optional<Circumstances> read(
            Path file, String identityHash, RowLayout layout, Reader reader) throws IOException {
        var content = SealedFile.read(file, KIND, identityHash);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        var in = ByteBuffer.wrap(content.get()).order(ByteOrder.LITTLE_ENDIAN);
        var text = new byte[in.getInt()];
        in.get(text);
        int rows = in.getInt();
        int rowSize = in.getInt();
        int milestones = layout.milestones().count();
        int rowBytes = rowBytes(rowSize, milestones);
        if (rowSize != layout.shape().size() || in.remaining() != (long) rows * rowBytes) {
            return Optional.empty();
        }
        for (int row = 0; row < rows; row++) {
            int index = in.getInt(in.position() + row * rowBytes);
            if (index < 0 || index >= layout.count()) {
                return Optional.empty();
            }
        }
        var values = new float[rowSize];
        for (int row = 0; row < rows; row++) {
            int index = in.getInt();
            int passes = in.getInt();
            int restarts = in.getInt();
            double residual = in.getDouble();
            double moved = in.getDouble();
            double movedAtLeast = in.getDouble();
            var outcome =
                    new RowOutcome(
                            residual,
                            passes,
                            moved,
                            movedAtLeast,
                            restarts,
                            course(in, milestones));
            in.asFloatBuffer().get(values);
            in.position(in.position() + Float.BYTES * rowSize);
            reader.row(index, outcome, values);
        }
        return Optional.of(Circumstances.parse(new String(text, StandardCharsets.UTF_8)));
    }

    private static Course course(ByteBuffer in, int milestones) {
        var residuals = new float[milestones];
        for (int i = 0; i < milestones; i++) {
            residuals[i] = in.getFloat();
        }
        return Course.of(residuals);
    }
}
