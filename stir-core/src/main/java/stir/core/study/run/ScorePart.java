package stir.core.study.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.math.statistics.Estimate;
import stir.core.score.MeasureScore;
import stir.core.score.Quantity;
import stir.core.score.StudiedLayer;
import stir.core.score.Verdict;
import stir.core.score.compute.SearchCautions;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.SearchRun;
import stir.core.study.store.ScoreBlock;
import stir.core.study.store.ScoreBlock.Kind;
import stir.core.study.store.ScoreBlock.Part;
import stir.core.study.store.ScoreBlock.Place;

/**
 * One part of a unit of scores: its place and cache key, the layers that it reads, and how it is
 * computed for some measures.
 */
sealed interface ScorePart {
    /** Returns the place of the part in its block. */
    Place place();

    /** Returns the hash of all that it depends on but the measures. */
    String cacheKey();

    /** Returns the target's layers at which it reads the inputs. */
    List<String> targetLayers();

    /** Returns the reference's layers at which it reads the inputs. */
    default List<String> referenceLayers() {
        return List.of();
    }

    /** Returns the target's layers at which it reads the seeds or the invariant inputs. */
    default List<String> shownLayers() {
        return targetLayers();
    }

    /** Returns whether users count it: a score or a similarity. */
    default boolean isComparison() {
        return true;
    }

    /** Computes the part for the missing measures. */
    Part compute(ScoreUnit.Computation computation);

    /** Returns the measures without a stored value. */
    default List<String> missing(ScoreBlock block, List<String> measures) {
        var known = block.find(place(), cacheKey()).map(Part::measures).orElse(Map.of());
        return measures.stream().filter(measure -> !known.containsKey(measure)).toList();
    }

    private static Map<String, MeasureScore> scores(Quantity quantity, Map<String, Estimate> estimates) {
        var scores = new LinkedHashMap<String, MeasureScore>();
        estimates.forEach((measure, estimate) -> scores.put(measure, MeasureScore.of(quantity, estimate)));
        return scores;
    }

    /**
     * The similarity of a pair.
     *
     * @param rngSeed the key of the random numbers for the intervals
     */
    record Similarity(PlannedPair pair, String cacheKey, long rngSeed) implements ScorePart {
        @Override
        public Place place() {
            return new Place(Kind.SIMILARITY, pair.target(), pair.reference(), "", 0);
        }

        @Override
        public List<String> targetLayers() {
            return List.of(pair.target().layer());
        }

        @Override
        public List<String> referenceLayers() {
            return List.of(pair.reference().layer());
        }

        @Override
        public List<String> shownLayers() {
            return List.of();
        }

        @Override
        public Part compute(ScoreUnit.Computation computation) {
            var direction = computation.direction();
            var target = computation.ofInputs(pair.target().layer());
            var reference = computation.ofReference(pair.reference().layer());
            var values = direction.similarity(target, reference, rngSeed);
            computation.examine(pair.target(), target);
            computation.examine(pair.reference(), reference);
            return new Part(place(), cacheKey, scores(Quantity.SIMILARITY, values), computation.cautions());
        }
    }

