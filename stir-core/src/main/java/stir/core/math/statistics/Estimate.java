package stir.core.math.statistics;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import stir.api.Scale;

/**
 * A score with its uncertainty, or the reason why it is undefined.
 *
 * @param value the score of all inputs; empty if it is undefined
 * @param interval the range of its average over other samples of the same size, by {@link
 *     Interval#of}; empty if unknown
 * @param prediction the range of its value for the next sample of the same size, by {@link
 *     Interval#ofOtherInputs}; empty if unknown
 * @param groups the values from which the two intervals were computed, for comparisons with other
 *     scores on the same inputs ({@link Difference}); empty if unknown
 * @param undefined the reason why there is no value, as a sentence; empty if there is one
 * @since 0.1.0
 */
@JsonSerialize(converter = EstimateDocument.Writer.class)
@JsonDeserialize(converter = EstimateDocument.Reader.class)
public record Estimate(
        OptionalDouble value,
        Optional<Interval> interval,
        Optional<Interval> prediction,
        Optional<Replicates> groups,
        Optional<String> undefined) {
    /** The probability that an interval contains the estimated value. */
    public static final double LEVEL = 0.95;

    private static final double ROUNDING = 1e-6;

    /** Checks that there is either a value or a reason. */
    public Estimate {
        if (value.isPresent() == undefined.isPresent()) {
            throw new IllegalArgumentException("Exactly one of value and undefined must be present");
        }
    }

    /** Returns a value without an interval. */
    public static Estimate of(double value) {
        return of(value, Optional.empty());
    }

    /**
     * Returns a value with the interval of its mean over other inputs, if that is known.
     *
     * @param value a finite value
     * @param interval its interval
     */
    public static Estimate of(double value, Optional<Interval> interval) {
        return new Estimate(OptionalDouble.of(value), interval, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Returns a value with its intervals.
     *
     * @param scale the intervals are truncated to it
     */
    public static Estimate of(Replicates measured, Scale scale) {
        return new Estimate(
                OptionalDouble.of(measured.value()),
                Optional.of(measured.interval(LEVEL, scale)),
                Optional.of(Interval.ofOtherInputs(measured, scale, LEVEL)),
                Optional.of(measured),
                Optional.empty());
    }

    /** Returns an undefined score. */
    public static Estimate undefined(String reason) {
        return new Estimate(
                OptionalDouble.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(reason));
    }

    /** Returns the value and its interval, as in {@code 0.977 [0.933, 1.000]}, or the reason. */
    @Override
    public String toString() {
        return undefined.orElseGet(() -> String.format(Locale.ROOT, "%.3f", value.orElseThrow())
                + interval.map(range -> " " + range).orElse(""));
    }

    /** Returns whether the value and the ends of its interval are on a scale but for rounding. */
    public boolean isWithin(Scale scale) {
        return DoubleStream.concat(
                        value.stream(), interval.stream().flatMapToDouble(of -> DoubleStream.of(of.low(), of.high())))
                .allMatch(one -> one >= scale.lowest() - ROUNDING && one <= scale.highest() + ROUNDING);
    }

    /** Returns whether there is a value. */
    public boolean isDefined() {
        return value.isPresent();
    }
}
