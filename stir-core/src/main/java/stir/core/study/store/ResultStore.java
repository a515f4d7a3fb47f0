package stir.core.study.store;

import stir.api.Batch;
import stir.core.store.SearchPlace;
import stir.core.study.plan.SearchRun;
import stir.core.study.plan.StudiedLayer;
import stir.core.study.plan.Unit;

import java.util.Optional;

/** Where a study keeps what its units find: in memory, or in a folder that outlives its process. */
public interface ResultStore {
    /** The place of a search. */
    SearchPlace search(StudiedLayer reference, SearchRun run);

    /** What is stored of a target model and a reference model; an empty block if nothing is. */
    ScoreBlock scores(String target, String reference);

    /** Stores a block in place of what was there. */
    void write(ScoreBlock block);

    /**
     * Sums over a block of inputs that scores are put together from.
     *
     * @param unit the block
     * @param what they are of, by all that they depend on
     * @return empty if they are not stored
     */
    Optional<byte[]> sums(Unit.Sums unit, String what);

    /** Stores sums, until {@link #dropSums}. */
    void keepSums(Unit.Sums unit, String what, byte[] sums);

    /** Removes the sums of scores that are stored. */
    void dropSums(Unit.Score unit);

    /** Whether representations are to be kept, which takes much room. */
    boolean keepsRepresentations();

    /**
     * Keeps representations.
     *
     * @param at the layer
     * @param shown what the network was shown, as part of a path
     * @param representations one row an input
     */
    void keep(StudiedLayer at, String shown, Batch representations);
}
