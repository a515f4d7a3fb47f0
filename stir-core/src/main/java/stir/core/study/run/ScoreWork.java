package stir.core.study.run;

import stir.api.SimilarityMeasure;
import stir.core.runtime.progress.ProgressListener;
import stir.core.score.compute.BlockSums;
import stir.core.study.plan.StudyPlan;
import stir.core.study.plan.Unit;
import stir.core.study.store.ResultStore;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

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
    boolean isDone(Unit.Score unit) {
        var block = store.scores(unit.target(), unit.reference());
        var ids = plan.experiment().measures();
        return PartGroup.of(unit, plan, store).stream()
                .flatMap(group -> group.parts().stream())
                .allMatch(part -> part.missing(block, ids).isEmpty());
    }

    /** Returns whether the sums of a block are stored, or no longer needed. */
    boolean isDone(Unit.Sums unit) {
        return store.sums(unit, complete(unit.whole())).isPresent() || isDone(unit.whole());
    }

    /** Returns whether the sums of all blocks are stored. */
    public boolean isSummed(Unit.Score unit) {
        var complete = complete(unit); // reads the scores so far, once for all blocks
        return IntStream.range(0, plan.blocks())
                .mapToObj(block -> new Unit.Sums(unit.target(), unit.reference(), block))
                .allMatch(sums -> store.sums(sums, complete).isPresent());
    }

    /**
     * Returns a key of all that a unit's sums depend on, which is stored after the last of them.
     */
    private String complete(Unit.Score unit) {
        var block = store.scores(unit.target(), unit.reference());
        var ids = plan.experiment().measures();
        var all = new StringBuilder("complete ").append(ids);
        for (var group : PartGroup.of(unit, plan, store)) {
            for (var part : group.parts()) {
                all.append(' ').append(part.key()).append(part.missing(block, ids));
            }
        }
        return all.toString();
    }

    /** Computes and stores the sums over a block of inputs. */
    void run(Unit.Sums unit, NetworkPool networks, ProgressListener listener) {
        if (isDone(unit)) {
            return; // a late attempt has nothing to add
        }
        var none = RepresentationCache.holdingNothing(plan.inputs().count()); // one block is read
        unit(unit.whole(), networks, none, new SumsOfBlock(unit), listener).compute();
        store.keepSums(unit, complete(unit.whole()), new byte[0]);
    }

    /** Computes the missing parts of a unit, and stores all. */
    void run(Unit.Score unit, NetworkPool networks, ProgressListener listener) {
        var running = unit(unit, networks, cache, stored(unit), listener);
        running.run();
        computed += running.computed();
        reused += running.reused();
        store.dropSums(unit);
    }

    private ScoreUnit unit(
            Unit.Score unit,
            NetworkPool networks,
            RepresentationCache held,
            BlockSums sums,
            ProgressListener listener) {
        return new ScoreUnit(unit, plan, store, measures, networks, held, sums, listener);
    }

    /** Stores the sums over one block, and puts nothing together. */
    private final class SumsOfBlock implements BlockSums {
        private final Unit.Sums unit;

        SumsOfBlock(Unit.Sums unit) {
            this.unit = unit;
        }

        @Override
        public Optional<byte[]> of(String what, int block, Supplier<byte[]> compute) {
            if (block == unit.block() && store.sums(unit, what).isEmpty()) {
                store.keepSums(unit, what, compute.get());
            }
            return Optional.empty();
        }

        @Override
        public boolean arePartial() {
            return true;
        }
    }

    /** Returns the stored sums; those that are missing are computed. */
    private BlockSums stored(Unit.Score unit) {
        return plan.blocks() == 0
                ? BlockSums.HERE
                : (what, block, compute) ->
                        store.sums(new Unit.Sums(unit.target(), unit.reference(), block), what)
                                .or(() -> Optional.of(compute.get()));
    }
}
