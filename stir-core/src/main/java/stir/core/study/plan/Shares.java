package stir.core.study.plan;

import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Divides the units of a stage among shards, with about the same work for each. All shards have to
 * compute the same shares, whatever machine they run on, so nothing is measured: a pass costs the
 * bytes of the model's file, and a unit costs its largest possible number of passes.
 */
final class Shares {
    /** The units per shard in a search stage: enough that one more or less hardly matters. */
    private static final int UNITS_OF_A_SHARD = 4;

    /** The rows per pass; smaller units would waste rows. */
    private static final int PASS = 25;

    /** The cost of a pass that does not grow with the model, in bytes of a model. */
    private static final double OVERHEAD = 1e5;

    private final StudyPlan plan;
    private final Map<String, Double> passes = new HashMap<>();

    Shares(StudyPlan plan) {
        this.plan = plan;
    }

    /** A shard and the cost of its units so far. */
    private record Load(int shard, double cost) {}

    List<Unit> of(Stage stage, Shard shard) {
        var units = plan.units(stage, inputsOfAUnit(shard.count()));
        var costs = units.stream().mapToDouble(this::cost).toArray();
        var loads =
                new PriorityQueue<Load>(Comparator.comparingDouble(Load::cost).thenComparingInt(Load::shard));
        for (int index = 0; index < shard.count(); index++) {
            loads.add(new Load(index, 0));
        }
        var share = new BitSet();
        IntStream.range(0, costs.length)
                .boxed()
                .sorted(Comparator.comparingDouble(unit -> -costs[unit]))
                .forEach(unit -> {
                    var least = loads.remove();
                    loads.add(new Load(least.shard(), least.cost() + costs[unit]));
                    share.set(unit, least.shard() == shard.index());
                });
        return share.stream().mapToObj(units::get).toList(); // model by model
    }

    /** Returns the longest ranges that leave units for each shard. */
    private int inputsOfAUnit(int shards) {
        long inputs = (long) plan.inversions() * plan.inputs().count();
        long passes = inputs / ((long) shards * UNITS_OF_A_SHARD * PASS);
        return (int) Math.max(1, Math.min(passes, StudyPlan.INPUTS_OF_A_UNIT / PASS)) * PASS;
    }

    /** Returns the cost of a unit, relative to other units of the plan. */
    double cost(Unit unit) {
        if (unit instanceof Unit.Search search) {
            var run = plan.run(search.search(), search.repeat());
            return (search.to() - search.from())
                    * (run.settings().iterations() + 1.0)
                    * cost(search.reference().model());
        }
        if (unit instanceof Unit.Score score) {
            int compared = plan.pairs(score.target(), score.reference()).size();
            return (compared + 1.0) * plan.inputs().count() * cost(score.target());
        }
        return 0;
    }

    private double cost(String model) {
        return passes.computeIfAbsent(model, name -> OVERHEAD + plan.model(name).bytes());
    }
}
