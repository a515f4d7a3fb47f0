package stir.core.math.statistics;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonView;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;

/**
 * The floor of a measure: its values for representations whose inputs have been permuted against
 * each other, so nothing is shared; with their spread, and the probability of the observed value. A
 * single shuffle is a noisy floor: its standard deviation is {@code standardDeviation}.
 *
 * @param mean the floor: the mean over the shuffles
 * @param standardDeviation the standard deviation of single shuffles; the standard error of the
 *     mean is this divided by the root of their number
 * @param pValue {@code (1 + those at least as similar as observed) / (1 + all)}, never 0 (Phipson
 *     and Smyth 2010, Permutation p-values should never be zero)
 * @param permutations the number of shuffles, at least 2
 * @param shuffled the values of the shuffles, from which the maximum of many scores is tested;
 *     empty if they are not stored
 * @since 0.1.0
 */
public record PermutationFloor(
        @JsonView(Replicates.class) double mean,
        double standardDeviation,
        @JsonView(Replicates.class) @JsonProperty("p") double pValue,
        int permutations,
        @JsonView(Replicates.class) @JsonProperty("values") Optional<Shuffled> shuffled) {
    private static final int FEWEST = 20;
    private static final int MOST = 200;
    private static final int FEWEST_CHEAP = 100;
    private static final int MOST_CHEAP = 1000;

    /**
     * The number of pairs of inputs times features that most measures process in about a second.
     */
    private static final double STEPS = 2e9;

    private static final double CHEAP_STEPS = 1e9;

    /** Creates a floor without the values of its shuffles. */
    public PermutationFloor(double mean, double standardDeviation, double pValue, int permutations) {
        this(mean, standardDeviation, pValue, permutations, Optional.empty());
    }

    /** Checks that there are enough shuffles, and the ranges of the values. */
    public PermutationFloor {
        if (standardDeviation < 0 || pValue < 0 || pValue > 1) {
            throw new IllegalArgumentException("A floor can't have a standard deviation of %s and a p-value of %s"
                    .formatted(standardDeviation, pValue));
        }
        if (permutations < 2) {
            throw new IllegalArgumentException("A floor needs at least 2 permutations but has " + permutations);
        }
    }

    /**
     * Returns the floor from at least 2 values for permuted inputs.
     *
     * @param observed the value of the inputs in their order
     * @param shuffled values for inputs in random orders
     * @param scale the scale of the measure
     */
    public static PermutationFloor of(double observed, double[] shuffled, Scale scale) {
        long asSimilar = Arrays.stream(shuffled)
                .filter(value -> scale.largerIsMoreSimilar() ? value >= observed : value <= observed)
                .count();
        return new PermutationFloor(
                SampleStatistics.mean(shuffled),
                SampleStatistics.standardDeviation(shuffled),
                (1.0 + asSimilar) / (1.0 + shuffled.length),
                shuffled.length,
                Optional.of(new Shuffled(shuffled)));
    }

    /**
     * Returns the floor of a measure. There are 1000 permutations (at least 100 with many inputs)
     * if the measure evaluates an order cheaply ({@link SimilarityMeasure#ofOrders}). Otherwise
     * there are 200 (at least 20 with many inputs and features, to allow p-values below 5 %). Their
     * number depends only on the sizes.
     *
     * @param observed the value of the inputs in their order
     * @param a one or several rows per input
     * @param b the same inputs
     * @param rows the rows of each input, which stay together
     * @param seed the seed of the shuffles; the same seed gives the same floor
     * @throws stir.api.DataException as {@link SimilarityMeasure#compare}
     */
    public static PermutationFloor of(
            SimilarityMeasure measure, double observed, Matrix a, Matrix b, RowsOfInputs rows, long seed) {
        var cheap = measure.ofOrders(a, b);
        double pairs = (double) a.rows() * a.rows();
        int permutations = cheap.isPresent()
                ? number(CHEAP_STEPS / pairs, FEWEST_CHEAP, MOST_CHEAP)
                : number(STEPS / (pairs * ((double) a.columns() + b.columns())), FEWEST, MOST);
        var ofOrders = cheap.orElse(order -> measure.compare(a, b.select(order)));
        var random = new SplittableRandom(seed);
        var shuffled = new double[permutations];
        for (int i = 0; i < permutations; i++) {
            var order = shuffledOrder(rows.inputs(), random);
            shuffled[i] = ofOrders.applyAsDouble(rows.of(order));
        }
        return of(observed, shuffled, measure.scale());
    }

    private static int number(double affordable, int fewest, int most) {
        return (int) Math.max(fewest, Math.min(most, affordable));
    }

    /** Returns a uniformly random order of the rows (Fisher and Yates 1938). */
    static int[] shuffledOrder(int rows, SplittableRandom random) {
        var order = new int[rows];
        for (int i = 0; i < rows; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
