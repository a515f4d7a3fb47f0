package stir.core.statistics;

import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What a measure gives of representations whose inputs have been shuffled against each other, so
 * that nothing is shared: a floor, its spread, and how probable the observed value would be under
 * it. One shuffling alone is a noisy floor: its standard deviation is that told here.
 *
 * @param mean over the shufflings: where the floor is
 * @param standardDeviation of single shufflings; the mean is uncertain by this divided by the root
 *     of their number
 * @param pValue {@code (1 + those at least as similar as observed) / (1 + all)}, so that it is
 *     never 0 (Phipson and Smyth 2010, Permutation p-values should never be zero)
 * @param permutations how many shufflings, at least 2
 */
public record PermutationFloor(
        double mean, double standardDeviation, double pValue, int permutations) {
    /** Checks that there are enough shufflings. */
    public PermutationFloor {
        if (permutations < 2) {
            throw new IllegalArgumentException(
                    "A floor needs at least 2 permutations but has " + permutations);
        }
    }

    /**
     * The floor from values of shuffled inputs, such as {@code ShuffledLinearCka} gives at little
     * cost.
     *
     * @param observed the value of the inputs in their order
     * @param shuffled values of inputs in random orders, at least 2
     * @param scale of the measure
     */
    public static PermutationFloor of(double observed, double[] shuffled, Scale scale) {
        long asSimilar =
                Arrays.stream(shuffled)
                        .filter(
                                value ->
                                        scale.largerIsMoreSimilar()
                                                ? value >= observed
                                                : value <= observed)
                        .count();
        return new PermutationFloor(
                Spread.mean(shuffled),
                Spread.of(shuffled),
                (1.0 + asSimilar) / (1.0 + shuffled.length),
                shuffled.length);
    }

    /**
     * The floor of any measure, which is computed anew for each shuffling.
     *
     * @param permutations at least 2
     * @param seed of the shufflings; the same seed gives the same floor
     * @throws stir.api.DataException as {@link SimilarityMeasure#compare}
     */
    public static PermutationFloor of(
            SimilarityMeasure measure, Matrix a, Matrix b, int permutations, long seed) {
        var random = new SplittableRandom(seed);
        var shuffled = new double[permutations];
        for (int i = 0; i < permutations; i++) {
            shuffled[i] = measure.compare(a, b.select(shuffledOrder(b.rows(), random)));
        }
        return of(measure.compare(a, b), shuffled, measure.scale());
    }

    /** An order of so many rows, each as probable as any other (Fisher and Yates 1938). */
    public static int[] shuffledOrder(int rows, SplittableRandom random) {
        var order = new int[rows];
        for (int i = 0; i < rows; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
