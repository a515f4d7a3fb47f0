package stir.core.arrays;

import stir.api.BackendException;
import stir.api.Batch;
import stir.api.Shape;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes rows of float32 into a {@code .npy} file, part by part. Its opener closes it. */
public final class NpyWriter implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final int rows;
    private int written;

    /**
     * Begins a file, in the place of one that is there.
     *
     * @param file the file
     * @param rows how many rows there will be
     * @param rowShape the shape of each
     * @throws BackendException if it can't be written
     */
    public NpyWriter(Path file, int rows, Shape rowShape) {
        this.file = file;
        this.rows = rows;
        try {
            channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failure(e);
        }
        try {
            NpyFile.writeFully(channel, NpyFile.header(rows, rowShape));
        } catch (IOException e) {
            close();
            throw failure(e);
        }
    }

    private BackendException failure(IOException e) {
        return new BackendException(
                "%s could not be written (%s): free some disk, or name another folder."
                        .formatted(file, e.getMessage()),
                e);
    }

    /**
     * Writes the next rows.
     *
     * @throws BackendException if they can't be written
     */
    public void write(Batch part) {
        try {
            NpyFile.writeFully(channel, NpyFile.littleEndian(part));
            written += part.rows();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /**
     * Makes sure that all rows are on the disk.
     *
     * @throws BackendException if they can't be written
     * @throws IllegalStateException if there are rows that have not been given
     */
    public void complete() {
        if (written != rows) {
            throw new IllegalStateException("Of %d rows %d are there".formatted(rows, written));
        }
        try {
            channel.force(true);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failure(e);
        }
    }
}
