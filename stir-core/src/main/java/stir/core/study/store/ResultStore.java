package stir.core.study.store;

import stir.api.Batch;
import stir.core.inversion.search.SearchStore;
import stir.core.study.plan.SearchRun;
import stir.core.study.plan.StudiedLayer;
import stir.core.study.plan.Unit;

import java.util.Optional;

/** A store of a study's results: in memory, or in a folder that outlives its process. */
public interface ResultStore {
    /** Returns the store of a search. */
    SearchStore search(StudiedLayer reference, SearchRun run);

    /**
     * Returns the stored block of a target model and a reference model; an empty one if none is.
     */
    ScoreBlock scores(String target, String reference);

    /** Stores a block in place of an older one. */
    void write(ScoreBlock block);

    /**
     * Returns sums over a block of inputs that scores are made from.
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

    /** Returns whether representations are to be stored, which takes much room. */
    boolean keepsRepresentations();

    /**
     * Stores representations.
     *
     * @param at the layer
     * @param shown what the network was shown, as part of a path
     * @param representations one row per input
     */
    void keep(StudiedLayer at, String shown, Batch representations);
}
