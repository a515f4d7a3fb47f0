package stir.core.inputs;

import stir.api.BackendException;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.arrays.NpyWriter;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Inputs of one shape, in a fixed order, with values in [0,1]. Images have the shape channels x
 * height x width. Every input is found by its index, so that nothing depends on how many are read
 * at a time.
 *
 * @since 0.1.0
 */
public interface Inputs extends Rows {
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

    /** How images were resized and cropped after they were read; empty if they were not. */
    default String preparation() {
        return "";
    }

    /** The class of an input from 0, where labels lie beside the inputs. */
    default OptionalInt label(int index) {
        return OptionalInt.empty();
    }

    /**
     * Reads consecutive inputs into a new batch.
     *
     * @param from the index of the first input
     */
    default Batch read(int from, int count) {
        var batch = Batch.allocate(count, shape());
        read(from, count, batch, 0);
        return batch;
    }

    /**
     * Writes all inputs into a {@code .npy} file of float32, some at a time.
     *
     * @throws BackendException if the file can't be written
     */
    default void write(Path npy) {
        int part = 256; // whose size changes nothing but memory
        try (var writer = new NpyWriter(npy, count(), shape())) {
            for (int from = 0; from < count(); from += part) {
                writer.write(read(from, Math.min(part, count() - from)));
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

    /** Returns inputs without names or labels, read by {@code rows}. */
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
     * Opens inputs as they are: {@link InputsSpec#open} with nothing but a path.
     *
     * @throws UsageException if there is nothing at the path
     * @throws DataException if what is there can't be read as inputs
     */
    static Inputs open(Path path) {
        return InputsSpec.of(path).open();
    }

    /**
     * As {@link #open}, but the values of an array may be any finite numbers. Seeds may be such:
     * noise around 0, for example.
     */
    static Inputs openUnbounded(Path path) {
        return InputsSpec.of(path).open(false);
    }
}
