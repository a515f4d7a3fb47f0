package stir.core.math.statistics;

import java.util.Arrays;
import java.util.Optional;

/**
 * Quantiles of a sample, interpolated linearly between the sorted values (Hyndman and Fan 1996,
 * type 7, the default of NumPy).
 *
 * @param min the smallest value
 * @param p5 the value that 5 % of the sample are at most
 * @param median the middle value
 * @param p95 the value that 95 % of the sample are at most
 * @param max the largest value
 * @since 0.1.0
 */
public record Quantiles(double min, double p5, double median, double p95, double max) {
    /** Returns the quantiles of the given values, in any order; empty if there are none. */
    public static Optional<Quantiles> of(double[] values) {
        if (values.length == 0) {
            return Optional.empty();
        }
        var sorted = values.clone();
        Arrays.sort(sorted);
        return Optional.of(new Quantiles(
                sorted[0], at(sorted, 0.05), at(sorted, 0.5), at(sorted, 0.95), sorted[sorted.length - 1]));
    }

    private static double at(double[] sorted, double share) {
        double position = share * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
