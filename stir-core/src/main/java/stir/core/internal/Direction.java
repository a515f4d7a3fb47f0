package stir.core.internal;

import stir.api.Scale;
import stir.core.ConvergedScore;
import stir.core.DirectedScore;
import stir.core.ProgressListener;
import stir.core.RepeatedScore;
import stir.core.ScoreSettings;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.statistics.BaselineCorrection;
import stir.core.statistics.ConfidenceInterval;
import stir.core.statistics.Estimate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One direction of a comparison: a target that looks at the invariant inputs of a reference.
 *
 * @param target the network that is scored
 * @param reference the network that is inverted
 * @param inputs what both are compared on
 * @param settings how
 * @param similarities the measures
 */
record Direction(
        HookedNetwork target,
        HookedNetwork reference,
        Inputs inputs,
        ScoreSettings settings,
        Similarities similarities) {
    /**
     * Scores the target.
     *
     * @param inverter finds the invariant inputs
     * @param listener hears how far it has come
     * @param cautions told why a value is missing
     */
    DirectedScore score(Inverter inverter, ProgressListener listener, Consumer<String> cautions) {
        var inversion = inverter.invert(reference, inputs, settings.inversion(), listener);
        long rngSeed = settings.inversion().rngSeed();
        var invariant = rows(inversion);
        var stir = similarities.estimate(seenByTarget(invariant), rngSeed);
        var self =
                similarities.compare(
                        new NetworkPairs(
                                settings.reduction(),
                                reference,
                                inputs::read,
                                reference,
                                invariant,
                                inputs.count()));
        var seeds = new SeedSource(settings.inversion().seed(), rngSeed, inputs);
        var seedOnly = similarities.compare(seenByTarget(seeds::write));
        int[] order = KeyedRandom.derangement(rngSeed, inputs.count());
        var shuffled =
                similarities.compare(
                        seenByTarget(
                                (index, into, row) -> invariant.read(order[index], into, row)));
        return new DirectedScore(
                stir,
                self,
                seedOnly,
                shuffled,
                corrected(stir, self, seedOnly, shuffled, cautions),
                converged(inversion, cautions),
                repeats(stir, inverter, listener),
                new OutcomeReader(target, inputs, invariant, settings.inversion().norm())
                        .read(cautions),
                inversion);
    }

    private static Rows rows(Inversion inversion) {
        return (index, into, row) -> into.copyRow(inversion.invariantInputs(), index, row);
    }

    /** The target's representations of the inputs, and of other rows in their place. */
    private NetworkPairs seenByTarget(Rows others) {
        return new NetworkPairs(
                settings.reduction(), target, inputs::read, target, others, inputs.count());
    }

    private Map<String, Double> corrected(
            Map<String, Estimate> stir,
            Map<String, Double> self,
            Map<String, Double> seedOnly,
            Map<String, Double> shuffled,
            Consumer<String> cautions) {
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
                .formatted(measure, reference.network().name(), target.network().name());
    }

    private static <T> T value(Map<String, T> values, String measure) {
        var value = values.get(measure);
        if (value == null) {
            throw new IllegalStateException("There is no value of " + measure);
        }
        return value;
    }

    private Optional<ConvergedScore> converged(Inversion inversion, Consumer<String> cautions) {
        double within = ConvergedScore.within(settings.inversion());
        int[] found =
                IntStream.range(0, inversion.count())
                        .filter(index -> inversion.residual(index) <= within)
                        .toArray();
        if (found.length == 0 || found.length == inversion.count()) {
            return Optional.empty();
        }
        var invariant = rows(inversion);
        var pairs =
                new NetworkPairs(
                        settings.reduction(),
                        target,
                        (index, into, row) -> inputs.read(found[index], into, row),
                        target,
                        (index, into, row) -> invariant.read(found[index], into, row),
                        found.length);
        var stir = similarities.estimateDefined(pairs, settings.inversion().rngSeed());
        similarities
                .cautions(pairs)
                .forEach(
                        caution ->
                                cautions.accept(
                                        "Over the %d converged inputs of %s, %s"
                                                .formatted(
                                                        found.length,
                                                        reference.network().name(),
                                                        caution)));
        return stir.isEmpty()
                ? Optional.empty()
                : Optional.of(new ConvergedScore(within, found.length, stir));
    }

    private Map<String, RepeatedScore> repeats(
            Map<String, Estimate> stir, Inverter inverter, ProgressListener listener) {
        if (settings.repeats() == 1) {
            return Map.of();
        }
        var values = new LinkedHashMap<String, List<Double>>();
        stir.forEach(
                (measure, estimate) ->
                        values.put(measure, new ArrayList<>(List.of(estimate.value()))));
        for (int repeat = 1; repeat < settings.repeats(); repeat++) {
            var again = settings.inversion().withRngSeed(settings.inversion().rngSeed() + repeat);
            var inversion = inverter.invert(reference, inputs, again, listener);
            similarities
                    .compare(seenByTarget(rows(inversion)))
                    .forEach((measure, value) -> value(values, measure).add(value));
        }
        var repeats = new LinkedHashMap<String, RepeatedScore>();
        similarities
                .scales()
                .forEach(
                        (measure, scale) ->
                                repeats.put(measure, repeated(value(values, measure), scale)));
        return repeats;
    }

    private static RepeatedScore repeated(List<Double> values, Scale scale) {
        return new RepeatedScore(
                values,
                ConfidenceInterval.ofMean(
                        values.stream().mapToDouble(Double::doubleValue).toArray(),
                        scale,
                        Estimate.LEVEL));
    }
}
