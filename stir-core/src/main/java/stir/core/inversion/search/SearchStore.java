package stir.core.inversion.search;

import java.util.BitSet;
import java.util.Optional;
import java.util.function.Consumer;
import stir.core.inversion.Inversion;

/**
 * Stores the rows of one search, of one reference with one key of random numbers: by ranges of
 * inputs as they are finished, and in the end all of them.
 */
public interface SearchStore {
    /** Returns all invariant inputs; empty before they are gathered. */
    Optional<Inversion> inversion();

    /**
     * Returns the inputs of a range whose rows are saved, by a search for it or for a range that
     * overlaps with it.
     */
    BitSet finished(int from, int to);

    /** Returns whether all inputs are finished, so that they can be gathered. */
    boolean isFinished();

    /**
     * Opens the store for rows of a range.
     *
     * @param from the first input
     * @param to the input after the last one
     * @param metadata the metadata of the rows that will be added
     * @param notes the consumer that receives a sentence about rows that are stored already
     */
    FinishedRows open(int from, int to, RunMetadata metadata, Consumer<String> notes);

    /**
     * Returns the rows of all inputs together.
     *
     * @throws IllegalStateException if some are missing
     */
    Inversion gather();
}
