package stir.core.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import stir.api.Batch;
import stir.core.inversion.Inversion;
import stir.core.inversion.search.ConvergenceTrace;
import stir.core.inversion.search.RowLayout;
import stir.core.inversion.search.RowOutcome;
import stir.core.inversion.search.RunMetadata;

/**
 * Some rows of a search as the content of a {@link ChecksummedFile} (little-endian): the length and
 * the text of the {@link RunMetadata}; the number of rows and the number of values of each; for
 * each row its index, passes, restarts, residual, distance moved and its bound, distance from the
 * input, residuals at checkpoints and values. Not thread-safe.
 */
final class RowBlock {
    private static final String KIND = "STIRROW6";
    private static final int ROW = 3 * Integer.BYTES + 4 * Double.BYTES;

    private final String cacheKey;
    private final byte[] metadata;
    private final int rowSize;
    private final int checkpoints;
    private final ByteBuffer bytes;
    private final float[] values;

    /**
     * Creates a block without rows.
     *
     * @param keyHash the hash of the search's cache key, 64 hexadecimal digits
     * @param metadata the metadata of the rows that will be added
     * @param layout the layout of the rows of the search
     * @param mostRows the maximum number of rows of a block
     */
    RowBlock(String keyHash, RunMetadata metadata, RowLayout layout, int mostRows) {
        this.cacheKey = keyHash;
        this.metadata = metadata.text().getBytes(StandardCharsets.UTF_8);
        this.rowSize = layout.shape().size();
        this.checkpoints = layout.schedule().count();
        this.values = new float[rowSize];
        this.bytes =
                ByteBuffer.allocate(Math.multiplyExact(mostRows, rowBytes())).order(ByteOrder.LITTLE_ENDIAN);
    }

    private int rowBytes() {
        return rowBytes(rowSize, checkpoints);
    }

    private static int rowBytes(int rowSize, int checkpoints) {
        return ROW + Float.BYTES * (checkpoints + rowSize);
    }

    /** Returns the maximum number of bytes that its file may have. */
    int mostFileBytes() {
        return ChecksummedFile.header(KIND) + 3 * Integer.BYTES + metadata.length + bytes.capacity() + Long.BYTES;
    }

    int rows() {
        return bytes.position() / rowBytes();
    }

    boolean isFull() {
        return !bytes.hasRemaining();
    }

    /** Adds a row to a block that is not full. */
    void add(int index, Batch pixels, int row, RowOutcome outcome) {
        var inversionRow = outcome.row();
        bytes.putInt(index)
                .putInt(inversionRow.passes())
                .putInt(inversionRow.restarts())
                .putDouble(inversionRow.residual())
                .putDouble(inversionRow.moved())
                .putDouble(inversionRow.movedAtLeast())
                .putDouble(inversionRow.distance());
        for (int i = 0; i < checkpoints; i++) {
            bytes.putFloat(outcome.trace().at(i));
        }
        pixels.buffer().get(row * rowSize, values);
        bytes.asFloatBuffer().put(values);
        bytes.position(bytes.position() + Float.BYTES * rowSize);
    }

    /** Removes all rows. */
    void clear() {
        bytes.clear();
    }

    /** Writes the content of a file. */
    void writeTo(OutputStream out) throws IOException {
        ChecksummedFile.write(out, KIND, cacheKey, content -> {
            var header =
                    ByteBuffer.allocate(3 * Integer.BYTES + metadata.length).order(ByteOrder.LITTLE_ENDIAN);
            header.putInt(metadata.length).put(metadata);
            header.putInt(rows()).putInt(rowSize);
            content.write(header.array());
            content.write(bytes.array(), 0, bytes.position());
        });
    }

    /** Receives the rows of a file. */
    @FunctionalInterface
    interface RowConsumer {
        /**
         * Receives one row.
         *
         * @param values an array that is reused for the next row
         */
        void accept(int index, RowOutcome outcome, float[] values) throws IOException;
    }

    /**
     * Reads a file.
     *
     * @param keyHash the hash of the cache key of the search that the rows must belong to
     * @param layout the layout of the rows of the search
     * @return how its rows were found; empty, without a row passed to the reader, if the file is
     *     damaged or of another kind
     */
    static Optional<RunMetadata> read(Path file, String keyHash, RowLayout layout, RowConsumer reader)
            throws IOException {
        var content = ChecksummedFile.read(file, KIND, keyHash);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        var in = ByteBuffer.wrap(content.get()).order(ByteOrder.LITTLE_ENDIAN);
        var text = new byte[in.getInt()];
        in.get(text);
        int rows = in.getInt();
        int rowSize = in.getInt();
        int checkpoints = layout.schedule().count();
        int rowBytes = rowBytes(rowSize, checkpoints);
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
            double distance = in.getDouble();
            var outcome = new RowOutcome(
                    new Inversion.Row(residual, passes, moved, movedAtLeast, restarts, distance),
                    trace(in, checkpoints));
            in.asFloatBuffer().get(values);
            in.position(in.position() + Float.BYTES * rowSize);
            reader.accept(index, outcome, values);
        }
        return Optional.of(RunMetadata.parse(new String(text, StandardCharsets.UTF_8)));
    }

    private static ConvergenceTrace trace(ByteBuffer in, int checkpoints) {
        var residuals = new float[checkpoints];
        for (int i = 0; i < checkpoints; i++) {
            residuals[i] = in.getFloat();
        }
        return ConvergenceTrace.of(residuals);
    }
}
