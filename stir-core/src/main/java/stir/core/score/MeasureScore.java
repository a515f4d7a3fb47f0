package stir.core.score;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import stir.api.Scale;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.PermutationFloor;

/**
 * STIR(target | reference) by one measure, with every value that it is read next to. Documents and
 * tables hold these parts under these names.
 *
 * @param values the computed values; one that is not defined holds the reason
 * @param permutationTest the spread of the permutation floor, and how probable STIR would be if
 *     each X' belonged to another input; empty if not all rows fit into memory
 * @param repeats the scores of several searches; empty unless requested
 * @since 0.1.0
 */
@JsonDeserialize(converter = MeasureScore.Reader.class)
public record MeasureScore(
        @JsonAnyGetter Map<Quantity, Estimate> values,
        Optional<PermutationFloor> permutationTest,
        Optional<RepeatedScore> repeats) {
    /** The score without any computed value. */
    public static final MeasureScore NONE = new MeasureScore(Map.of(), Optional.empty(), Optional.empty());

    /** Copies the values. */
    public MeasureScore {
        values = Collections.unmodifiableMap(copy(values));
    }

    private static Map<Quantity, Estimate> copy(Map<Quantity, Estimate> values) {
        var copy = new EnumMap<Quantity, Estimate>(Quantity.class);
        copy.putAll(values);
        return copy;
    }

    /** Returns a score of one value. */
    public static MeasureScore of(Quantity quantity, Estimate estimate) {
        return NONE.with(quantity, estimate);
    }

    /** Returns a value, or that it is unknown. */
    public Estimate of(Quantity quantity) {
        var estimate = values.get(quantity);
        return estimate != null ? estimate : Estimate.undefined("The value '%s' is unknown.".formatted(quantity.key()));
    }

    /** Returns {@code S(t(X), t(X'))}, or that it is unknown. */
    public Estimate stir() {
        return of(Quantity.STIR);
    }

    /**
     * Returns the more similar of the defined floors, at which the corrected value is 0; empty if
     * none is defined.
     *
     * @param scale the scale of the measure
     */
    public OptionalDouble floor(Scale scale) {
        return Stream.of(Quantity.SEED_FLOOR, Quantity.PERMUTATION_FLOOR)
                .map(floor -> of(floor).value())
                .flatMapToDouble(OptionalDouble::stream)
                .reduce(scale::moreSimilar);
    }

    /** Returns the probability of a STIR as similar if each X' belonged to another input. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public OptionalDouble p() {
        return permutationTest.map(test -> OptionalDouble.of(test.pValue())).orElseGet(OptionalDouble::empty);
    }

    /** Returns whether there are values, all of them on a scale but for rounding. */
    public boolean isWithin(Scale scale) {
        return !values.isEmpty()
                && values.entrySet().stream()
                        .filter(value -> value.getKey() != Quantity.CORRECTED)
                        .allMatch(value -> value.getValue().isWithin(scale));
    }

    /** Returns a copy with a value. */
    public MeasureScore with(Quantity quantity, Estimate estimate) {
        var others = copy(values);
        others.put(quantity, estimate);
        return new MeasureScore(others, permutationTest, repeats);
    }

    /** Returns a copy without a value. */
    public MeasureScore without(Quantity quantity) {
        var others = copy(values);
        others.remove(quantity);
        return new MeasureScore(others, permutationTest, repeats);
    }

    /** Returns the parts of a newer computation, completed by these. */
    public MeasureScore with(MeasureScore newer) {
        var both = copy(values);
        both.putAll(newer.values);
        return new MeasureScore(
                both,
                newer.values.containsKey(Quantity.PERMUTATION_FLOOR) ? newer.permutationTest : permutationTest,
                newer.repeats.or(() -> repeats));
    }

    /** Returns a copy with the spread of its permutation floor. */
    public MeasureScore withTest(PermutationFloor test) {
        return new MeasureScore(values, Optional.of(test), repeats);
    }

    /** Returns a copy with the scores of several searches. */
    public MeasureScore withRepeats(RepeatedScore other) {
        return new MeasureScore(values, permutationTest, Optional.of(other));
    }

    /** The parts of a score in a document. */
    @JsonIgnoreProperties({"p", "repeats"})
    record Stored(@JsonAnySetter Map<String, Estimate> values, Optional<PermutationFloor> permutationTest) {}

    /** Reads scores; what follows from the stored values is computed again. */
    static final class Reader extends StdConverter<Stored, MeasureScore> {
        @Override
        public MeasureScore convert(Stored stored) {
            var values = new EnumMap<Quantity, Estimate>(Quantity.class);
            for (var quantity : Quantity.values()) {
                var estimate = stored.values.get(quantity.key());
                if (estimate != null) {
                    values.put(quantity, estimate);
                }
            }
            return new MeasureScore(values, stored.permutationTest, Optional.empty());
        }
    }
}
