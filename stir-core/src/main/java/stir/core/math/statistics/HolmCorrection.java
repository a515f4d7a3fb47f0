package stir.core.math.statistics;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The correction of p-values for many comparisons: if all differences with corrected p-values below
 * 5 % are called real, the probability of even one error is at most 5 %, for any dependence between
 * the comparisons. Source: Holm 1979, A simple sequentially rejective multiple test procedure.
 *
 * @since 0.1.0
 */
final class HolmCorrection {
    private HolmCorrection() {}

    /**
     * Returns corrected p-values.
     *
     * @param pValues one per comparison, from 0 to 1
     * @return in the same order, each at least the original value and at most 1
     */
    public static double[] of(double... pValues) {
        var order = IntStream.range(0, pValues.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> pValues[i]))
                .mapToInt(i -> i)
                .toArray();
        var corrected = new double[pValues.length];
        double largest = 0;
        for (int rank = 0; rank < order.length; rank++) {
            double value = pValues[order[rank]];
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("Not a probability: " + value);
            }
            largest = Math.max(largest, Math.min(1, (order.length - rank) * value));
            corrected[order[rank]] = largest;
        }
        return corrected;
    }
}
