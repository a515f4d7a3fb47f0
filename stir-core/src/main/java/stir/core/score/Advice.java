package stir.core.score;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A change that may settle an inconclusive score.
 *
 * @param kind the change
 * @param amount the number of inputs, or the tolerance; empty if it is unknown
 * @since 0.1.0
 */
public record Advice(Kind kind, OptionalDouble amount) {
    /** The changes. */
    public enum Kind {
        /** More inputs: estimated from the width of the interval, which falls with their root. */
        MORE_INPUTS,
        /** The smallest number of inputs with intervals. */
        FEWEST_INPUTS,
        /** More iterations, candidates, or a better optimiser. */
        LONGER_SEARCH,
        /** Seeds that are represented more like the inputs: other inputs. */
        OTHER_SEED,
        /** A tolerance below the threshold of acceptance. */
        SMALLER_TOLERANCE,
        /** A later layer of the reference. */
        LATER_LAYER,
        /** A higher memory limit. */
        MORE_MEMORY,
        /** A similarity measure that is defined for these representations and has intervals. */
        OTHER_MEASURE;

        /** Returns the name in documents: {@code more_inputs}. */
        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Checks that nothing is missing. */
    public Advice {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(amount, "amount");
    }

    /** Returns advice without an amount. */
    static Advice of(Kind kind) {
        return new Advice(kind, OptionalDouble.empty());
    }

    /** Returns the advice in words: {@code about 90 inputs}. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public String text() {
        return switch (kind) {
            case MORE_INPUTS ->
                amount.isPresent()
                        ? String.format(Locale.ROOT, "about %.0f inputs", amount.getAsDouble())
                        : "more inputs";
            case FEWEST_INPUTS -> String.format(Locale.ROOT, "at least %.0f inputs", amount.orElseThrow());
            case LONGER_SEARCH -> "a longer search";
            case OTHER_SEED -> "other inputs as seeds";
            case SMALLER_TOLERANCE -> String.format(Locale.ROOT, "a tolerance of %.2g", amount.orElseThrow());
            case LATER_LAYER -> "a later layer of the reference";
            case MORE_MEMORY -> "a higher memory limit";
            case OTHER_MEASURE -> "another measure";
        };
    }
}
