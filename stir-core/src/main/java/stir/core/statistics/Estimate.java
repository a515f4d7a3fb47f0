package stir.core.statistics;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A score and how uncertain it is, or why there is none.
 *
 * @param value the score of all inputs; empty if it is not defined
 * @param interval what it would be for as many other inputs, by {@link ConfidenceInterval#of};
 *     empty where that is not known
 * @param undefined why there is no value, a sentence; empty if there is one
 */
public record Estimate(
        OptionalDouble value, Optional<ConfidenceInterval> interval, Optional<String> undefined) {
    /** The probability with which Stir's intervals hold what is estimated. */
    public static final double LEVEL = 0.95;

    /** Checks that there is either a value or a reason. */
    public Estimate {
        Objects.requireNonNull(interval, "interval");
        if (value.isPresent() == undefined.isPresent()) {
            throw new IllegalArgumentException("Either a value or why there is none");
        }
    }

    /** A value without an interval. */
    public static Estimate of(double value) {
        return of(value, Optional.empty());
    }

    /** A value with its interval, if that is known. */
    public static Estimate of(double value, Optional<ConfidenceInterval> interval) {
        return new Estimate(OptionalDouble.of(value), interval, Optional.empty());
    }

    /** No value. */
    public static Estimate undefined(String reason) {
        return new Estimate(OptionalDouble.empty(), Optional.empty(), Optional.of(reason));
    }

    /** Whether there is a value. */
    public boolean isDefined() {
        return value.isPresent();
    }
}
