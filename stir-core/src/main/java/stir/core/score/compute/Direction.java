package stir.core.score.compute;

import stir.api.SimilarityMeasure;
import stir.core.random.KeyedRandom;
import stir.core.score.ConvergedScore;
import stir.core.score.InputOutcomes;
import stir.core.score.ScoreSettings;
import stir.core.statistics.BaselineCorrection;
import stir.core.statistics.Estimate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One direction of a comparison: a target that looks at the invariant inputs of a reference. It
 * reads representations, wherever they come from.
 */
public final class Direction {
    private final String target;
    private final String reference;
    private final int count;
    private final ScoreSettings settings;
    private final Similarities similarities;
    private final Consumer<String> cautions;

    /**
     * A direction.
     *
     * @param target what cautions call the network that is scored
     * @param reference what they call the network that was inverted
     * @param count how many inputs there are
     * @param settings how is scored
     * @param similarities the settings' measures
     * @param cautions told why a value is missing, or should not be trusted
     */
    public Direction(
            String target,
            String reference,
            int count,
            ScoreSettings settings,
            Similarities similarities,
            Consumer<String> cautions) {
        this.target = target;
        this.reference = reference;
        this.count = count;
        this.settings = settings;
        this.similarities = similarities;
        this.cautions = cautions;
    }

    /** As above, with measures by what the user calls them. */
    public static Direction of(
            String target,
            String reference,
            int count,
            ScoreSettings settings,
            Map<String, SimilarityMeasure> measures,
            Consumer<String> cautions) {
        return new Direction(
                target, reference, count, settings, new Similarities(measures), cautions);
    }

    private PairedRepresentations paired(Representations a, Representations b, int inputs) {
        return new PairedRepresentations(settings.reduction(), a, b, inputs);
    }

    /**
     * The similarity of two sets of representations, with intervals, and the cautions that belong
     * to it.
     */
    public Map<String, Estimate> similarity(Representations a, Representations b) {
        var pairs = paired(a, b, count);
        var estimates = similarities.estimate(pairs, settings.inversion().rngSeed());
        similarities.cautions(pairs).forEach(cautions);
        return estimates;
    }

    /**
     * What a baseline scores: the ceiling of the reference's representations of inputs and
     * invariant inputs, the floor of the target's of inputs and seeds.
     */
    public Map<String, Double> values(Representations before, Representations after) {
        return similarities.compare(paired(before, after, count));
    }

    /**
     * Scores the target.
     *
     * @param inputs its representations of the inputs
     * @param invariant those of the invariant inputs
     * @param residuals the reference's residual of each invariant input
     * @param self the ceiling
     * @param seedOnly the floor
     * @param classes the classes that it predicts, if they can be told
     */
    public TargetScore score(
            Representations inputs,
            Representations invariant,
            double[] residuals,
            Map<String, Double> self,
            Map<String, Double> seedOnly,
            Optional<PredictedClasses> classes) {
        long rngSeed = settings.inversion().rngSeed();
        var stir = similarities.estimate(paired(inputs, invariant, count), rngSeed);
        var shuffled = values(inputs, invariant.reordered(KeyedRandom.derangement(rngSeed, count)));
        return new TargetScore(
                stir,
                shuffled,
                corrected(stir, self, seedOnly, shuffled),
                converged(inputs, invariant, residuals),
                outcomes(inputs, invariant, classes));
    }

    private InputOutcomes outcomes(
            Representations inputs, Representations invariant, Optional<PredictedClasses> classes) {
        return new OutcomeReader(inputs, invariant, classes, settings.inversion().norm())
                .read(count);
    }

    private Map<String, Double> corrected(
            Map<String, Estimate> stir,
            Map<String, Double> self,
            Map<String, Double> seedOnly,
            Map<String, Double> shuffled) {
        var corrected = new LinkedHashMap<String, Double>();
        for (var entry : similarities.scales().entrySet()) {
            var measure = entry.getKey();
            BaselineCorrection.between(
                            value(self, measure),
                            value(seedOnly, measure),
                            value(shuffled, measure),
                            entry.getValue())
                    .ifPresentOrElse(
                            correction ->
                                    correction
                                            .correct(value(stir, measure).value())
                                            .ifPresent(value -> corrected.put(measure, value)),
                            () -> cautions.accept(uncorrectable(measure)));
        }
        return corrected;
    }

    private String uncorrectable(String measure) {
        return "%s: %s scores its own invariant inputs no better than the floor of %s, so STIR says nothing here: search longer, or from another seed."
                .formatted(measure, reference, target);
    }

    private static <T> T value(Map<String, T> values, String measure) {
        var value = values.get(measure);
        if (value == null) {
            throw new IllegalStateException("There is no value of " + measure);
        }
        return value;
    }

    private Optional<ConvergedScore> converged(
            Representations inputs, Representations invariant, double[] residuals) {
        double within = ConvergedScore.within(settings.inversion());
        int[] found =
                IntStream.range(0, count).filter(index -> residuals[index] <= within).toArray();
        if (found.length == 0 || found.length == count) {
            return Optional.empty();
        }
        var pairs = paired(inputs.reordered(found), invariant.reordered(found), found.length);
        var stir = similarities.estimateDefined(pairs, settings.inversion().rngSeed());
        for (var caution : similarities.cautions(pairs)) {
            cautions.accept(
                    "Over the %d converged inputs of %s, %s"
                            .formatted(found.length, reference, caution));
        }
        return stir.isEmpty()
                ? Optional.empty()
                : Optional.of(new ConvergedScore(within, found.length, stir));
    }
}
