package stir.core.store;

import stir.api.Batch;

import java.util.BitSet;

/** Takes what a search finds, in whatever order it finds it. Any thread may add rows. */
public interface FoundRows extends AutoCloseable {
    /** The inputs that need no search, since they were found already; a copy. */
    BitSet found();

    /**
     * Takes what was found for an input, once.
     *
     * @param index the input
     * @param pixels holds the invariant input, which is copied
     * @param row where
     * @param outcome how good it is
     * @throws stir.api.BackendException if it can't be kept
     */
    void add(int index, Batch pixels, int row, RowOutcome outcome);

    /**
     * Called now and then while the search runs, when there is time to save what was added.
     *
     * @throws stir.api.BackendException if it can't be saved
     */
    void checkpoint();

    /** Saves what was added, if there is a place for it, and lets go of that place. */
    @Override
    void close();
}
