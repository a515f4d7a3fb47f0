package stir.core.math.statistics;

import java.util.Arrays;
import java.util.Optional;

/**
 * The mean, median and maximum of a sample.
 *
 * @param mean the mean
 * @param median the middle value, or the mean of the two in the middle
 * @param max the largest value
 * @since 0.1.0
 */
public record Summary(double mean, double median, double max) {
    /** Returns the summary of the given values, in any order; empty if there are none. */
    public static Optional<Summary> of(double[] values) {
        if (values.length == 0) {
            return Optional.empty();
        }
        var sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return Optional.of(
                new Summary(Arrays.stream(sorted).average().orElseThrow(), median, sorted[sorted.length - 1]));
    }
}
