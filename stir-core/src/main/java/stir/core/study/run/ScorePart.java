package stir.core.study.run;

import stir.api.Caution;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.math.statistics.Estimate;
import stir.core.score.Acceptance;
import stir.core.score.ConvergedScore;
import stir.core.score.Verdict;
import stir.core.score.compute.SearchCautions;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.SearchRun;
import stir.core.study.plan.StudiedLayer;
import stir.core.study.store.ScoreBlock;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One result of a unit of scores: its cache key, the layers that it reads, the stored values, how
 * it is computed for some measures and merged with those that are stored.
 *
 * @param <T> the result
 */
sealed interface ScorePart<T> {
    /** Returns the kind of result and the hash of all that it depends on but the measures. */
    String key();

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

    /** Returns whether users count it: a score or a plain similarity. */
    default boolean isComparison() {
        return true;
    }

    /** Returns the result that a block has, unless that depends on something else. */
    Optional<T> stored(ScoreBlock block);

    /** Returns the values of a result by measure. */
    Map<String, Estimate> values(T found);

    /** Computes the result for the missing measures. */
    T compute(ScoreUnit.Computation computation);

    /**
     * Merges results of other measures.
     *
     * @param measures all, in their order
     */
    T merged(List<String> measures, T older, T newer);

    /** Adds a result to the list of its kind. */
    void add(T found, Results results);

    /** Returns the measures without a stored value. */
    default List<String> missing(ScoreBlock block, List<String> measures) {
        var known = stored(block).map(this::values).orElse(Map.of());
        return measures.stream().filter(measure -> !known.containsKey(measure)).toList();
    }

    /** The results of a unit, one list per kind. */
    record Results(
            List<ScoreBlock.Similarity> similarities,
            List<ScoreBlock.Baseline> ceilings,
            List<ScoreBlock.Baseline> floors,
            List<ScoreBlock.Score> scores) {}

