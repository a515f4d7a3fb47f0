package stir.core.study;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;
import stir.core.inputs.Inputs;
import stir.core.inversion.NearestNeighbour;
import stir.core.inversion.search.PassTime;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;
import stir.core.math.statistics.Replicates;
import stir.core.network.Network;
import stir.core.score.StudiedLayer;
import stir.core.study.plan.PlannedModel;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.StudyPlan;
import stir.core.study.run.NetworkPool;
import stir.core.study.run.OpenNetwork;

/**
 * The estimate of a study's cost, measured with a few passes and comparisons.
 *
 * @param plan the plan of the study
 * @param networks the opener of the models
 * @param measures the measures of the plan
 * @param nanoseconds a clock
 */
record CostEstimate(
        StudyPlan plan, NetworkPool networks, Map<String, SimilarityMeasure> measures, LongSupplier nanoseconds) {
    /**
     * The values of a timed comparison; the time of a larger comparison is assumed to be
     * proportional.
     */
    private static final long MOST_VALUES = 1 << 22;

    /** The bytes of a float, its copy, and a double, which the measures hold. */
    private static final int BYTES_OF_A_VALUE = 16;

    /** The evaluations of an interval: once with all inputs, and once without each group. */
    private static final double EVALUATIONS_OF_AN_INTERVAL = 31;

    /** Returns the cost of all searches and comparisons. */
    StudyCost ofStudy() {
        double looks = plan.models().stream().mapToDouble(this::looks).sum();
        // As text: moves, classes and pointwise similarities; components and units.
        long outcomes = (80L * plan.inputs().count() + 10_000) * plan.scores();
        return new StudyCost(inversions(), looks + comparisons(), Math.max(compared(), searched()), disk() + outcomes);
    }

    /** Returns the cost of the searches alone. */
    StudyCost ofSearches() {
        return new StudyCost(inversions(), 0, searched(), disk());
    }

    private double inversions() {
        return plan.models().stream().mapToDouble(this::inversions).sum();
    }

    private Inputs few() {
        return plan.inputs().limit(PassTime.ENOUGH_INPUTS);
    }

    private OpenNetwork open(PlannedModel model) {
        return networks.get(model.model(), plan.inputs());
    }

    private static List<StudiedLayer> of(PlannedModel model, List<StudiedLayer> layers) {
        return layers.stream().filter(at -> at.model().equals(model.name())).toList();
    }

    private double inversions(PlannedModel model) {
        double seconds = 0;
        if (plan.runs().isEmpty()) {
            return seconds;
        }
        for (var at : of(model, plan.references())) {
            var network = open(model).network().searchedAt(at.layer());
            var times = new HashMap<Boolean, PassTime>();
            for (var run : plan.runs()) {
                var method = run.settings().method();
                if (method instanceof NearestNeighbour) {
                    continue;
                }
                var time = times.computeIfAbsent(method.needsGradients(), gradients -> passTime(network, gradients));
                seconds += time.of(run.settings(), plan.inputs().count());
            }
        }
        return seconds;
    }

    private PassTime passTime(Network network, boolean gradients) {
        return gradients
                ? PassTime.measure(network, few(), networks, nanoseconds)
                : PassTime.measureForwards(network, few(), networks, nanoseconds);
    }

    /** Returns the time of a model's representations of inputs, seeds and invariant inputs. */
    private double looks(PlannedModel model) {
        double seconds = 0;
        if (model.model().arrays().isPresent()) {
            return seconds;
        }
        for (var at : of(model, plan.targets())) {
            long scores = plan.pairs().stream()
                    .filter(pair -> pair.target().equals(at))
                    .count();
            long shown = 1 + plan.runs().size() * (1 + scores);
            seconds += secondsOfALook(open(model), at) * shown * plan.inputs().count();
        }
        return seconds;
    }

    private double secondsOfALook(OpenNetwork open, StudiedLayer at) {
        var cut = open.cut(at.layer());
        var into = Batch.allocate(few().count(), cut.representationShape());
        cut.represent(few(), 0, into);
        long begun = nanoseconds.getAsLong();
        cut.represent(few(), 0, into);
        return (nanoseconds.getAsLong() - begun) / 1e9 / few().count();
    }

    /**
     * Returns the time of all comparisons, each taken as proportional to the width of its target.
     * The median-width target is timed.
     */
    private double comparisons() {
        var targets = new ArrayList<StudiedLayer>();
        plan.pairs().forEach(pair -> targets.add(pair.target()));
        targets.sort(Comparator.comparingInt(at -> plan.layer(at).shape().size()));
        var middling = targets.get(targets.size() / 2);
        int width = plan.layer(middling).shape().size();
        int count = plan.inputs().count();
        int rows = (int) Math.max(2, Math.min(count, MOST_VALUES / width));
        double seconds = 0;
        for (var measure : measures.values()) {
            int timed = (int) Math.min(count, Math.max(rows, Replicates.fewestInputs(measure)));
            if (timed >= measure.minimumRows()) {
                seconds += compare(middling, measure, timed) / timed;
            }
        }
        double widths = targets.stream()
                .mapToDouble(at -> plan.layer(at).shape().size())
                .sum();
        double runs = (double) plan.scores() / plan.pairs().size();
        double floors = 2 / EVALUATIONS_OF_AN_INTERVAL;
        return seconds * count * widths / width * (runs * (1 + floors) + 1);
    }

    /** Returns the time of a comparison with its interval, after the code has been compiled. */
    private double compare(StudiedLayer at, SimilarityMeasure measure, int rows) {
        var a = random(at, rows);
        var b = random(at, rows);
        long begun = nanoseconds.getAsLong();
        try {
            compare(measure, a, b);
            begun = nanoseconds.getAsLong();
            compare(measure, a, b);
        } catch (DataException e) { // not defined for noise
        }
        return (nanoseconds.getAsLong() - begun) / 1e9;
    }

    private static void compare(SimilarityMeasure measure, Matrix a, Matrix b) {
        double unused = measure.compare(a, b);
        Interval.of(measure, a, b, Estimate.LEVEL, 0);
    }

    private Matrix random(StudiedLayer at, int rows) {
        var batch = Batch.allocate(rows, plan.layer(at).shape());
        var random = new Random(rows);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < batch.rowSize(); i++) {
                batch.set(row, i, (float) random.nextGaussian());
            }
        }
        return plan.experiment().reduction().apply(batch, plan.model(at.model()).layout());
    }

    private long width(PlannedPair pair) {
        return (long) plan.layer(pair.reference()).shape().size()
                + plan.layer(pair.target()).shape().size();
    }

    private long widest() {
        return plan.pairs().stream().mapToLong(this::width).max().orElse(0);
    }

    private long compared() {
        long count = plan.inputs().count();
        return Math.min(plan.experiment().memory(), BYTES_OF_A_VALUE * count * widest());
    }

    private long searched() {
        long count = plan.inputs().count();
        return Float.BYTES * count * (widest() + plan.inputs().shape().size());
    }

    private long disk() {
        long count = plan.inputs().count();
        long pixels = Float.BYTES * count * plan.inputs().shape().size();
        return pixels * (1 + plan.inversions());
    }
}
