package stir.core.score;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import stir.api.Batch;
import stir.api.Caution;
import stir.api.Scale;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;
import stir.core.math.statistics.PermutationFloor;
import stir.core.math.statistics.Quantiles;

/**
 * A score of given values.
 *
 * @param count the number of inputs
 * @param settings the settings of the search
 * @param distance the relative distance of each invariant input from its input
 * @param converged the number of inputs with a residual of 0; that of the others is 0.3
 * @param accepted the number of accepted inputs; empty if it is unknown
 * @param threshold the residual below which an input is accepted
 * @param values the values by one measure
 */
public record ScoreFixture(
        int count,
        InversionSettings settings,
        double distance,
        int converged,
        OptionalInt accepted,
        double threshold,
        MeasureScore values) {
    /** The measure of the values. */
    public static final String MEASURE = "linear-cka-debiased";

    private static final Acceptance.DifferentInputs DIFFERENT = new Acceptance.DifferentInputs(
            2, 2, Quantiles.of(new double[] {0.5}).orElseThrow(), Optional.empty(), Optional.empty());

    /** A score of which every rule holds that a settled answer needs: PARTLY. */
    public static final ScoreFixture PARTLY = new ScoreFixture(
            20,
            InversionSettings.of(Optimizer.FAST.method()),
            0.5,
            20,
            OptionalInt.of(20),
            0.25,
            MeasureScore.of(Quantity.STIR, Estimate.of(0.5))
                    .with(Quantity.CEILING, estimate(0.99, 0.98, 1))
                    .with(Quantity.PERMUTATION_FLOOR, Estimate.of(0.1))
                    .withTest(new PermutationFloor(0.1, 0.01, 0.001, 1000))
                    .with(Quantity.CORRECTED, estimate(0.5, 0.4, 0.6)));

    /** Returns an estimate with an interval. */
    public static Estimate estimate(double value, double low, double high) {
        return Estimate.of(value, Optional.of(new Interval(low, high, Estimate.LEVEL)));
    }

    /** Returns a copy with another number of inputs, all of which converged and are accepted. */
    public ScoreFixture count(int other) {
        return new ScoreFixture(other, settings, distance, other, OptionalInt.of(other), threshold, values);
    }

    /** Returns a copy of another search. */
    public ScoreFixture settings(InversionSettings other) {
        return new ScoreFixture(count, other, distance, converged, accepted, threshold, values);
    }

    /** Returns a copy with another distance of invariant inputs from inputs. */
    public ScoreFixture distance(double other) {
        return new ScoreFixture(count, settings, other, converged, accepted, threshold, values);
    }

    /** Returns a copy with other numbers of inputs that converged and are accepted. */
    public ScoreFixture converged(int convergedOnes, OptionalInt acceptedOnes) {
        return new ScoreFixture(count, settings, distance, convergedOnes, acceptedOnes, threshold, values);
    }

    /** Returns a copy with another threshold of acceptance. */
    public ScoreFixture threshold(double other) {
        return new ScoreFixture(count, settings, distance, converged, accepted, other, values);
    }

    /** Returns a copy with other values. */
    public ScoreFixture values(MeasureScore other) {
        return new ScoreFixture(count, settings, distance, converged, accepted, threshold, other);
    }

    /** Returns a copy with a value. */
    public ScoreFixture with(Quantity quantity, Estimate estimate) {
        return values(values.with(quantity, estimate));
    }

    /** Returns a copy without a value, and without the permutation test if it is of that floor. */
    public ScoreFixture without(Quantity quantity) {
        var without = values(values.without(quantity));
        return quantity == Quantity.PERMUTATION_FLOOR ? without.withoutP() : without;
    }

    /** Returns a copy without a permutation test. */
    public ScoreFixture withoutP() {
        return values(new MeasureScore(values.values(), Optional.empty(), values.repeats()));
    }

    /** Returns a copy with another p-value. */
    public ScoreFixture p(double p) {
        return values(values.withTest(new PermutationFloor(0.1, 0.01, p, 1000)));
    }

    /** Returns a copy with a corrected interval, around its middle. */
    public ScoreFixture corrected(double low, double high) {
        return with(Quantity.CORRECTED, estimate((low + high) / 2, low, high));
    }

    /** Returns the search. */
    public SearchQuality search() {
        var rows = IntStream.range(0, count)
                .mapToObj(i -> new Inversion.Row(i < converged ? 0 : 0.3, 4, 0.8, 0, 0, distance))
                .toList();
        var inputs = Inputs.of(Batch.allocate(count, Shape.of(1)));
        return new SearchQuality(
                "fast",
                1,
                settings,
                new Inversion(inputs, rows, List.of(), false),
                accepted.isPresent() ? Optional.of(acceptance()) : Optional.empty());
    }

    private Acceptance acceptance() {
        return new Acceptance(
                DIFFERENT,
                threshold,
                OptionalDouble.of(Acceptance.QUANTILE),
                Optional.empty(),
                IntStream.range(0, count)
                        .mapToObj(i -> new Acceptance.Outcome(
                                i < accepted.orElseThrow(),
                                OptionalDouble.empty(),
                                OptionalInt.empty(),
                                OptionalInt.empty()))
                        .toList());
    }

    /** Returns the verdict on the values, which are similarities. */
    public Judgement judged() {
        return judged(Scale.UNIT);
    }

    /** Returns the verdict on the values of a scale. */
    Judgement judged(Scale scale) {
        return Judgement.of(values, scale, search(), Optional.of(new SharedMetamers(20, 20, 0)));
    }

    /**
     * Returns the score, with its verdict, by {@link #MEASURE} alone.
     *
     * @param target the target, of the layer {@code relu}
     * @param reference the reference, of the layer {@code relu}
     */
    public DirectedScore score(String target, String reference) {
        return score(target, reference, Map.of(), List.of());
    }

    /**
     * Returns the score, with its verdict, by {@link #MEASURE} and others.
     *
     * @param others the values by other measures, which come first
     */
    public DirectedScore score(
            String target, String reference, Map<String, MeasureScore> others, List<Caution> cautions) {
        var measures = new LinkedHashMap<>(others);
        measures.put(MEASURE, values);
        var outcome = new InputOutcome(
                OptionalDouble.of(0.25), OptionalInt.of(3), OptionalInt.of(3), OptionalDouble.of(0.75));
        return new DirectedScore(
                new StudiedLayer(target, "relu"),
                new StudiedLayer(reference, "relu"),
                search(),
                measures,
                judged(),
                new InputOutcomes(
                        List.of(outcome),
                        Optional.of("logits"),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new TargetThreshold(DIFFERENT, 0.3, 0.05))),
                cautions);
    }
}
