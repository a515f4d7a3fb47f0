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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The results of one unit of scores: a target model on the invariant inputs of a reference model.
 * Each part has a cache key without the measures, so that values of further measures can be added.
 *
 * @param target the target model
 * @param reference the model that was inverted
 * @param machines facts about the machines that computed it, where they differ
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

    /** A result of this block. */
    public interface Part {
        /** Returns the layers, search and repeat that it is of. */
        List<Object> place();

        /** Returns the hash of all inputs that determine it. */
        String cacheKey();
    }

    /**
     * The plain similarity of two layers, {@code S(t(X), m(X))}.
     *
     * @param reference the layer m
     * @param target the layer t
     * @param cacheKey the hash of all inputs that determine it
     * @param values the values by measure
     * @param cautions reasons not to trust values
     */
    public record Similarity(
            StudiedLayer reference,
            StudiedLayer target,
            String cacheKey,
            Map<String, Estimate> values,
            List<Caution> cautions)
            implements Part {
        /** Copies the values, in their order. */
        public Similarity {
            values = new LinkedHashMap<>(values);
            cautions = List.copyOf(cautions);
        }

        /** Returns the similarity of the same layers with other values and cautions. */
        Similarity of(Map<String, Estimate> others, List<Caution> otherCautions) {
            return new Similarity(reference, target, cacheKey, others, otherCautions);
        }

        @Override
        public List<Object> place() {
            return List.of(reference, target);
        }
    }

    /**
     * A ceiling or a floor.
     *
     * @param search the search's name
     * @param cacheKey the hash of all inputs that determine it
     * @param values the values by measure
     * @param inputsOnly the similarity of the inputs and invariant inputs themselves by measure;
     *     empty for a floor, and where an older version stored the ceiling
     * @param acceptance the acceptance of the invariant inputs; empty for a floor, and where an
     *     older version stored the ceiling
     */
    public record Baseline(
            StudiedLayer at,
            String search,
            int repeat,
            String cacheKey,
            Map<String, Estimate> values,
            Map<String, Estimate> inputsOnly,
            Optional<Acceptance> acceptance)
            implements Part {
        /** Copies the values, in their order. */
        public Baseline {
            values = new LinkedHashMap<>(values);
            inputsOnly = new LinkedHashMap<>(inputsOnly);
        }

        @Override
        public List<Object> place() {
            return List.of(at, search, repeat);
        }
    }

    /**
     * A score without its ceiling and floors.
     *
     * @param reference the layer that was inverted
     * @param target the layer that was scored
     * @param search the search's name
     * @param rngSeed the key of this repeat's random numbers
     * @param cacheKey the hash of all inputs that determine it
     * @param stir the scores by measure
     * @param shuffled the floors of shuffled inputs by measure, each with its spread
     * @param converged the score of the inputs that were found
     * @param outcomes the target's response to each invariant input
     * @param cautions reasons not to trust values
     */
    public record Score(
            StudiedLayer reference,
            StudiedLayer target,
            String search,
            int repeat,
            long rngSeed,
            String cacheKey,
            Map<String, Estimate> stir,
            ShuffledFloors shuffled,
            Optional<ConvergedScore> converged,
            InputOutcomes outcomes,
            List<Caution> cautions)
            implements Part {
        /** Copies the values, in their order. */
        public Score {
            stir = new LinkedHashMap<>(stir);
            cautions = List.copyOf(cautions);
        }

        @Override
        public List<Object> place() {
            return List.of(reference, target, search, repeat);
        }
    }

    /** Returns the part of a list at a place; empty if it is missing or has another cache key. */
    public static <T extends Part> Optional<T> find(
            List<T> parts, String cacheKey, List<Object> place) {
        return parts.stream()
                .filter(found -> found.cacheKey().equals(cacheKey) && found.place().equals(place))
                .findFirst();
    }

    /**
     * Returns a copy with the results that an older block has of other layers, searches and
     * repeats, since a later study may need them again.
     */
    public ScoreBlock withRestOf(ScoreBlock older) {
        return new ScoreBlock(
                target,
                reference,
                machines,
                both(similarities, older.similarities),
                both(ceilings, older.ceilings),
                both(floors, older.floors),
                both(scores, older.scores));
    }

    private static <T extends Part> List<T> both(List<T> newer, List<T> older) {
        var known = newer.stream().map(Part::place).collect(Collectors.toSet());
        return Stream.concat(
                        newer.stream(),
                        older.stream().filter(found -> !known.contains(found.place())))
                .toList();
    }

    /** Returns a copy with one more machine, unless it is there already. */
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
