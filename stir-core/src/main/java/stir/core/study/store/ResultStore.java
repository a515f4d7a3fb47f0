package stir.core.study.store;

import stir.api.Batch;
import stir.core.inversion.search.SearchStore;
import stir.core.score.StudiedLayer;
import stir.core.study.plan.SearchRun;

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
