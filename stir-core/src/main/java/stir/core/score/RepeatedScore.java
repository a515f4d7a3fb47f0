package stir.core.score;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import stir.api.Scale;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;

/**
 * STIR of one measure over several inversions that differ only in their random numbers.
 *
 * @param values one score per inversion; the first is {@link DirectedScore#stir}
 * @param mean the mean, with the interval that covers the inversion's random numbers ({@link
 *     Interval#ofMean}), and the interval of the next inversion's score ({@link Interval#ofNext})
 * @since 0.1.0
 */
public record RepeatedScore(List<Double> values, Estimate mean) {
    /** Copies the values; there is at least one. */
    public RepeatedScore {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("A repeated score has at least one value");
        }
    }

    /**
     * Returns the scores of the given inversions, with intervals if there are two or more.
     *
     * @param scale the intervals are truncated to it
     */
    public static RepeatedScore of(List<Double> values, Scale scale) {
        var all = values.stream().mapToDouble(Double::doubleValue).toArray();
        var mean = new Estimate(
                Arrays.stream(all).average(),
                Interval.ofMean(all, scale, Estimate.LEVEL),
                Interval.ofNext(all, scale, Estimate.LEVEL),
                Optional.empty(),
                Optional.empty());
        return new RepeatedScore(values, mean);
    }
}
