package stir.core.arrays;

import stir.api.BackendException;
import stir.api.Batch;
import stir.api.Shape;

import java.io.IOException;
import java.nio.file.Path;

/** Writes rows of float32 into a {@code .npy} file, part by part. Its opener closes it. */
public final class NpyWriter implements AutoCloseable {
    private final Path file;
    private final NpyRowWriter out;
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
            out = new NpyRowWriter(file, rows, rowShape);
        } catch (IOException e) {
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
            for (int row = 0; row < part.rows(); row++) {
                out.write(written++, part, row);
            }
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
            out.sync();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw failure(e);
        }
    }
}
