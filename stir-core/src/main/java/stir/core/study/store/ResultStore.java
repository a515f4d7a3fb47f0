package stir.core.study.store;

import java.util.List;
import java.util.Map;
import stir.api.Batch;
import stir.api.Scale;
import stir.core.inversion.search.SearchStore;
import stir.core.score.StudiedLayer;
import stir.core.study.plan.SearchRun;
import stir.core.study.results.StudyResults;

/** A store of a study's results: in memory, or in a folder that outlives its process. */
public interface ResultStore {
    /**
     * Checks that what is stored may be used, and stores what a run writes before its first unit.
     *
     * @param measures the measures of the plan by name, with the scales of their values
     * @param command the command that repeats the study; empty if no command started it
     * @param replaces whether results that depend on other settings are removed
     * @param mixes whether results of unlike machines may be mixed
     * @throws stir.api.UsageException if something depends on other settings, files or inputs, or
     *     was computed on another CPU type; the message names what differs
     */
    void prepare(Map<String, Scale> measures, String command, boolean replaces, boolean mixes);

    /**
     * Checks that another process has prepared the same study here.
     *
     * @param measures the measures, as for {@link #prepare}
     * @param mixes whether results of unlike machines may be mixed
     * @throws stir.api.UsageException if it has not, or can't be seen from this machine; the
     *     message names the machine and what differs
     */
    void join(Map<String, Scale> measures, boolean mixes);

    /** Returns the names of searches that are stored for layers of the plan and not part of it. */
    List<String> otherSearches();

    /** Returns the store of a search. */
    SearchStore search(StudiedLayer reference, SearchRun run);

    /**
     * Returns the stored block of a target model and a reference model, without the values of measures
     * whose code has changed; an empty one if none is.
     */
    ScoreBlock scores(String target, String reference);

    /** Stores a block in place of an older one. */
    void write(ScoreBlock block);

    /** Stores the results: the document, and the tables of all values and of all differences. */
    void write(StudyResults results);

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
