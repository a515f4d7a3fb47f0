package stir.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Counts and quantiles of values, which keep a page from growing with the number of inputs. */
final class Counts {
    private static final int BINS = 20;
    private static final int MOST_QUANTILES = 101;

    private Counts() {}

    /**
     * Returns the number of values in each of the bins that divide {@code [0, high]}; larger values
     * count in the last.
     */
    static List<Integer> histogram(List<Double> values, double high) {
        var counts = new int[BINS];
        for (double value : values) {
            counts[(int) Math.min(BINS - 1, Math.max(0, Math.floor(BINS * value / high)))]++;
        }
        return Arrays.stream(counts).boxed().toList();
    }

    /** Returns the values in their order, or evenly spaced quantiles of many. */
    static List<Float> quantiles(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        int count = Math.min(MOST_QUANTILES, sorted.size());
        var quantiles = new ArrayList<Float>();
        for (int i = 0; i < count; i++) {
            double rank = count == 1 ? 0 : i * (sorted.size() - 1.0) / (count - 1);
            quantiles.add(rounded(sorted.get((int) Math.round(rank))));
        }
        return quantiles;
    }

    /** Returns a bound of values that is read easily: 1, 2 or 5 times a power of ten. */
    static double bound(Stream<Double> values) {
        double highest = values.mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        if (!(highest > 0)) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(highest)));
        for (double factor : new double[] {1, 2, 5}) {
            if (highest <= factor * power) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    /** Returns a number of single precision, which is short. */
    static float rounded(double value) {
        return (float) value;
    }
}
