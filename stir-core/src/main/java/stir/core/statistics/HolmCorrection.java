package stir.core.statistics;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * p-values of many comparisons, corrected for their number: whoever calls those below 5 % real is
 * wrong in even one of them with a probability of 5 % at most, however the comparisons depend on
 * each other. Source: Holm 1979, A simple sequentially rejective multiple test procedure.
 *
 * @since 0.1.0
 */
public final class HolmCorrection {
    private HolmCorrection() {}

    /**
     * Corrected p-values.
     *
     * @param pValues one a comparison, from 0 to 1
     * @return in the same order, each at least what it was and at most 1
     */
    public static double[] of(double... pValues) {
        var order =
                IntStream.range(0, pValues.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> pValues[i]))
                        .mapToInt(i -> i)
                        .toArray();
        var corrected = new double[pValues.length];
        double largest = 0;
        for (int rank = 0; rank < order.length; rank++) {
            double value = pValues[order[rank]];
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("No probability: " + value);
            }
            largest = Math.max(largest, Math.min(1, (order.length - rank) * value));
            corrected[order[rank]] = largest;
        }
        return corrected;
    }
}
