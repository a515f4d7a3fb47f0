package stir.core.study.store;

import stir.api.Caution;
import stir.core.math.statistics.Estimate;
import stir.core.score.Acceptance;
import stir.core.score.ConvergedScore;
import stir.core.score.InputOutcomes;
import stir.core.score.compute.ShuffledFloors;
import stir.core.study.plan.StudiedLayer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The results of one unit of scores: a target model on the invariant inputs of a reference model.
 * Each part has a cache key without the measures, so that values of further measures can be added.
 *
 * @param target the target model
 * @param reference the model that was inverted
 * @param machines facts about the machines that computed it, as far as they differ
 * @param similarities plain similarities of layers
 * @param ceilings the scores of the reference on its own invariant inputs, if it is the target
 * @param floors the scores of the target on the seeds, if it is the reference
 * @param scores the scores of the target on the invariant inputs
 */
public record ScoreBlock(
        String target,
        String reference,
        List<Map<String, String>> machines,
        List<Similarity> similarities,
        List<Baseline> ceilings,
        List<Baseline> floors,
        List<Score> scores) {
    /** Copies the lists. */
    public ScoreBlock {
        machines = machines.stream().<Map<String, String>>map(TreeMap::new).toList();
        similarities = List.copyOf(similarities);
        ceilings = List.copyOf(ceilings);
        floors = List.copyOf(floors);
        scores = List.copyOf(scores);
    }

    /** A block that has nothing yet. */
    public static ScoreBlock empty(String target, String reference) {
        return new ScoreBlock(
                target, reference, List.of(), List.of(), List.of(), List.of(), List.of());
    }

    /**
     * The plain similarity of two layers, {@code S(t(X), m(X))}.
     *
     * @param reference the layer m
     * @param target the layer t
     * @param identity the hash of what it depends on
     * @param values by measure
     * @param cautions reasons not to trust values
     */
    public record Similarity(
            StudiedLayer reference,
            StudiedLayer target,
            String identity,
            Map<String, Estimate> values,
            List<Caution> cautions) {
        /** Copies the values, in their order. */
        public Similarity {
            values = new LinkedHashMap<>(values);
            cautions = List.copyOf(cautions);
        }
    }

    /**
     * A ceiling or a floor.
     *
     * @param at the layer
     * @param search the search's name
     * @param repeat which of its repeats
     * @param identity the hash of what it depends on
     * @param values by measure
     * @param inputsOnly the similarity of the inputs and invariant inputs themselves by measure;
     *     empty for a floor, and where an older version stored the ceiling
     * @param acceptance of the invariant inputs; empty for a floor, and where an older version
     *     stored the ceiling
     */
    public record Baseline(
            StudiedLayer at,
            String search,
            int repeat,
            String identity,
            Map<String, Estimate> values,
            Map<String, Estimate> inputsOnly,
            Optional<Acceptance> acceptance) {
        /** Copies the values, in their order. */
        public Baseline {
            values = new LinkedHashMap<>(values);
            inputsOnly = new LinkedHashMap<>(inputsOnly);
        }
    }

    /**
     * A score without its ceiling and floors.
     *
     * @param reference the layer that was inverted
     * @param target the layer that looked
     * @param search the search's name
     * @param repeat which of its repeats
     * @param rngSeed the key of this repeat's random numbers
     * @param identity the hash of what it depends on
     * @param stir by measure
     * @param shuffled by measure, and by measure its spread
     * @param converged the score of the inputs that were found
     * @param outcomes what the target makes of each invariant input
     * @param cautions reasons not to trust values
     */
    public record Score(
            StudiedLayer reference,
            StudiedLayer target,
            String search,
            int repeat,
            long rngSeed,
            String identity,
            Map<String, Estimate> stir,
            ShuffledFloors shuffled,
            Optional<ConvergedScore> converged,
            InputOutcomes outcomes,
            List<Caution> cautions) {
        /** Copies the values, in their order. */
        public Score {
            stir = new LinkedHashMap<>(stir);
            cautions = List.copyOf(cautions);
        }
    }

    /** The plain similarity of a pair, if it depends on what it should. */
    public Optional<Similarity> similarity(
            StudiedLayer referenceLayer, StudiedLayer targetLayer, String identity) {
        return similarities.stream()
                .filter(
                        found ->
                                found.reference().equals(referenceLayer)
                                        && found.target().equals(targetLayer)
                                        && found.identity().equals(identity))
                .findFirst();
    }

    /** A baseline of a list, if it depends on what it should. */
    public static Optional<Baseline> baseline(
            List<Baseline> baselines, StudiedLayer at, String search, int repeat, String identity) {
        return baselines.stream()
                .filter(
                        found ->
                                found.at().equals(at)
                                        && found.search().equals(search)
                                        && found.repeat() == repeat
                                        && found.identity().equals(identity))
                .findFirst();
    }

    /** A score, if it depends on what it should. */
    public Optional<Score> score(
            StudiedLayer referenceLayer,
            StudiedLayer targetLayer,
            String search,
            int repeat,
            String identity) {
        return scores.stream()
                .filter(
                        found ->
                                found.reference().equals(referenceLayer)
                                        && found.target().equals(targetLayer)
                                        && found.search().equals(search)
                                        && found.repeat() == repeat
                                        && found.identity().equals(identity))
                .findFirst();
    }

    /**
     * The same with what an older block has of other layers, searches and repeats: what is not
     * asked for now may be asked for again.
     */
    public ScoreBlock withRestOf(ScoreBlock older) {
        return new ScoreBlock(
                target,
                reference,
                machines,
                both(
                        similarities,
                        older.similarities,
                        found -> List.of(found.reference(), found.target())),
                both(ceilings, older.ceilings, ScoreBlock::key),
                both(floors, older.floors, ScoreBlock::key),
                both(
                        scores,
                        older.scores,
                        found ->
                                List.of(
                                        found.reference(),
                                        found.target(),
                                        found.search(),
                                        found.repeat())));
    }

    private static List<Object> key(Baseline found) {
        return List.of(found.at(), found.search(), found.repeat());
    }

    private static <T> List<T> both(
            List<T> newer, List<T> older, Function<T, List<? extends Object>> key) {
        var known = newer.stream().map(key).collect(Collectors.toSet());
        return Stream.concat(
                        newer.stream(),
                        older.stream().filter(found -> !known.contains(key.apply(found))))
                .toList();
    }

    /** The same with one more machine, unless it is there. */
    public ScoreBlock with(Map<String, String> machine) {
        var all = new LinkedHashSet<Map<String, String>>(machines);
        all.add(new TreeMap<>(machine));
        return new ScoreBlock(
                target, reference, new ArrayList<>(all), similarities, ceilings, floors, scores);
    }

    /** Values of some measures in an order, followed by those that others have. */
    public static Map<String, Estimate> merged(
            List<String> order, Map<String, Estimate> older, Map<String, Estimate> newer) {
        var merged = new LinkedHashMap<String, Estimate>();
        for (var measure : order) {
            var value = newer.getOrDefault(measure, older.get(measure));
            if (value != null) {
                merged.put(measure, value);
            }
        }
        older.forEach(merged::putIfAbsent);
        return merged;
    }

    /** Floors of some measures, of which others have values already. */
    public static ShuffledFloors merged(
            List<String> order, ShuffledFloors older, ShuffledFloors newer) {
        var permutations = new LinkedHashMap<>(older.permutations());
        newer.values().keySet().forEach(permutations::remove);
        permutations.putAll(newer.permutations());
        return new ShuffledFloors(merged(order, older.values(), newer.values()), permutations);
    }

    /** Returns the cautions of two lists, each once. */
    public static List<Caution> merged(List<Caution> older, List<Caution> newer) {
        var merged = new LinkedHashSet<>(older);
        merged.addAll(newer);
        return List.copyOf(merged);
    }
}
