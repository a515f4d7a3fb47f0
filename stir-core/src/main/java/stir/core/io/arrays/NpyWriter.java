package stir.core.io.arrays;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import stir.api.BackendException;
import stir.api.Batch;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.support.IoReason;
import stir.core.io.files.ExistingPath;

/**
 * Writes rows of float32 into a {@code .npy} file that NumPy reads, part by part, so that memory
 * does not grow with the file. Not thread-safe; an interrupted thread does not close it. The caller
 * that opens it closes it.
 *
 * @since 0.1.0
 */
public final class NpyWriter implements AutoCloseable {
    private static final int CHUNK = 1 << 14;

    private final Path path;
    private final RandomAccessFile file;
    private final int start;
    private final int rows;
    private final int rowSize;
    private final ByteBuffer bytes;
    private int written;

    /**
     * Creates a writer of a new file, in place of an existing one.
     *
     * @param file the file
     * @param rows the number of rows of the complete file
     * @param rowShape the shape of each
     * @throws BackendException if it can't be written
     */
    public NpyWriter(Path file, int rows, Shape rowShape) {
        this(file, rows, rowShape, OptionalInt.empty());
    }

    /**
     * Resumes a file where an earlier writer was stopped, or begins it. No other writer can resume
     * it until it is closed.
     *
     * @param file the file
     * @param rows the number of rows of the complete file
     * @param rowShape the shape of each
     * @param doubtful the number of its last rows that are written again: those that may not have
     *     reached the disk since {@link #sync}
     * @throws UsageException if another run is writing it, or it is a link
     * @throws BackendException if it can't be written
     */
    public static NpyWriter resume(Path file, int rows, Shape rowShape, int doubtful) {
        return new NpyWriter(file, rows, rowShape, OptionalInt.of(doubtful));
    }

    private NpyWriter(Path file, int rows, Shape rowShape, OptionalInt doubtful) {
        this.path = file;
        this.rows = rows;
        this.rowSize = rowShape.size();
        this.bytes = ByteBuffer.allocate(Float.BYTES * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        var header = header(rows, rowShape);
        this.start = header.length;
        if (doubtful.isPresent()) {
            ExistingPath.checkNoLink(file);
        }
        try {
            this.file = new RandomAccessFile(file.toFile(), "rw");
        } catch (IOException e) {
            throw failure(e);
        }
        try {
            if (doubtful.isPresent()) {
                lock();
            }
            if (doubtful.isEmpty() || !resumes(header, doubtful.getAsInt())) {
                this.file.setLength(0);
                this.file.write(header);
            }
        } catch (IOException e) {
            close();
            throw failure(e);
        }
    }

    /** Skips the rows that are written already, if the file has the same header. */
    private boolean resumes(byte[] header, int doubtful) throws IOException {
        var existing = new byte[header.length];
        if (file.length() >= start) {
            file.readFully(existing);
        }
        if (!Arrays.equals(existing, header)) {
            file.seek(0);
            return false;
        }
        long rowBytes = (long) Float.BYTES * rowSize;
        long whole = (file.length() - start) / rowBytes;
        written = (int) Math.max(0, Math.min(whole, rows) / doubtful * doubtful - doubtful);
        file.setLength(start + written * rowBytes);
        file.seek(file.length());
        return true;
    }

    /** Locks the file; the lock ends when the file is closed or the process ends. */
    private void lock() throws IOException {
        boolean free;
        try {
            free = file.getChannel().tryLock() != null;
        } catch (OverlappingFileLockException e) { // another writer of this process
            free = false;
        }
        if (!free) {
            close();
            throw new UsageException(
                    "Another run is writing %s: wait until it has ended, or choose another file.".formatted(path));
        }
    }

    private static byte[] header(int rows, Shape rowShape) {
        var shape = new int[1 + rowShape.rank()];
        shape[0] = rows;
        System.arraycopy(rowShape.dimensions(), 0, shape, 1, rowShape.rank());
        return NpyHeader.ofFloats(shape);
    }

    /**
     * Writes a file of a batch's rows.
     *
     * @throws BackendException if it can't be written
     */
    public static void write(Path file, Batch batch) {
        try (var writer = new NpyWriter(file, batch.rows(), batch.rowShape())) {
            writer.write(batch);
        }
    }

    private BackendException failure(IOException e) {
        return new BackendException(
                "%s could not be written (%s): %s, or choose another folder."
                        .formatted(path, IoReason.of(e), IoReason.remedy(e)),
                e);
    }

    /**
     * Writes the next rows.
     *
     * @throws BackendException if they can't be written
     */
    public void write(Batch part) {
        write(part.buffer());
        written += part.rows();
    }

    private void write(FloatBuffer values) {
        try {
            while (values.hasRemaining()) {
                int count = Math.min(values.remaining(), bytes.capacity() / Float.BYTES);
                bytes.asFloatBuffer().put(values.slice(values.position(), count));
                values.position(values.position() + count);
                file.write(bytes.array(), 0, count * Float.BYTES);
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Brings all rows to the disk.
     *
     * @throws BackendException if they can't be written
     * @throws IllegalStateException if rows are missing
     */
    public void complete() {
        if (written < rows) {
            throw new IllegalStateException("Of %d rows %d are there".formatted(rows, written));
        }
        sync();
    }

    /**
     * Brings the rows so far to the disk.
     *
     * @throws BackendException if they can't be written
     */
    public void sync() {
        try {
            file.getFD().sync();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Returns the number of rows that were written, by earlier writers, too. */
    public int written() {
        return written;
    }

    /** Closes the file. Idempotent. */
    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw failure(e);
        }
    }
}
