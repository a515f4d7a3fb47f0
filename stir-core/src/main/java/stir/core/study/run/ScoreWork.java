package stir.core.study.run;

import java.util.List;
import java.util.Map;
import stir.api.SimilarityMeasure;
import stir.core.runtime.progress.ProgressListener;
import stir.core.study.plan.StudyPlan;
import stir.core.study.plan.Unit;
import stir.core.study.store.CacheKeys;
import stir.core.study.store.ResultStore;

/**
 * Runs units of scores, and counts their scores and similarities. Stored results, of whatever
 * measures, are not computed again. Not thread-safe.
 */
public final class ScoreWork implements StageWork<Unit.Score> {
    private final StudyPlan plan;
    private final ResultStore store;
    private final CacheKeys keys;
    private final Map<String, SimilarityMeasure> measures;
    private final NetworkPool networks;
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
            StudyPlan plan,
            ResultStore store,
            NetworkPool networks,
            Map<String, SimilarityMeasure> measures,
            long held) {
        this.plan = plan;
        this.store = store;
        this.keys = new CacheKeys(plan);
        this.networks = networks;
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

    @Override
    public void countReused(Unit.Score unit) {
        reused += comparisons(unit);
    }

    @Override
    public void countDone(Unit.Score unit) {
        computed += comparisons(unit);
    }

    private int comparisons(Unit.Score unit) {
        return plan.pairs(unit.target(), unit.reference()).size()
                * (1 + plan.runs().size());
    }

    @Override
    public boolean isMissing(Unit.Score unit) {
        var block = store.scores(unit.target(), unit.reference());
        var ids = plan.experiment().measures();
        return PartGroup.of(unit, plan, store, keys).stream()
                .flatMap(group -> group.parts().stream())
                .anyMatch(part -> !part.missing(block, ids).isEmpty());
    }

    @Override
    public List<Unit.Gather> needs(Unit.Score unit) {
        return plan.references(unit.reference()).stream()
                .flatMap(at -> plan.runs().stream().map(run -> new Unit.Gather(at, run.search(), run.repeat())))
                .toList();
    }

    @Override
    public void run(Unit.Score unit, ProgressListener listener) {
        var running = new ScoreUnit(unit, plan, store, keys, measures, networks, cache, listener);
        running.run();
        computed += running.computed();
        reused += running.reused();
    }
}
