package stir.core.study.run;

import stir.api.SimilarityMeasure;
import stir.core.runtime.progress.ProgressListener;
import stir.core.study.plan.StudyPlan;
import stir.core.study.plan.Unit;
import stir.core.study.store.ResultStore;

import java.util.Map;

/**
 * Runs units of scores, and counts their scores and similarities. Stored results, of whatever
 * measures, are not computed again. Not thread-safe.
 */
public final class ScoreWork {
    private final StudyPlan plan;
    private final ResultStore store;
    private final Map<String, SimilarityMeasure> measures;
    private final RepresentationCache cache;
    private int computed;
    private int reused;

    /**
     * Creates the work of a plan.
     *
     * @param measures the plan's measures by name
     * @param held the approximate number of bytes of representations that may be held, which
     *     changes time alone
     */
    public ScoreWork(
            StudyPlan plan, ResultStore store, Map<String, SimilarityMeasure> measures, long held) {
        this.plan = plan;
        this.store = store;
        this.measures = measures;
        this.cache = new RepresentationCache(plan.inputs().count(), held);
    }

    /** Returns the number of scores and similarities that were computed. */
    public int computed() {
        return computed;
    }

    /** Returns the number of scores and similarities that were stored before. */
    public int reused() {
        return reused;
    }

    /** Counts the scores of a unit that was done before. */
    public void countReused(Unit.Score unit) {
        reused += comparisons(unit);
    }

    /** Counts the scores of a unit that another process has computed. */
    public void countComputed(Unit.Score unit) {
        computed += comparisons(unit);
    }

    private int comparisons(Unit.Score unit) {
        return PartGroup.pairs(unit, plan).size() * (1 + plan.runs().size());
    }

    /** Returns whether all parts of a unit are stored. */
    public boolean isDone(Unit.Score unit) {
        var block = store.scores(unit.target(), unit.reference());
        var ids = plan.experiment().measures();
        return PartGroup.of(unit, plan, store).stream()
                .flatMap(group -> group.parts().stream())
                .allMatch(part -> part.missing(block, ids).isEmpty());
    }

    /** Computes the missing parts of a unit, and stores all. */
    public void run(Unit.Score unit, NetworkPool networks, ProgressListener listener) {
        var running = new ScoreUnit(unit, plan, store, measures, networks, cache, listener);
        running.run();
        computed += running.computed();
        reused += running.reused();
    }
}
