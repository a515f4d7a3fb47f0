package stir.core.store;

import stir.api.Batch;
import stir.core.inversion.Inversion;

import java.util.BitSet;
import java.util.Optional;

/** Keeps what a search finds, in whatever order it finds it. Any thread may add rows. */
public interface FoundRows extends AutoCloseable {
    /** What was found, if that is complete already and no search is needed. */
    Optional<Inversion> inversion();

    /** The inputs that were found already when the search began; a copy. */
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

    /**
     * What was found, when that is all.
     *
     * @param fakeRelu whether a fake ReLU was in effect
     * @param calibrationPasses the row passes that were made before the search
     */
    Inversion finish(boolean fakeRelu, int calibrationPasses);

    /** Saves what was added, if there is a place for it, and lets go of that place. */
    @Override
    void close();
}
