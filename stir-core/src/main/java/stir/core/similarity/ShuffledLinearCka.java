package stir.core.similarity;

import stir.api.Matrix;
import stir.core.linalg.CentredRows;
import stir.core.linalg.DenseMatrix;
import stir.core.linalg.Products;
import stir.core.statistics.PermutationFloor;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Linear CKA of two representations whose inputs have been shuffled against each other, many times:
 * from the two Gram matrices, which are computed once, since a shuffling only moves the values of
 * one of them. With far more inputs than features it is computed from the features.
 *
 * <p>The mean over all shufflings of the biased one is known, {@code tr(K) tr(L) / ((n - 1) ||K||
 * ||L||)} with centred Gram matrices K and L; that of the debiased one is 0.
 *
 * <p>Values do not depend on the number of threads.
 */
public final class ShuffledLinearCka {
    /** Two Gram matrices of more rows than this (1 GB) are not held. */
    private static final int MOST_ROWS_HELD = 8192;

    private final CentredRows a;
    private final CentredRows b;
    private final Matrix rowsOfB;
    private final double[] squaresOfA;
    private final double[] squaresOfB;

    private ShuffledLinearCka(Matrix a, Matrix b) {
        this.a = CentredRows.of(a);
        this.b = CentredRows.of(b);
        this.rowsOfB = b;
        squaresOfA = DebiasedLinearCka.rowSquares(this.a);
        squaresOfB = DebiasedLinearCka.rowSquares(this.b);
    }

    /**
     * Values of {@code linear-cka}.
     *
     * @param a one row an input, at least 2
     * @param b the same inputs
     * @param permutations how many shufflings
     * @param seed of the shufflings; the same seed gives the same values
     * @throws stir.api.DataException if a representation is the same for every input
     */
    public static double[] values(Matrix a, Matrix b, int permutations, long seed) {
        new LinearCka().compare(a, b); // refuses what can't be compared
        return new ShuffledLinearCka(a, b).values(false, permutations, seed);
    }

    /**
     * Values of {@code linear-cka-debiased}; at least 4 inputs.
     *
     * @param a one row an input
     * @param b the same inputs
     * @param permutations how many shufflings
     * @param seed of the shufflings; the same seed gives the same values
     * @throws stir.api.DataException if a representation is the same, or nearly, for every input
     */
    public static double[] debiasedValues(Matrix a, Matrix b, int permutations, long seed) {
        new DebiasedLinearCka().compare(a, b);
        return new ShuffledLinearCka(a, b).values(true, permutations, seed);
    }

    private double[] values(boolean debiased, int permutations, long seed) {
        var self = LinearCka.kernelDots(a, b);
        double ofA =
                debiased ? DebiasedLinearCka.unbiased(self[1], squaresOfA, squaresOfA) : self[1];
        double ofB =
                debiased ? DebiasedLinearCka.unbiased(self[2], squaresOfB, squaresOfB) : self[2];
        var random = new SplittableRandom(seed);
        var orders = new int[permutations][];
        for (int i = 0; i < permutations; i++) {
            orders[i] = PermutationFloor.shuffledOrder(a.rows(), random);
        }
        var dots = dots();
        return IntStream.range(0, permutations)
                .parallel()
                .mapToDouble(
                        i -> {
                            double dot = dots.of(orders[i]);
                            double both =
                                    debiased
                                            ? DebiasedLinearCka.unbiased(
                                                    dot, squaresOfA, inOrder(orders[i]))
                                            : dot;
                            return both / (Math.sqrt(ofA) * Math.sqrt(ofB));
                        })
                .toArray();
    }

    private double[] inOrder(int[] order) {
        return IntStream.of(order).mapToDouble(i -> squaresOfB[i]).toArray();
    }

    /** The dot product of the Gram matrices with the second one's inputs in an order. */
    @FunctionalInterface
    private interface Dots {
        double of(int[] order);
    }

    private Dots dots() {
        int n = a.rows();
        if (n > MOST_ROWS_HELD || n > (long) a.columns() * b.columns()) {
            return order -> Products.crossProductSquares(a, CentredRows.of(rowsOfB.select(order)));
        }
        var ofA = Products.gram(a);
        var ofB = Products.gram(b);
        return order -> dot(ofA, ofB, order);
    }

    private static double dot(DenseMatrix ofA, DenseMatrix ofB, int[] order) {
        double both = 0;
        double diagonal = 0;
        for (int i = 0; i < order.length; i++) {
            var row = ofA.row(i);
            var other = ofB.row(order[i]);
            double sum = 0;
            for (int j = 0; j < i; j++) {
                sum += row[j] * other[order[j]];
            }
            both += sum;
            diagonal += row[i] * other[order[i]];
        }
        return 2 * both + diagonal;
    }
}
