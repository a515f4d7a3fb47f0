package stir.core.inputs;

import stir.api.BackendException;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.arrays.NpyWriter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Inputs of one shape, in a fixed order, with values in [0,1]. Images have the shape channels x
 * height x width. Every input is found by its index, so that nothing depends on how many are read
 * at a time.
 */
public interface Inputs {
    /** The file or folder, for messages and reports. */
    String source();

    /** How many inputs there are. */
    int count();

    /** The shape of each input: channels x height x width for images, or the length of a vector. */
    Shape shape();

    /** What one input is called: its file's name, or its index. */
    default String name(int index) {
        return Integer.toString(index);
    }

    /** The class of an input from 0, where a file of labels lies beside the inputs. */
    default OptionalInt label(int index) {
        return OptionalInt.empty();
    }

    /**
     * Copies one input into a row of a batch.
     *
     * @param index from 0 to {@code count() - 1}
     * @param into a batch of rows of {@link #shape}
     * @param row where in the batch
     * @throws DataException if the input can't be read or holds NaN
     */
    void read(int index, Batch into, int row);

    /** Reads some inputs, from an index on, into a new batch. */
    default Batch read(int from, int count) {
        var batch = Batch.allocate(count, shape());
        for (int i = 0; i < count; i++) {
            read(from + i, batch, i);
        }
        return batch;
    }

    /**
     * Writes all inputs into a {@code .npy} file of float32, row by row.
     *
     * @throws BackendException if the file can't be written
     */
    default void write(Path npy) {
        var row = Batch.allocate(1, shape());
        try (var writer = new NpyWriter(npy, count(), shape())) {
            for (int i = 0; i < count(); i++) {
                read(i, row, 0);
                writer.write(row);
            }
        }
    }

    /**
     * The first inputs only.
     *
     * @param limit at least 1; if there are fewer inputs, all of them
     */
    default Inputs limit(int limit) {
        if (limit < 1) {
            throw new UsageException(
                    "A limit of " + limit + " leaves no inputs: it must be at least 1.");
        }
        return limit >= count() ? this : new FirstInputs(this, limit);
    }

    /** Copies one of several rows into a row of a batch. */
    @FunctionalInterface
    interface Rows {
        /**
         * As {@link Inputs#read(int, Batch, int)}.
         *
         * @param index from 0
         */
        void read(int index, Batch into, int row);
    }

    /** Inputs without names or labels, read by {@code rows}. */
    static Inputs of(String source, int count, Shape shape, Rows rows) {
        return new RowInputs(source, count, shape, rows);
    }

    /** The rows of a batch, read in place. */
    static Inputs of(Batch batch) {
        return of(
                "memory",
                batch.rows(),
                batch.rowShape(),
                (index, into, row) -> into.copyRow(batch, index, row));
    }

    /**
     * Opens inputs, told by what they are: a folder of PNG and JPEG images (with its subfolders,
     * sorted by path), a {@code .npy} or {@code .npz} array of N x H x W, N x C x H x W, N x H x W
     * x C or N x length, MNIST's IDX files (also {@code .gz}; the labels are taken from the file
     * beside it), or CIFAR's binary batches.
     *
     * @throws UsageException if there is nothing at the path
     * @throws DataException if what is there can't be read as inputs
     */
    static Inputs open(Path path) {
        return open(path, true);
    }

    /**
     * As {@link #open}, but the values of an array may be any finite numbers. Seeds may be such:
     * noise around 0, for example.
     */
    static Inputs openUnbounded(Path path) {
        return open(path, false);
    }

    private static Inputs open(Path path, boolean bounded) {
        if (!Files.exists(path)) {
            throw new UsageException(
                    "There is no file or folder " + path + ": check the path of the inputs.");
        }
        if (Files.isDirectory(path)) {
            return ImageFolder.open(path);
        }
        var name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".npy") || name.endsWith(".npz")) {
            return ArrayInputs.open(path, bounded);
        }
        return ByteImages.open(path);
    }
}