    /**
     * The plain similarity of a pair.
     *
     * @param rngSeed the key of the random numbers for the intervals
     */
    record Similarity(PlannedPair pair, String cacheKey, long rngSeed)
            implements ScorePart<ScoreBlock.Similarity> {
        @Override
        public String key() {
            return "similarity " + cacheKey;
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
        public Optional<ScoreBlock.Similarity> stored(ScoreBlock block) {
            return ScoreBlock.find(
                    block.similarities(), cacheKey, List.of(pair.reference(), pair.target()));
        }

        @Override
        public Map<String, Estimate> values(ScoreBlock.Similarity found) {
            return found.values();
        }

        @Override
        public ScoreBlock.Similarity compute(ScoreUnit.Computation computation) {
            var values =
                    computation
                            .direction()
                            .similarity(
                                    computation.ofInputs(pair.target().layer()),
                                    computation.ofReference(pair.reference().layer()),
                                    rngSeed);
            return result(values, computation.cautions());
        }

        @Override
        public ScoreBlock.Similarity merged(
                List<String> measures, ScoreBlock.Similarity older, ScoreBlock.Similarity newer) {
            return result(
                    ScoreBlock.merged(measures, older.values(), newer.values()),
                    ScoreBlock.merged(older.cautions(), newer.cautions()));
        }

        private ScoreBlock.Similarity result(Map<String, Estimate> values, List<Caution> cautions) {
            return new ScoreBlock.Similarity(
                    pair.reference(), pair.target(), cacheKey, values, cautions);
        }

        @Override
        public void add(ScoreBlock.Similarity found, Results results) {
            results.similarities().add(found);
        }
    }

    /** A ceiling or a floor of a layer. */
    sealed interface Baseline extends ScorePart<ScoreBlock.Baseline> {
        /** Returns the layer. */
        StudiedLayer at();

        /** Returns the search and its repeat. */
        SearchRun run();

        /** Returns the hash of all that it depends on but the measures. */
        String cacheKey();

        /** Returns the baselines of this kind that a block has. */
        List<ScoreBlock.Baseline> all(ScoreBlock block);

        @Override
        default List<String> targetLayers() {
            return List.of(at().layer());
        }

        @Override
        default boolean isComparison() {
            return false;
        }

        @Override
        default Optional<ScoreBlock.Baseline> stored(ScoreBlock block) {
            return ScoreBlock.find(
                    all(block), cacheKey(), List.of(at(), run().search(), run().repeat()));
        }

        @Override
        default Map<String, Estimate> values(ScoreBlock.Baseline found) {
            return found.values();
        }

        @Override
        default ScoreBlock.Baseline merged(
                List<String> measures, ScoreBlock.Baseline older, ScoreBlock.Baseline newer) {
            return result(
                    ScoreBlock.merged(measures, older.values(), newer.values()),
                    ScoreBlock.merged(measures, older.inputsOnly(), newer.inputsOnly()),
                    newer.acceptance().or(older::acceptance));
        }

        /** Returns the result of the given values. */
        default ScoreBlock.Baseline result(
                Map<String, Estimate> values,
                Map<String, Estimate> inputsOnly,
                Optional<Acceptance> acceptance) {
            return new ScoreBlock.Baseline(
                    at(),
                    run().search(),
                    run().repeat(),
                    cacheKey(),
                    values,
                    inputsOnly,
                    acceptance);
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
            implements Baseline {
        @Override
        public String key() {
            return "ceiling " + cacheKey;
        }

        @Override
        public List<ScoreBlock.Baseline> all(ScoreBlock block) {
            return block.ceilings();
        }

        @Override
        public List<String> targetLayers() {
            return Stream.concat(Stream.of(at.layer()), classLayer.stream()).toList();
        }

        /**
         * Returns the measures without a stored value, and the one that decides if the similarity
         * of the inputs themselves lacks it. A complete ceiling of an older version, which has no
         * such similarity, stays as it is.
         */
        @Override
        public List<String> missing(ScoreBlock block, List<String> measures) {
            var lacking = Baseline.super.missing(block, measures);
            var deciding = Verdict.measure(measures);
            var inputsOnly = stored(block).map(ScoreBlock.Baseline::inputsOnly).orElse(Map.of());
            return inputsOnly.containsKey(deciding) || (lacking.isEmpty() && inputsOnly.isEmpty())
                    ? lacking
                    : measures.stream()
                            .filter(one -> lacking.contains(one) || one.equals(deciding))
                            .toList();
        }

        @Override
        public ScoreBlock.Baseline compute(ScoreUnit.Computation computation) {
            var direction = computation.direction();
            var before = computation.ofInputs(at.layer());
            var after = computation.ofShown(at.layer());
            var found = inversion.get();
            return result(
                    direction.ceiling(before, after, run.settings().rngSeed()),
                    direction.inputsOnly(inputs, found.invariantInputs(), computation.deciding()),
                    isOfOneLayer
                            ? direction.acceptance(
                                    run.settings(),
                                    inputs,
                                    before,
                                    after,
                                    found,
                                    computation.classes(classLayer))
                            : Optional.empty());
        }

        @Override
        public void add(ScoreBlock.Baseline found, Results results) {
            results.ceilings().add(found);
        }
    }

    /** A target's score of the seeds of a search. */
    record Floor(StudiedLayer at, SearchRun run, String cacheKey) implements Baseline {
        @Override
        public String key() {
            return "floor " + cacheKey;
        }

        @Override
        public List<ScoreBlock.Baseline> all(ScoreBlock block) {
            return block.floors();
        }

        @Override
        public ScoreBlock.Baseline compute(ScoreUnit.Computation computation) {
            return result(
                    computation
                            .direction()
                            .floor(
                                    computation.ofInputs(at.layer()),
                                    computation.ofShown(at.layer()),
                                    run.settings().seed()),
                    Map.of(),
                    Optional.empty());
        }

        @Override
        public void add(ScoreBlock.Baseline found, Results results) {
            results.floors().add(found);
        }
    }

    /**
     * A target's score of the invariant inputs of a reference.
     *
     * @param classLayer the target's layer whose values are classes, if there is one
     * @param inversion the function that reads the invariant inputs of the reference
     */
    record Score(
            PlannedPair pair,
            SearchRun run,
            String cacheKey,
            Optional<String> classLayer,
            Supplier<Inversion> inversion)
            implements ScorePart<ScoreBlock.Score> {
        @Override
        public String key() {
            return "score " + cacheKey;
        }

        @Override
        public List<String> targetLayers() {
            return Stream.concat(Stream.of(pair.target().layer()), classLayer.stream()).toList();
        }

        @Override
        public Optional<ScoreBlock.Score> stored(ScoreBlock block) {
            return ScoreBlock.find(
                    block.scores(),
                    cacheKey,
                    List.of(pair.reference(), pair.target(), run.search(), run.repeat()));
        }

        @Override
        public Map<String, Estimate> values(ScoreBlock.Score found) {
            return found.stir();
        }

        @Override
        public ScoreBlock.Score compute(ScoreUnit.Computation computation) {
            var layer = pair.target().layer();
            var invariant = inversion.get();
            var found =
                    computation
                            .direction()
                            .score(
                                    run.settings(),
                                    computation.ofInputs(layer),
                                    computation.ofShown(layer),
                                    IntStream.range(0, invariant.count())
                                            .mapToDouble(invariant::residual)
                                            .toArray(),
                                    computation.classes(classLayer));
            return new ScoreBlock.Score(
                    pair.reference(),
                    pair.target(),
                    run.search(),
                    run.repeat(),
                    run.settings().rngSeed(),
                    cacheKey,
                    found.stir(),
                    found.shuffled(),
                    found.converged(),
                    found.outcomes(),
                    ScoreBlock.merged(
                            SearchCautions.of(
                                    run.settings(), invariant, pair.reference().toString()),
                            computation.cautions()));
        }

        @Override
        public ScoreBlock.Score merged(
                List<String> measures, ScoreBlock.Score older, ScoreBlock.Score newer) {
            return new ScoreBlock.Score(
                    newer.reference(),
                    newer.target(),
                    newer.search(),
                    newer.repeat(),
                    newer.rngSeed(),
                    cacheKey,
                    ScoreBlock.merged(measures, older.stir(), newer.stir()),
                    ScoreBlock.merged(measures, older.shuffled(), newer.shuffled()),
                    converged(measures, older.converged(), newer.converged()),
                    newer.outcomes(),
                    ScoreBlock.merged(older.cautions(), newer.cautions()));
        }

        private static Optional<ConvergedScore> converged(
                List<String> measures,
                Optional<ConvergedScore> older,
                Optional<ConvergedScore> newer) {
            if (older.isEmpty() || newer.isEmpty()) {
                return newer.or(() -> older);
            }
            return Optional.of(
                    new ConvergedScore(
                            newer.get().within(),
                            newer.get().count(),
                            ScoreBlock.merged(measures, older.get().stir(), newer.get().stir())));
        }

        @Override
        public void add(ScoreBlock.Score found, Results results) {
            results.scores().add(found);
        }
    }
}
