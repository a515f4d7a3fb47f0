package stir.core.inversion.search;

import java.util.BitSet;
import stir.api.Batch;

/** Receives the rows of a search, in any order. Thread-safe. */
public interface FinishedRows extends AutoCloseable {
    /** Returns a copy of the set of the finished inputs. */
    BitSet finished();

    /**
     * Adds the invariant input of an input, once.
     *
     * @param index the input
     * @param pixels the batch that the invariant input is copied from
     * @param row its row in the batch
     * @param outcome its quality
     * @throws stir.api.BackendException if it can't be stored
     */
    void add(int index, Batch pixels, int row, RowOutcome outcome);

    /**
     * Saves the rows that were added, if it is time to; called from time to time during a search.
     *
     * @throws stir.api.BackendException if they can't be saved
     */
    void checkpoint();

    /**
     * Deletes all stored rows of the range, since the reference is not a function of its input.
     *
     * @throws stir.api.BackendException if they can't be deleted
     */
    default void discard() {}

    /** Saves the rows that were added. */
    @Override
    void close();
}
