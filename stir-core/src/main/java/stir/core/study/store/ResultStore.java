package stir.core.study.store;

import stir.api.Batch;
import stir.core.inversion.search.SearchStore;
import stir.core.score.StudiedLayer;
import stir.core.study.plan.SearchRun;
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
     * Returns the sums over a block of inputs from which scores are computed.
     *
     * @param unit the block
     * @param what a key of everything that the sums depend on
     * @return empty if they are not stored
     */
    Optional<byte[]> sums(Unit.Sums unit, String what);

    /** Stores sums, until {@link #dropSums}. */
    void keepSums(Unit.Sums unit, String what, byte[] sums);

    /** Removes the sums of a unit whose scores are stored, since nothing needs them any more. */
    void dropSums(Unit.Score unit);

    /** Returns whether representations are to be stored, which takes much room. */
    boolean keepsRepresentations();

    /**
     * Stores representations.
     *
     * @param shown the inputs that the network received, as part of a path
     * @param representations one row per input
     */
    void keep(StudiedLayer at, String shown, Batch representations);
}
