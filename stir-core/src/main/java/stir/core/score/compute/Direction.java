package stir.core.score.compute;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Seed;
import stir.core.math.random.KeyedRandom;
import stir.core.math.statistics.Estimate;
import stir.core.measure.PointwiseAlignment;
import stir.core.representation.RepresentationReduction;
import stir.core.score.Acceptance;
import stir.core.score.CautionFacts;
import stir.core.score.InputOutcome;
import stir.core.score.InputOutcomes;
import stir.core.score.MeasureScore;
import stir.core.score.Quantity;
import stir.core.score.SearchQuality;
import stir.core.score.TargetThreshold;

/**
 * One direction of a comparison: a target that is scored on the invariant inputs of a reference.
 *
 * @param count the number of inputs
 * @param reduction the reduction of the representations
 * @param similarities the measures
 * @param cautions the consumer that receives the reasons not to trust a value
 */
public record Direction(
        int count, RepresentationReduction reduction, Similarities similarities, Consumer<Caution> cautions) {
    private PairedRepresentations paired(Representations a, Representations b, int inputs) {
        return PairedRepresentations.of(reduction, a, b, inputs);
    }

    /**
     * Returns the similarity of two sets of representations, with intervals, and passes on its
     * cautions.
     *
     * @param rngSeed the key of the random numbers for the intervals
     */
    public Map<String, Estimate> similarity(Representations a, Representations b, long rngSeed) {
        PairedRepresentations pairs;
        try {
            pairs = paired(a, b, count);
        } catch (UsageException e) {
            // Different numbers of positions, which scores of one layer never have.
            return similarities.undefined(e.getMessage());
        }
        var estimates = similarities.estimate(pairs, rngSeed);
        similarities.cautions(pairs).forEach(cautions);
        Stream.of(a, b)
                .flatMap(at -> at.lengths().caution(at.layer(), at.shape(), at.layout()).stream())
                .forEach(cautions);
        return estimates;
    }

    /**
     * Returns the cautions about the units of a layer.
     *
     * @param representations its representations of the inputs
     * @param layer the layer, with the name of its model
     */
    public List<Caution> examine(Representations representations, String layer) {
        return LayerCautions.of(reduction, representations, count, layer);
    }

    /**
     * Returns the ceiling, with intervals: the similarity of the reference's inputs and own
     * invariant inputs.
     *
     * @param rngSeed the key of the random numbers for the intervals
     */
    public Map<String, Estimate> ceiling(Representations inputs, Representations invariant, long rngSeed) {
        return similarities.estimate(paired(inputs, invariant, count), rngSeed);
    }

    /**
     * Returns the similarity of the inputs and the invariant inputs themselves, without any network
     * or reduction.
     *
     * @param measure the id of the only measure that is computed
     */
    public Map<String, Estimate> inputSimilarity(Inputs inputs, Inputs invariant, String measure) {
        var before = new InputRepresentations(inputs, inputs.facts().lengths());
        var after = new InputRepresentations(invariant, inputs.facts().lengths());
        var pairs = PairedRepresentations.of(RepresentationReduction.FLATTEN, before, after, count);
        return similarities.only(measure).compareInputs(pairs, before, after);
    }

    /**
     * Returns the acceptance of the reference's own invariant inputs.
     *
     * @param search the settings of the search
     * @param given the inputs
     * @param inputs the reference's representations of them
     * @param invariant those of the invariant inputs
     * @param inversion the invariant inputs
     * @param classes the classes that the reference predicts, if they are known
     * @return empty if no two inputs differ
     */
    public Optional<Acceptance> acceptance(
            InversionSettings search,
            Inputs given,
            Representations inputs,
            Representations invariant,
            Inversion inversion,
            Optional<PredictedClasses> classes) {
        var outcomes =
                new OutcomeReader(inputs, invariant, classes, OutcomeReader.RowComparison::correlation).read(count);
        return new DifferentInputsReader(given, inputs, search.norm())
                .read(similarities.memory(), search.rngSeed())
                .map(different -> {
                    double threshold = different.threshold();
                    var judged = new ArrayList<Acceptance.Outcome>();
                    for (int i = 0; i < count; i++) {
                        judged.add(judged(outcomes.get(i), inversion.residual(i) < threshold));
                    }
                    var layer = classes.map(PredictedClasses::layer);
                    return new Acceptance(
                            different.inputs(), threshold, OptionalDouble.of(Acceptance.QUANTILE), layer, judged);
                });
    }

    private static Acceptance.Outcome judged(OutcomeReader.Response response, boolean isNear) {
        return new Acceptance.Outcome(
                isNear && response.classBefore().equals(response.classAfter()),
                response.value(),
                response.classBefore(),
                response.classAfter());
    }

    /**
     * Returns the seed floor: the similarity of the target's inputs and seeds.
     *
     * @param seed the seed of the search
     */
    public Map<String, Estimate> floor(Representations inputs, Representations seeds, Seed seed) {
        return seed.isOneForAll()
                ? similarities.undefined(
                        "Every input has the same seed, so there is no seed floor; the" + " permutation floor is used.")
                : similarities.compare(paired(inputs, seeds, count));
    }

    /**
     * Scores the target: STIR, the permutation floor, and STIR of the inputs whose search
     * converged.
     *
     * @param search the settings of the search
     * @param inputs its representations of the inputs
     * @param invariant those of the invariant inputs
     * @param residuals the reference's residual of each invariant input
     */
    public Map<String, MeasureScore> score(
            InversionSettings search, Representations inputs, Representations invariant, double[] residuals) {
        long rngSeed = search.rngSeed();
        var pairs = paired(inputs, invariant, count);
        var stir = similarities.estimate(pairs, rngSeed);
        var permuted = similarities.permuted(
                pairs,
                () -> paired(inputs, invariant.reordered(KeyedRandom.derangement(rngSeed, count)), count),
                stir,
                rngSeed);
        var converged = converged(search, pairs, inputs, invariant, residuals);
        var scores = new LinkedHashMap<String, MeasureScore>();
        stir.forEach((measure, estimate) -> {
            var score = permuted.getOrDefault(measure, MeasureScore.NONE).with(Quantity.STIR, estimate);
            var of = converged.get(measure);
            scores.put(measure, of == null ? score : score.with(Quantity.CONVERGED_ONLY, of));
        });
        return scores;
    }

    /**
     * Returns the target's response to each invariant input.
     *
     * @param search the settings of the search
     * @param given the inputs
     * @param inputs its representations of them
     * @param invariant those of the invariant inputs
     * @param reference the reference's representations of the inputs
     * @param classes the classes that it predicts, if they are known
     */
    public InputOutcomes outcomes(
            InversionSettings search,
            Inputs given,
            Representations inputs,
            Representations invariant,
            Representations reference,
            Optional<PredictedClasses> classes) {
        var comparison = OutcomeReader.RowComparison.distance(search.norm());
        var read = new OutcomeReader(inputs, invariant, classes, comparison).read(count);
        var pairs = paired(inputs, invariant, count);
        var rows = similarities.allRows(pairs);
        var pointwise = rows.map(all -> PointwiseAlignment.of(all.a(), all.b(), pairs.rowsOfInputs()));
        var outcomes = new ArrayList<InputOutcome>();
        for (int i = 0; i < count; i++) {
            int index = i;
            var ofInput = pointwise
                    .map(values -> values[index])
                    .filter(value -> !value.isNaN())
                    .map(OptionalDouble::of)
                    .orElse(OptionalDouble.empty());
            outcomes.add(outcome(read.get(i), ofInput));
        }
        return new InputOutcomes(
                outcomes,
                classes.map(PredictedClasses::layer),
                ClassTest.of(
                        IntStream.range(0, count).mapToObj(given.facts()::label).toList(),
                        outcomes.stream().map(InputOutcome::pointwise).toList(),
                        search.rngSeed()),
                rows.map(all -> PartChanges.of(all.a(), all.b(), rowsLike(pairs, reference))),
                Optional.empty(),
                threshold(search, given, inputs, invariant, classes));
    }

    private static InputOutcome outcome(OutcomeReader.Response response, OptionalDouble pointwise) {
        return new InputOutcome(response.value(), response.classBefore(), response.classAfter(), pointwise);
    }

    /** Returns the rule by which the target takes invariant inputs for inputs; see {@link #outcomes}. */
    private Optional<TargetThreshold> threshold(
            InversionSettings search,
            Inputs given,
            Representations inputs,
            Representations invariant,
            Optional<PredictedClasses> classes) {
        return new DifferentInputsReader(given, inputs, search.norm())
                .read(similarities.memory(), search.rngSeed())
                .map(different -> {
                    int[] others = KeyedRandom.derangement(search.rngSeed(), count);
                    var shuffled = new OutcomeReader(
                            inputs,
                            invariant.reordered(others),
                            classes.map(of -> new PredictedClasses(
                                    of.layer(), of.before(), of.after().reordered(others))),
                            OutcomeReader.RowComparison.distance(search.norm()));
                    double accepted = shuffled.read(count).stream()
                            .map(response -> outcome(response, OptionalDouble.empty()))
                            .filter(outcome -> TargetThreshold.accepts(outcome, different.threshold()))
                            .count();
                    return new TargetThreshold(different.inputs(), different.threshold(), accepted / count);
                });
    }

    /** Returns the rows of the reference's inputs, if they fit and are rows of the same inputs. */
    private Optional<Matrix> rowsLike(PairedRepresentations pairs, Representations reference) {
        try {
            var both = paired(pairs.a(), reference, count);
            return similarities.allRows(both).map(AllRows::b);
        } catch (UsageException e) { // different numbers of positions
            return Optional.empty();
        }
    }

    /** Returns the scores of the inputs whose search converged; none if all or no inputs did. */
    private Map<String, Estimate> converged(
            InversionSettings search,
            RepresentationPairs all,
            Representations inputs,
            Representations invariant,
            double[] residuals) {
        double tolerance = SearchQuality.tolerance(search);
        int[] converged = IntStream.range(0, count)
                .filter(index -> residuals[index] <= tolerance)
                .toArray();
        if (converged.length == 0 || converged.length == count) {
            return Map.of();
        }
        var pairs = paired(inputs.reordered(converged), invariant.reordered(converged), converged.length);
        var stir = similarities.estimate(pairs, search.rngSeed());
        cautionsOfFewer(similarities.cautions(pairs), all)
                .map(caution -> caution.with(CautionFacts.CONVERGED_INPUTS, converged.length))
                .forEach(cautions);
        return stir.values().stream().noneMatch(Estimate::isDefined) ? Map.of() : stir;
    }

    /**
     * Returns the cautions of the given inputs that do not hold for all inputs as well; those that
     * differ in their numbers alone count as the same.
     */
    private Stream<Caution> cautionsOfFewer(List<Caution> ofFewer, RepresentationPairs all) {
        var known =
                similarities.cautions(all).stream().map(Caution::withoutNumbers).toList();
        return ofFewer.stream().filter(caution -> !known.contains(caution.withoutNumbers()));
    }
}
