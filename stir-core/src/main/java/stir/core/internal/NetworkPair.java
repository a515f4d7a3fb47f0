package stir.core.internal;

import stir.api.DataException;
import stir.api.Scale;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.search.Inverter;
import stir.core.inversion.start.SeedSource;
import stir.core.network.pass.HookedNetwork;
import stir.core.network.pass.Rows;
import stir.core.progress.ProgressListener;
import stir.core.score.DirectedScore;
import stir.core.score.RepeatedScore;
import stir.core.score.ScoreSettings;
import stir.core.score.compute.ComputedRepresentations;
import stir.core.score.compute.Direction;
import stir.core.score.compute.PredictedClasses;
import stir.core.score.compute.Representations;
import stir.core.score.compute.Similarities;
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
 * Two open networks that are compared without storing anything: representations are computed when
 * they are needed.
 *
 * @param inverter finds the invariant inputs
 * @param inputs what both are compared on
 * @param settings how
 * @param similarities the measures
 * @param cautions told why a value is missing, or should not be trusted
 */
record NetworkPair(
        Inverter inverter,
        Inputs inputs,
        ScoreSettings settings,
        Similarities similarities,
        Consumer<String> cautions) {
    private Direction direction(HookedNetwork target, HookedNetwork reference) {
        return new Direction(
                target.network().name(),
                reference.network().name(),
                inputs.count(),
                settings,
                similarities,
                cautions);
    }

    private Representations ofInputs(HookedNetwork network) {
        return new ComputedRepresentations(network, inputs::read);
    }

    private static Representations ofInvariant(HookedNetwork network, Inversion inversion) {
        return new ComputedRepresentations(network, rows(inversion));
    }

    private static Rows rows(Inversion inversion) {
        return inversion.invariantInputs()::read;
    }

    /** The plain similarity. */
    Map<String, Estimate> similarity(HookedNetwork a, HookedNetwork b) {
        return direction(a, b).similarity(ofInputs(a), ofInputs(b));
    }

    /**
     * Scores a target that looks at the invariant inputs of a reference.
     *
     * @param keeping where the search is kept
     */
    DirectedScore score(
            HookedNetwork target,
            HookedNetwork reference,
            Keeping keeping,
            ProgressListener listener) {
        var direction = direction(target, reference);
        var inversion = inverter.invert(reference, settings.inversion(), keeping, listener);
        var self = direction.values(ofInputs(reference), ofInvariant(reference, inversion));
        var seeds =
                new SeedSource(settings.inversion().seed(), settings.inversion().rngSeed(), inputs);
        var seedOnly =
                direction.values(
                        ofInputs(target), new ComputedRepresentations(target, seeds::write));
        try (var classes = classes(target)) {
            var score =
                    direction.score(
                            ofInputs(target),
                            ofInvariant(target, inversion),
                            residuals(inversion),
                            self,
                            seedOnly,
                            classes.of(inputs::read, rows(inversion)));
            return new DirectedScore(
                    score.stir(),
                    self,
                    seedOnly,
                    score.shuffled(),
                    score.baselineCorrected(),
                    score.converged(),
                    repeats(score.stir(), direction, target, reference, keeping, listener),
                    score.outcomes(),
                    inversion);
        }
    }

    private static double[] residuals(Inversion inversion) {
        return IntStream.range(0, inversion.count()).mapToDouble(inversion::residual).toArray();
    }

    /**
     * A network cut once more, where it tells classes.
     *
     * @param cut empty if there is no such place
     */
    private record Classes(Optional<HookedNetwork> cut) implements AutoCloseable {
        Optional<PredictedClasses> of(Rows before, Rows after) {
            return cut.map(
                    network ->
                            new PredictedClasses(
                                    network.network().layer(),
                                    new ComputedRepresentations(network, before),
                                    new ComputedRepresentations(network, after)));
        }

        @Override
        public void close() {
            cut.ifPresent(HookedNetwork::close);
        }
    }

    private Classes classes(HookedNetwork target) {
        var network = target.network();
        try {
            return new Classes(
                    PredictedClasses.layerOf(network.layers(target.modelShape()), network.layer())
                            .map(
                                    layer ->
                                            HookedNetwork.of(
                                                    network.at(layer.name()),
                                                    inputs.shape(),
                                                    target.batchSize(),
                                                    false)));
        } catch (DataException e) {
            cautions.accept(
                    "Whether the classes of %s stayed the same can't be told: %s"
                            .formatted(network.name(), e.getMessage()));
            return new Classes(Optional.empty());
        }
    }

    private Map<String, RepeatedScore> repeats(
            Map<String, Estimate> stir,
            Direction direction,
            HookedNetwork target,
            HookedNetwork reference,
            Keeping keeping,
            ProgressListener listener) {
        if (settings.repeats() == 1) {
            return Map.of();
        }
        var values = new LinkedHashMap<String, List<Double>>();
        stir.forEach(
                (measure, estimate) ->
                        values.put(measure, new ArrayList<>(List.of(estimate.value()))));
        for (int repeat = 1; repeat < settings.repeats(); repeat++) {
            var again = settings.inversion().withRngSeed(settings.inversion().rngSeed() + repeat);
            var inversion =
                    inverter.invert(reference, again, keeping.within("repeat-" + repeat), listener);
            direction
                    .values(ofInputs(target), ofInvariant(target, inversion))
                    .forEach(
                            (measure, value) ->
                                    values.computeIfAbsent(measure, unused -> new ArrayList<>())
                                            .add(value));
        }
        var scales = similarities.scales();
        var repeats = new LinkedHashMap<String, RepeatedScore>();
        values.forEach(
                (measure, list) ->
                        repeats.put(
                                measure, repeated(list, scales.getOrDefault(measure, Scale.UNIT))));
        return repeats;
    }

    /** The scores of several inversions, and the uncertainty of their mean. */
    private static RepeatedScore repeated(List<Double> values, Scale scale) {
        return new RepeatedScore(
                values,
                ConfidenceInterval.ofMean(
                        values.stream().mapToDouble(Double::doubleValue).toArray(),
                        scale,
                        Estimate.LEVEL));
    }
}
