package stir.core.inputs;

import stir.api.Batch;

/**
 * Rows that are read by their index.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Rows {
    /**
     * Copies one of the rows into a row of a batch.
     *
     * @param index the index of the row, from 0
     * @param into a batch whose rows have the same shape
     * @param row the row of the batch to write
     * @throws stir.api.DataException if the row can't be read or holds NaN
     */
    void read(int index, Batch into, int row);

    /** Returns the index of the input that a row belongs to, for its side inputs. */
    default int input(int index) {
        return index;
    }

    /**
     * Copies consecutive rows into consecutive rows of a batch. Faster than one by one if rows are
     * in a file.
     *
     * @param from the index of the first row
     * @param count the number of rows
     * @param into a batch whose rows have the same shape
     * @param row the first row in the batch
     */
    default void read(int from, int count, Batch into, int row) {
        for (int i = 0; i < count; i++) {
            read(from + i, into, row + i);
        }
    }
}
