package stir.core.math.statistics;

import java.util.Arrays;

/** The mean and the standard deviation of a sample. */
final class SampleStatistics {
    private SampleStatistics() {}

    /**
     * Returns the standard deviation, with one less than the number of values as divisor; at least
     * two values.
     */
    static double standardDeviation(double[] values) {
        double mean = mean(values);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (values.length - 1));
    }

    /** Returns the mean; at least one value. */
    static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}
