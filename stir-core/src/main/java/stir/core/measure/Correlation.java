package stir.core.measure;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Correlation coefficients of two series of numbers. */
final class Correlation {
    private Correlation() {}

    /** Returns Pearson's correlation; neither series may be constant. */
    static double pearson(double[] first, double[] second) {
        return cosine(centred(first), centred(second));
    }

    private static double[] centred(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double rest = Arrays.stream(values).map(value -> value - mean).average().orElseThrow();
        return Arrays.stream(values).map(value -> value - mean - rest).toArray();
    }

    /** Returns the cosine of the angle between two vectors, neither of which is zero. */
    static double cosine(double[] first, double[] second) {
        double both = 0;
        double squaresOfFirst = 0;
        double squaresOfSecond = 0;
        for (int i = 0; i < first.length; i++) {
            both += first[i] * second[i];
            squaresOfFirst += first[i] * first[i];
            squaresOfSecond += second[i] * second[i];
        }
        double cosine = both / (Math.sqrt(squaresOfFirst) * Math.sqrt(squaresOfSecond));
        return Math.max(-1, Math.min(1, cosine));
    }

    /** Returns the rank of each value from 1 on; equal values have the mean of their ranks. */
    static double[] ranks(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        // The mean rank of each run of equal values.
        var rankOfRun = new double[sorted.length];
        for (int from = 0; from < sorted.length; ) {
            int to = from + 1;
            while (to < sorted.length && sorted[to] == sorted[from]) {
                to++;
            }
            Arrays.fill(rankOfRun, from, to, (from + 1 + to) / 2.0);
            from = to;
        }
        return Arrays.stream(values)
                .map(value -> rankOfRun[Arrays.binarySearch(sorted, value)])
                .toArray();
    }

    /**
     * Returns Kendall's tau-b, in O(n log n): the second series, in the order of the first, is
     * merge-sorted and the exchanges are counted (Knight 1966, A computer method for calculating
     * Kendall's tau with ungrouped data). Neither series may be constant.
     */
    static double kendall(double[] first, double[] second) {
        var pairs = concordance(first, second);
        return pairs.difference
                / Math.sqrt((double) (pairs.all - pairs.tiesInFirst))
                / Math.sqrt((double) (pairs.all - pairs.tiesInSecond));
    }

    /** Returns Kendall's tau-a: the same difference divided by the number of all pairs. */
    static double tauA(double[] first, double[] second) {
        var pairs = concordance(first, second);
        return pairs.difference / pairs.all;
    }

    /**
     * Returns Spearman's rho-a: the mean of rho over all possible orders of tied values.
     *
     * @param ranks the ranks from {@link #ranks}
     * @param otherRanks the other representation's ranks, from {@link #ranks}
     */
    static double rhoA(double[] ranks, double[] otherRanks) {
        double n = ranks.length;
        double mean = (n + 1) / 2;
        double sum = 0;
        for (int i = 0; i < ranks.length; i++) {
            sum += (ranks[i] - mean) * (otherRanks[i] - mean);
        }
        return 12 * sum / (n * (n * n - 1));
    }

    /**
     * The numbers of pairs of positions in two series.
     *
     * @param all all pairs
     * @param tiesInFirst those with equal values in the first series
     * @param tiesInSecond those with equal values in the second series
     * @param difference the concordant ones minus the discordant ones
     */
    private record Concordance(long all, long tiesInFirst, long tiesInSecond, double difference) {}

    private static Concordance concordance(double[] first, double[] second) {
        var order = IntStream.range(0, first.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> first[i]).thenComparingDouble(i -> second[i]))
                .mapToInt(i -> i)
                .toArray();
        var firstInOrder = Arrays.stream(order).mapToDouble(i -> first[i]).toArray();
        var inOrder = Arrays.stream(order).mapToDouble(i -> second[i]).toArray();
        long tiesInBoth = 0;
        for (int from = 0; from < inOrder.length; ) {
            int to = from + 1;
            while (to < inOrder.length && firstInOrder[to] == firstInOrder[from] && inOrder[to] == inOrder[from]) {
                to++;
            }
            tiesInBoth += pairs(to - from);
            from = to;
        }
        long tiesInFirst = ties(firstInOrder);
        long exchanges = sortCountingExchanges(inOrder, new double[inOrder.length], 0, inOrder.length);
        long tiesInSecond = ties(inOrder);
        long all = pairs(first.length);
        double difference = all - tiesInFirst - tiesInSecond + tiesInBoth - 2.0 * exchanges;
        return new Concordance(all, tiesInFirst, tiesInSecond, difference);
    }

    private static long pairs(long count) {
        return count * (count - 1) / 2;
    }

    private static long ties(double[] sorted) {
        long ties = 0;
        for (int from = 0; from < sorted.length; ) {
            int to = from + 1;
            while (to < sorted.length && sorted[to] == sorted[from]) {
                to++;
            }
            ties += pairs(to - from);
            from = to;
        }
        return ties;
    }

    private static long sortCountingExchanges(double[] values, double[] buffer, int from, int to) {
        if (to - from < 2) {
            return 0;
        }
        int middle = (from + to) >>> 1;
        long exchanges =
                sortCountingExchanges(values, buffer, from, middle) + sortCountingExchanges(values, buffer, middle, to);
        System.arraycopy(values, from, buffer, from, to - from);
        int left = from;
        int right = middle;
        for (int at = from; at < to; at++) {
            if (right == to || (left < middle && buffer[left] <= buffer[right])) {
                values[at] = buffer[left++];
            } else {
                values[at] = buffer[right++];
                exchanges += middle - left;
            }
        }
        return exchanges;
    }
}
