package stir.core.inputs;

import java.nio.file.Path;
import stir.api.BackendException;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.io.arrays.NpyWriter;

/**
 * Inputs with the same shape, in a fixed order. They are read as values in [0,1]; values of another
 * {@link InputFacts#range} are mapped to it. Images have the shape channels x height x width.
 * Indices are from 0 to {@code count() - 1}. Inputs are read by index, so results do not depend on
 * the number that is read at a time.
 *
 * @since 0.1.0
 */
public interface Inputs extends Rows {
    /** Returns the facts about the inputs: their source, range, labels, padding and others. */
    InputFacts facts();

    /** Returns the number of inputs: all, unless they were limited. */
    default int count() {
        return facts().total();
    }

    /**
     * Returns the shape of each input: channels x height x width for images, or the length of a
     * vector.
     */
    Shape shape();

    /** Returns the name of an input: the name of its file, or its index. */
    default String name(int index) {
        return Integer.toString(index);
    }

    /**
     * Reads consecutive inputs into a new batch.
     *
     * @param from the index of the first input
     * @param count the number of inputs
     */
    default Batch read(int from, int count) {
        var batch = Batch.allocate(count, shape());
        read(from, count, batch, 0);
        return batch;
    }

    /**
     * Writes all inputs, with values in [0,1], into a {@code .npy} file of float32.
     *
     * @throws BackendException if the file can't be written
     */
    default void write(Path npy) {
        int part = 256; // limits the memory in use
        try (var writer = new NpyWriter(npy, count(), shape())) {
            for (int from = 0; from < count(); from += part) {
                writer.write(read(from, Math.min(part, count() - from)));
            }
        }
    }

    /**
     * Returns the first inputs only.
     *
     * @param limit the maximum number of inputs, at least 1; all are returned if there are fewer
     * @throws UsageException if the limit is below 1
     */
    default Inputs limit(int limit) {
        if (limit < 1) {
            throw new UsageException("The limit must be at least 1, not " + limit + ".");
        }
        return limit >= count() ? this : new FirstInputs(this, limit);
    }

    /**
     * Returns these inputs with their values mapped from a range to [0,1].
     *
     * @param other the range of all values, which are not checked
     * @throws UsageException if the range does not fit the number of channels
     */
    default Inputs in(ValueRange other) {
        return other.isUnit() ? this : new RangedInputs(this, other);
    }

    /**
     * Creates inputs without labels, named by their indices.
     *
     * @param source the source, for messages and reports
     * @param count the number of inputs
     * @param shape the shape of each input
     * @param rows the reader of inputs, as values in [0,1]
     */
    static Inputs of(String source, int count, Shape shape, Rows rows) {
        return of(InputFacts.of(source, count), shape, rows);
    }

    /**
     * Creates inputs with labels, lengths or other facts, named by their indices.
     *
     * @param facts the facts, with the number of inputs
     * @param shape the shape of each input
     * @param rows the reader of inputs, as values in [0,1]
     */
    static Inputs of(InputFacts facts, Shape shape, Rows rows) {
        return new RowInputs(facts, shape, rows);
    }

    /**
     * Creates inputs from a batch, which is not copied and must not change. Seeds may have any
     * values; {@link #of(String, int, Shape, Rows)} creates such rows.
     *
     * @throws DataException if a value is outside [0,1]
     */
    static Inputs of(Batch batch) {
        return of(batch, ValueRange.UNIT);
    }

    /**
     * Creates inputs from a batch with another range, which is not copied and must not change.
     *
     * @throws DataException if a value is outside the range
     */
    static Inputs of(Batch batch, ValueRange range) {
        Rows rows = (index, into, row) -> into.copyRow(batch, index, row);
        var inputs = of("memory", batch.rows(), batch.rowShape(), rows);
        return RangedInputs.of(inputs, new RangeChoice.Given(range));
    }

    /**
     * Opens inputs without resizing: {@link InputsSpec#open} with only a path.
     *
     * @throws UsageException if nothing exists at the path
     * @throws DataException if the file or folder can't be read as inputs
     */
    static Inputs open(Path path) {
        return InputsSpec.of(path).open();
    }
}
