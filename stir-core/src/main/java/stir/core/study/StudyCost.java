package stir.core.study;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;
import stir.core.Stir;
import stir.core.extension.MeasureCatalogue;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.network.Network;
import stir.core.progress.ProgressListener;
import stir.core.statistics.ConfidenceInterval;
import stir.core.statistics.Estimate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * What a study is going to cost, about: measured with a few passes of every reference layer and one
 * comparison, on a machine that may be busy with other things.
 *
 * @param inversionSeconds of all inversions, without those by which {@code fast} calibrates itself
 * @param comparisonSeconds of all comparisons
 * @param memoryBytes what Java needs at the most beside the models: representations of two layers
 *     and the searched inputs
 * @param diskBytes what is stored in the end
 */
public record StudyCost(
        double inversionSeconds, double comparisonSeconds, long memoryBytes, long diskBytes) {
    /** Passes of a row that are timed at each reference layer. */
    private static final int STEPS = 3;

    private static final int MOST_ROWS = 50;

    /** A larger comparison is timed on fewer rows, and its time taken to be proportional. */
    private static final long MOST_VALUES = 1 << 22;

    /** A float, its copy, and a double, as the measures hold them. */
    private static final int BYTES_OF_A_VALUE = 16;

    /**
     * Measures.
     *
     * @param stir opens the models, one at a time
     * @param plan what there is to do
     * @param nanoseconds a clock
     */
    public static StudyCost of(Stir stir, StudyPlan plan, LongSupplier nanoseconds) {
        return new StudyCost(
                inversions(stir, plan, nanoseconds),
                comparisons(stir, plan, nanoseconds),
                memory(plan),
                disk(plan));
    }

    private static double inversions(Stir stir, StudyPlan plan, LongSupplier nanoseconds) {
        double seconds = 0;
        var references = plan.references();
        var few = plan.inputs().limit(MOST_ROWS);
        for (var model : plan.models()) {
            var layers = references.stream().filter(at -> at.model().equals(model.name())).toList();
            if (layers.isEmpty()) {
                continue;
            }
            try (var network = stir.open(model.model().spec())) {
                for (var at : layers) {
                    double pass =
                            secondsOfAPass(stir, plan, network.at(at.layer()), few, nanoseconds);
                    seconds += pass * plan.searchPasses() / references.size();
                }
            }
        }
        return seconds;
    }

    private static double secondsOfAPass(
            Stir stir, StudyPlan plan, Network network, Inputs few, LongSupplier nanoseconds) {
        var searched = plan.experiment().searches().get(0).settings();
        // Every objective and optimiser spends most of its time on the same passes.
        var settings =
                InversionSettings.REFERENCE
                        .withNorm(searched.norm())
                        .withBatchSize(searched.batchSize());
        stir.invert(network, few, settings.withIterations(1), ProgressListener.SILENT);
        long begun = nanoseconds.getAsLong();
        stir.invert(network, few, settings.withIterations(STEPS), ProgressListener.SILENT);
        return (nanoseconds.getAsLong() - begun) / 1e9 / (few.count() * (STEPS + 1.0));
    }

    /**
     * The time of all comparisons, each taken to be proportional to the width of its target. One of
     * a middling width is timed.
     */
    private static double comparisons(Stir stir, StudyPlan plan, LongSupplier nanoseconds) {
        var targets = new ArrayList<StudiedLayer>();
        plan.pairs().forEach(pair -> targets.add(pair.target()));
        targets.sort(Comparator.comparingInt(at -> plan.layer(at).shape().size()));
        var middling = targets.get(targets.size() / 2);
        int width = plan.layer(middling).shape().size();
        int count = plan.inputs().count();
        int rows = (int) Math.max(2, Math.min(count, MOST_VALUES / width));
        double seconds = 0;
        for (var measure :
                new MeasureCatalogue(stir.extensions())
                        .select(plan.experiment().measures())
                        .values()) {
            if (rows >= measure.minimumRows()) {
                seconds += compare(plan, middling, measure, rows, nanoseconds);
            }
        }
        double widths = targets.stream().mapToDouble(at -> plan.layer(at).shape().size()).sum();
        double runs = (double) plan.comparisons() / plan.pairs().size();
        return seconds * count / rows * widths / width * (runs + 1); // and the plain similarity
    }

    /** What one comparison takes, its interval included, once the code has been compiled. */
    private static double compare(
            StudyPlan plan,
            StudiedLayer at,
            SimilarityMeasure measure,
            int rows,
            LongSupplier nanoseconds) {
        var a = random(plan, at, rows);
        var b = random(plan, at, rows);
        long begun = nanoseconds.getAsLong();
        try {
            ConfidenceInterval.of(measure, a, b, Estimate.LEVEL, 0);
            begun = nanoseconds.getAsLong();
            ConfidenceInterval.of(measure, a, b, Estimate.LEVEL, 0);
        } catch (DataException e) { // not defined for noise: as long as it took to find out
        }
        return (nanoseconds.getAsLong() - begun) / 1e9;
    }

    private static long width(StudyPlan plan, PlannedPair pair) {
        return (long) plan.layer(pair.reference()).shape().size()
                + plan.layer(pair.target()).shape().size();
    }

    private static Matrix random(StudyPlan plan, StudiedLayer at, int rows) {
        var batch = Batch.allocate(rows, plan.layer(at).shape());
        var random = new Random(rows);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < batch.rowSize(); i++) {
                batch.set(row, i, (float) random.nextGaussian());
            }
        }
        return plan.experiment().reduction().apply(batch, plan.model(at.model()).layout());
    }

    private static long memory(StudyPlan plan) {
        long pixels = plan.inputs().shape().size();
        long widest = plan.pairs().stream().mapToLong(pair -> width(plan, pair)).max().orElse(0);
        long count = plan.inputs().count();
        long compared = BYTES_OF_A_VALUE * count * widest;
        long searched = Float.BYTES * count * (widest + pixels);
        return Math.max(compared, searched);
    }

    private static long disk(StudyPlan plan) {
        long count = plan.inputs().count();
        long pixels = plan.inputs().shape().size();
        long runs = (long) plan.experiment().searches().size() * plan.experiment().repeats();
        long values = pixels * (1 + runs + plan.inversions());
        for (var pair : plan.pairs()) {
            values += runs * plan.layer(pair.target()).shape().size();
        }
        for (var target : plan.targets()) {
            values += (1 + runs) * plan.layer(target).shape().size();
        }
        return Float.BYTES * count * values;
    }
}
