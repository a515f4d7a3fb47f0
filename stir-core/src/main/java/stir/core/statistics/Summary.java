package stir.core.statistics;

import java.util.Arrays;
import java.util.Optional;

/**
 * What is told of many values.
 *
 * @param mean their mean
 * @param median the middle one, or the mean of the two in the middle
 * @param max the largest
 * @since 0.1.0
 */
public record Summary(double mean, double median, double max) {
    /** The summary of some values, in any order; empty if there are none. */
    public static Optional<Summary> of(double[] values) {
        if (values.length == 0) {
            return Optional.empty();
        }
        var sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return Optional.of(
                new Summary(
                        Arrays.stream(sorted).average().orElseThrow(),
                        median,
                        sorted[sorted.length - 1]));
    }
}
