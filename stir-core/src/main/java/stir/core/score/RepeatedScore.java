package stir.core.score;

import stir.api.Scale;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;

import java.util.List;
import java.util.Optional;

/**
 * STIR of one measure over several inversions that differ only in their random numbers.
 *
 * @param values one score per inversion; the first is that of {@link DirectedScore#stir}
 * @param interval the uncertainty of their mean that comes from the inversion's random numbers, by
 *     {@link Interval#ofMean}
 * @param prediction the interval for the score of the next inversion, by {@link Interval#ofNext}
 * @since 0.1.0
 */
public record RepeatedScore(
        List<Double> values, Optional<Interval> interval, Optional<Interval> prediction) {
    /** Copies the values; there is at least one. */
    public RepeatedScore {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("A repeated score has at least one value");
        }
    }

    /**
     * Returns the scores of the given inversions, with both intervals if there are two or more.
     *
     * @param scale the intervals are truncated to it
     */
    public static RepeatedScore of(List<Double> values, Scale scale) {
        var all = values.stream().mapToDouble(Double::doubleValue).toArray();
        return new RepeatedScore(
                values,
                Interval.ofMean(all, scale, Estimate.LEVEL),
                Interval.ofNext(all, scale, Estimate.LEVEL));
    }

    /** Returns the mean score. */
    public double mean() {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
