package stir.core.study.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import stir.api.Caution;
import stir.core.score.Acceptance;
import stir.core.score.InputOutcomes;
import stir.core.score.MeasureScore;
import stir.core.score.StudiedLayer;

/**
 * The results of one unit of scores, as they are stored: a target model on the invariant inputs of
 * a reference model. Each part has a cache key without the measures, so that values of further
 * measures can be added.
 *
 * @param schema {@link #SCHEMA}
 * @param target the target model
 * @param reference the model that was inverted
 * @param machines facts about the machines that computed it, where they differ
 * @param parts the parts, each at another place
 */
public record ScoreBlock(
        String schema, String target, String reference, List<Map<String, String>> machines, List<Part> parts) {
    /** The name and the version of the document. */
    static final String SCHEMA = "stir-scores/4";

    /** Copies the lists. */
    public ScoreBlock {
        machines = machines.stream().<Map<String, String>>map(TreeMap::new).toList();
        parts = List.copyOf(parts);
    }

    /** A block that has nothing yet. */
    public static ScoreBlock empty(String target, String reference) {
        return new ScoreBlock(SCHEMA, target, reference, List.of(), List.of());
    }

    /** The kinds of parts. */
    public enum Kind {
        /** The similarity of two layers: {@code S(t(X), m(X))}. */
        SIMILARITY,
        /** The ceiling of a reference, and the acceptance of its invariant inputs. */
        CEILING,
        /** The seed floor of a target. */
        FLOOR,
        /** STIR of a target and a reference. */
        STIR
    }

    /**
     * The layers, search and repeat that a part is of.
     *
     * @param target the layer that was scored
     * @param reference the layer that was inverted
     * @param search the search's name; empty for a similarity
     * @param repeat the number of the repeat, from 1; 0 for a similarity
     */
    public record Place(Kind kind, StudiedLayer target, StudiedLayer reference, String search, int repeat) {}

    /**
     * A part: some values of a score, by measure.
     *
     * @param cacheKey the hash of all inputs that determine it
     * @param measures the values by measure
     * @param acceptance the acceptance of the invariant inputs, of a ceiling
     * @param outcomes the target's response to each invariant input, of a STIR
     * @param code the hashes of the jars of measures that are not part of Stir, by measure
     * @param cautions reasons not to trust values
     */
    public record Part(
            Place place,
            String cacheKey,
            Map<String, MeasureScore> measures,
            Optional<Acceptance> acceptance,
            Optional<InputOutcomes> outcomes,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> code,
            List<Caution> cautions) {
        /** Creates a part without an acceptance and outcomes, of measures of Stir. */
        public Part(Place place, String cacheKey, Map<String, MeasureScore> measures, List<Caution> cautions) {
            this(place, cacheKey, measures, Optional.empty(), Optional.empty(), Map.of(), cautions);
        }

        /** Copies the values, in their order. */
        @SuppressWarnings("NullAway") // the code is absent where all measures are part of Stir
        public Part {
            code = code == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(code));
            measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
            cautions = List.copyOf(cautions);
        }

        private Part current(Map<String, String> others, List<String> asked) {
            var known = new LinkedHashMap<>(measures);
            asked.stream()
                    .filter(measure -> !Objects.equals(code.get(measure), others.get(measure)))
                    .forEach(known::remove);
            return known.size() == measures.size()
                    ? this
                    : new Part(place, cacheKey, known, acceptance, outcomes, code, cautions);
        }

        /** Returns the part with the hashes of the jars of its measures. */
        public Part by(Map<String, String> others) {
            var own = new TreeMap<>(others);
            own.keySet().retainAll(measures.keySet());
            return new Part(place, cacheKey, measures, acceptance, outcomes, own, cautions);
        }

        /**
         * Returns the part with values of other measures in addition.
         *
         * @param order all measures, in their order
         */
        public Part with(Part newer, List<String> order) {
            var merged = new LinkedHashMap<String, MeasureScore>();
            for (var measure : order) {
                var known = measures.getOrDefault(measure, MeasureScore.NONE);
                var value = known.with(newer.measures.getOrDefault(measure, MeasureScore.NONE));
                if (!value.equals(MeasureScore.NONE)) {
                    merged.put(measure, value);
                }
            }
            measures.forEach(merged::putIfAbsent);
            var all = new TreeMap<>(code);
            all.putAll(newer.code);
            return new Part(
                    place,
                    cacheKey,
                    merged,
                    newer.acceptance.or(() -> acceptance),
                    newer.outcomes.or(() -> outcomes),
                    all,
                    merged(cautions, newer.cautions));
        }
    }

    /**
     * Returns a copy without the values of measures whose code has changed.
     *
     * @param code the hashes of the jars of the measures that are not part of Stir, by measure
     * @param asked the measures that the hashes are of
     */
    public ScoreBlock current(Map<String, String> code, List<String> asked) {
        return new ScoreBlock(
                schema,
                target,
                reference,
                machines,
                parts.stream().map(part -> part.current(code, asked)).toList());
    }

    /** Returns the part at a place; empty if it is missing or has another cache key. */
    public Optional<Part> find(Place place, String cacheKey) {
        return find(place).filter(part -> part.cacheKey().equals(cacheKey));
    }

    /** Returns the part at a place; empty if it is missing. */
    public Optional<Part> find(Place place) {
        return parts.stream().filter(part -> part.place().equals(place)).findFirst();
    }

    /** Returns a copy with other parts at their places, and with one more machine. */
    public ScoreBlock with(List<Part> newer, Map<String, String> machine) {
        var places = newer.stream().map(Part::place).collect(Collectors.toSet());
        var machinesOfBoth = new LinkedHashSet<Map<String, String>>(machines);
        machinesOfBoth.add(new TreeMap<>(machine));
        return new ScoreBlock(
                schema,
                target,
                reference,
                new ArrayList<>(machinesOfBoth),
                Stream.concat(newer.stream(), parts.stream().filter(part -> !places.contains(part.place())))
                        .toList());
    }

    /** Returns the cautions of two lists, each once. */
    public static List<Caution> merged(List<Caution> older, List<Caution> newer) {
        var merged = new LinkedHashSet<>(older);
        merged.addAll(newer);
        return List.copyOf(merged);
    }
}
