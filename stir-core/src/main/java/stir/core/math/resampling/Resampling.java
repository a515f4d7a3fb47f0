package stir.core.math.resampling;

import java.util.function.DoubleUnaryOperator;

/**
 * Resampling of one axis with pixel centres at half-integers, as a sparse matrix: each output value
 * is a weighted mean of a run of input values. Where an axis shrinks, the filter is widened by the
 * factor (antialiasing), as Pillow and torch's {@code antialias=True} do. The derivative is the
 * transposed matrix.
 *
 * @since 0.1.0
 */
public final class Resampling {
    private static final double CUBIC = -0.5; // Keys' cubic, as in Pillow and in torch's antialiased resampling

    private final int[] first;
    private final double[][] weights;

    private Resampling(int from, int to, double radius, DoubleUnaryOperator filter) {
        double scale = (double) from / to;
        double widening = Math.max(scale, 1);
        double support = radius * widening;
        first = new int[to];
        weights = new double[to][];
        for (int i = 0; i < to; i++) {
            double centre = (i + 0.5) * scale;
            int low = Math.max(0, (int) Math.floor(centre - support + 0.5));
            int high = Math.min(from, (int) Math.floor(centre + support + 0.5));
            first[i] = low;
            weights[i] = new double[high - low];
            double sum = 0;
            for (int j = low; j < high; j++) {
                double weight = filter.applyAsDouble(Math.abs((j + 0.5 - centre) / widening));
                weights[i][j - low] = weight;
                sum += weight;
            }
            for (int j = 0; j < weights[i].length; j++) {
                weights[i][j] /= sum;
            }
        }
    }

    /**
     * Creates a resampling by the triangle filter, which interpolates between two values where the
     * axis grows.
     *
     * @param from the length of the axis; at least 1
     * @param to its new length; at least 1
     */
    public static Resampling bilinear(int from, int to) {
        return new Resampling(from, to, 1, distance -> Math.max(0, 1 - distance));
    }

    /**
     * Creates a resampling by Keys' cubic with a = -0.5, which is sharper but may exceed the range
     * of the values.
     *
     * @param from the length of the axis; at least 1
     * @param to its new length; at least 1
     */
    public static Resampling bicubic(int from, int to) {
        return new Resampling(from, to, 2, Resampling::cubic);
    }

    private static double cubic(double x) {
        if (x < 1) {
            return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * CUBIC : 0;
    }

    /** Resamples {@code values[outer, from, inner]} to {@code into[outer, to, inner]}. */
    public void apply(float[] values, float[] into, int outer, int from, int inner) {
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < first.length; i++) {
                for (int k = 0; k < inner; k++) {
                    double sum = 0;
                    for (int j = 0; j < weights[i].length; j++) {
                        sum += weights[i][j] * values[(o * from + first[i] + j) * inner + k];
                    }
                    into[(o * first.length + i) * inner + k] = (float) sum;
                }
            }
        }
    }

    /**
     * Adds the transposed map of {@code gradients[outer, to, inner]} to {@code into[outer, from,
     * inner]}.
     */
    public void applyTransposed(float[] gradients, float[] into, int outer, int from, int inner) {
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < first.length; i++) {
                for (int j = 0; j < weights[i].length; j++) {
                    double weight = weights[i][j];
                    int target = (o * from + first[i] + j) * inner;
                    int source = (o * first.length + i) * inner;
                    for (int k = 0; k < inner; k++) {
                        into[target + k] += (float) (weight * gradients[source + k]);
                    }
                }
            }
        }
    }
}
