package stir.core.statistics;

import java.util.Objects;
import java.util.Optional;

/**
 * A score and how uncertain it is.
 *
 * @param value the score of all inputs
 * @param interval what it would be for as many other inputs, by {@link ConfidenceInterval#of};
 *     empty where that can't be told
 */
public record Estimate(double value, Optional<ConfidenceInterval> interval) {
    /** The probability with which Stir's intervals hold what is estimated. */
    public static final double LEVEL = 0.95;

    /** Checks that nothing is missing. */
    public Estimate {
        Objects.requireNonNull(interval, "interval");
    }
}