    /**
     * A reference's score of its own invariant inputs, and their acceptance.
     *
     * @param classLayer the reference's layer whose values are classes, if there is one
     * @param isOfOneLayer whether the searches match this layer alone: otherwise their residual is
     *     one of several layers or networks, and the distances of this layer do not show whether it
     *     is small
     * @param inversion the function that reads the invariant inputs
     */
    record Ceiling(
            StudiedLayer at,
            SearchRun run,
            String cacheKey,
            Optional<String> classLayer,
            boolean isOfOneLayer,
            Inputs inputs,
            Supplier<Inversion> inversion)
            implements ScorePart {
        @Override
        public Place place() {
            return new Place(Kind.CEILING, at, at, run.search(), run.repeat());
        }

        @Override
        public List<String> targetLayers() {
            return Stream.concat(Stream.of(at.layer()), classLayer.stream()).toList();
        }

        @Override
        public boolean isComparison() {
            return false;
        }

        /** Returns the measures without a ceiling, and the deciding one without S(X, X'). */
        @Override
        public List<String> missing(ScoreBlock block, List<String> measures) {
            var lacking = ScorePart.super.missing(block, measures);
            var deciding = Verdict.measure(measures);
            boolean isKnown = block.find(place(), cacheKey)
                    .map(part -> part.measures().get(deciding))
                    .filter(score -> score.values().containsKey(Quantity.INPUT_SIMILARITY))
                    .isPresent();
            return measures.stream()
                    .filter(one -> lacking.contains(one) || (one.equals(deciding) && !isKnown))
                    .toList();
        }

        @Override
        public Part compute(ScoreUnit.Computation computation) {
            var direction = computation.direction();
            var before = computation.ofInputs(at.layer());
            var after = computation.ofShown(at.layer());
            var gathered = inversion.get();
            var measures = scores(
                    Quantity.CEILING,
                    direction.ceiling(before, after, run.settings().rngSeed()));
            direction
                    .inputSimilarity(inputs, gathered.invariantInputs(), computation.deciding())
                    .forEach((measure, estimate) -> measures.merge(
                            measure, MeasureScore.of(Quantity.INPUT_SIMILARITY, estimate), MeasureScore::with));
            return new Part(
                    place(),
                    cacheKey,
                    measures,
                    isOfOneLayer
                            ? direction.acceptance(
                                    run.settings(), inputs, before, after, gathered, computation.classes(classLayer))
                            : Optional.empty(),
                    Optional.empty(),
                    Map.of(),
                    List.of());
        }
    }

    /** A target's score of the seeds of a search. */
    record Floor(StudiedLayer at, SearchRun run, String cacheKey) implements ScorePart {
        @Override
        public Place place() {
            return new Place(Kind.FLOOR, at, at, run.search(), run.repeat());
        }

        @Override
        public List<String> targetLayers() {
            return List.of(at.layer());
        }

        @Override
        public boolean isComparison() {
            return false;
        }

        @Override
        public Part compute(ScoreUnit.Computation computation) {
            var values = computation
                    .direction()
                    .floor(
                            computation.ofInputs(at.layer()),
                            computation.ofShown(at.layer()),
                            run.settings().seed());
            return new Part(place(), cacheKey, scores(Quantity.SEED_FLOOR, values), List.of());
        }
    }

    /**
     * A target's score of the invariant inputs of a reference.
     *
     * @param classLayer the target's layer whose values are classes, if there is one
     * @param inputs the inputs
     * @param path the name of the invariant inputs in paths
     * @param inversion the function that reads the invariant inputs of the reference
     */
    record Score(
            PlannedPair pair,
            SearchRun run,
            String cacheKey,
            Optional<String> classLayer,
            Inputs inputs,
            String path,
            Supplier<Inversion> inversion)
            implements ScorePart {
        @Override
        public Place place() {
            return new Place(Kind.STIR, pair.target(), pair.reference(), run.search(), run.repeat());
        }

        @Override
        public List<String> targetLayers() {
            return Stream.concat(Stream.of(pair.target().layer()), classLayer.stream())
                    .toList();
        }

        @Override
        public List<String> referenceLayers() {
            return List.of(pair.reference().layer());
        }

        @Override
        public Part compute(ScoreUnit.Computation computation) {
            var before = computation.ofInputs(pair.target().layer());
            var after = computation.ofShown(pair.target().layer());
            var direction = computation.direction();
            var gathered = inversion.get();
            var residuals = IntStream.range(0, gathered.count())
                    .mapToDouble(gathered::residual)
                    .toArray();
            var measures = direction.score(run.settings(), before, after, residuals);
            var outcomes = direction.outcomes(
                    run.settings(),
                    inputs,
                    before,
                    after,
                    computation.ofReference(pair.reference().layer()),
                    computation.classes(classLayer));
            var stitching = computation.stitching(pair, run, inputs, path, gathered.invariantInputs());
            return new Part(
                    place(),
                    cacheKey,
                    measures,
                    Optional.empty(),
                    Optional.of(outcomes.with(stitching)),
                    Map.of(),
                    ScoreBlock.merged(
                            SearchCautions.of(
                                    run.settings(), gathered, pair.reference().toString()),
                            computation.cautions()));
        }
    }
}
