package stir.core.store;

import stir.core.inversion.Inversion;

import java.util.BitSet;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where one search, of one reference with one key of random numbers, keeps what it finds: rows as
 * they are found, by ranges of inputs, and in the end all of them.
 */
public interface SearchPlace {
    /** What was found, once it has been gathered; empty before. */
    Optional<Inversion> inversion();

    /**
     * The inputs of a range that were found, as far as that is saved, by whoever searched for it or
     * for a range that overlaps with it.
     */
    BitSet found(int from, int to);

    /** Whether all inputs were found, so that they can be gathered. */
    boolean isFound();

    /**
     * Opens the place for rows of a range.
     *
     * @param from the first input
     * @param to the input after the last one
     * @param circumstances of the rows that will be added
     * @param notes told what is there already, a sentence each
     */
    FoundRows open(int from, int to, Circumstances circumstances, Consumer<String> notes);

    /**
     * Puts the rows of all inputs together.
     *
     * @throws IllegalStateException if some are missing
     */
    Inversion gather();
}
