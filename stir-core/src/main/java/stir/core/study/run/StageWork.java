package stir.core.study.run;

import java.util.List;
import stir.core.runtime.progress.ProgressListener;
import stir.core.study.plan.Unit;

/**
 * The work of one stage of a study: which of its units are done, and how one is run. Results do not
 * depend on the order of units or on the process. Not thread-safe.
 *
 * @param <U> the stage's units
 */
public interface StageWork<U extends Unit> {
    /** Returns whether results of a unit are missing. */
    boolean isMissing(U unit);

    /** Returns the searches whose results a unit reads. */
    default List<Unit.Gather> needs(U unit) {
        return List.of();
    }

    /**
     * Runs a unit and stores its results. Does nothing if another process has stored them.
     *
     * @param listener the listener that receives the progress
     */
    void run(U unit, ProgressListener listener);

    /** Counts a unit that was done before. */
    default void countReused(U unit) {}

    /** Counts a unit that another process has run. */
    default void countDone(U unit) {}
}
