package stir.core.arrays;

import stir.api.Batch;
import stir.api.Shape;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Writes a {@code .npy} file of float32 row by row, in any order, so that no more than a row is
 * held in memory. Rows that were not written are zeros. For one thread at a time.
 */
public final class NpyRowWriter implements AutoCloseable {
    private final RandomAccessFile file;
    private final long start;
    private final float[] values;
    private final byte[] bytes;
    private final ByteBuffer buffer;

    /**
     * Creates a file, or replaces one, whose array has the shape count x rowShape.
     *
     * @throws IOException if it can't be written
     */
    public NpyRowWriter(Path path, int count, Shape rowShape) throws IOException {
        var header = NpyFile.header(count, rowShape).array();
        start = header.length;
        values = new float[rowShape.size()];
        bytes = new byte[Float.BYTES * values.length];
        buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        file = new RandomAccessFile(path.toFile(), "rw");
        try {
            file.setLength(0);
            file.write(header);
            file.setLength(start + (long) count * bytes.length);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Writes a row.
     *
     * @param index its index in the file
     * @param batch holds the values
     * @param row in this row
     */
    public void write(int index, Batch batch, int row) throws IOException {
        batch.buffer().get(row * values.length, values);
        write(index, values);
    }

    /** Writes a row of so many values as a row has. */
    public void write(int index, float[] row) throws IOException {
        buffer.clear();
        buffer.asFloatBuffer().put(row);
        file.seek(start + (long) index * bytes.length);
        file.write(bytes);
    }

    /** Waits until all rows are on the disk. */
    public void sync() throws IOException {
        file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
