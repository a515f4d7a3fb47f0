package stir.core.statistics;

import stir.api.Scale;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A score and how uncertain it is, or why there is none.
 *
 * @param value the score of all inputs; empty if it is not defined
 * @param interval what it would be on average for as many other inputs, by {@link
 *     ConfidenceInterval#of}; empty where that is not known
 * @param prediction where it would lie for the next as many other inputs, by {@link
 *     PredictionInterval#ofOtherInputs}; empty where that is not known
 * @param groups what both were computed from, by which it can be compared with other scores of the
 *     same inputs ({@link Difference}); empty where that is not known
 * @param undefined why there is no value, a sentence; empty if there is one
 * @since 0.1.0
 */
public record Estimate(
        OptionalDouble value,
        Optional<ConfidenceInterval> interval,
        Optional<PredictionInterval> prediction,
        Optional<Replicates> groups,
        Optional<String> undefined) {
    /** The probability with which Stir's intervals hold what is estimated. */
    public static final double LEVEL = 0.95;

    /** Checks that there is either a value or a reason. */
    public Estimate {
        Objects.requireNonNull(interval, "interval");
        Objects.requireNonNull(prediction, "prediction");
        Objects.requireNonNull(groups, "groups");
        if (value.isPresent() == undefined.isPresent()) {
            throw new IllegalArgumentException("Either a value or why there is none");
        }
    }

    /** A value without an interval. */
    public static Estimate of(double value) {
        return of(value, Optional.empty());
    }

    /** A value with the interval of its mean over other inputs, if that is known. */
    public static Estimate of(double value, Optional<ConfidenceInterval> interval) {
        return new Estimate(
                OptionalDouble.of(value),
                interval,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * A value with its intervals.
     *
     * @param scale the intervals are cut off at its ends
     */
    public static Estimate of(Replicates measured, Scale scale) {
        return new Estimate(
                OptionalDouble.of(measured.value()),
                Optional.of(measured.interval(LEVEL, scale)),
                Optional.of(PredictionInterval.ofOtherInputs(measured, scale, LEVEL)),
                Optional.of(measured),
                Optional.empty());
    }

    /** No value. */
    public static Estimate undefined(String reason) {
        return new Estimate(
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(reason));
    }

    /** Whether there is a value. */
    public boolean isDefined() {
        return value.isPresent();
    }
}
