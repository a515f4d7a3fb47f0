package stir.core.study.run;

import stir.core.inversion.search.SearchStore;
import stir.core.runtime.progress.ProgressListener;
import stir.core.study.plan.StudyPlan;
import stir.core.study.plan.Unit;
import stir.core.study.store.ResultStore;

/** Merges the ranges of searches, and counts the searches that this run has made. */
public final class GatherWork implements StageWork<Unit.Gather> {
    private final StudyPlan plan;
    private final ResultStore store;
    private int made;

    /** Creates the work of a plan. */
    public GatherWork(StudyPlan plan, ResultStore store) {
        this.plan = plan;
        this.store = store;
    }

    /** Returns the number of searches that were merged in this run. */
    public int made() {
        return made;
    }

    @Override
    public boolean isMissing(Unit.Gather unit) {
        return search(unit).inversion().isEmpty();
    }

    /** Returns whether a search has finished all inputs and can be merged. */
    public boolean isReady(Unit.Gather unit) {
        return search(unit).isFinished();
    }

    @Override
    public void run(Unit.Gather unit, ProgressListener listener) {
        search(unit).gather();
        made++;
    }

    @Override
    public void countDone(Unit.Gather unit) {
        made++;
    }

    /** Removes files that late attempts have left next to a merged search. */
    public void clean(Unit.Gather unit) {
        search(unit).gather();
    }

    private SearchStore search(Unit.Gather unit) {
        return store.search(unit.reference(), plan.run(unit.search(), unit.repeat()));
    }
}
