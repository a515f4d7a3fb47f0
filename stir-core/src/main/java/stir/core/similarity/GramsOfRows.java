package stir.core.similarity;

import stir.api.Matrix;
import stir.core.linalg.CentredRows;
import stir.core.linalg.DenseMatrix;
import stir.core.linalg.Products;
import stir.core.linalg.Vectors;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * The centred Gram matrices of some rows of two representations, from those of all rows: each
 * choice of rows then costs as many steps as there are pairs of them, however many features there
 * are.
 *
 * <p>Centring is {@code HKH}, which takes away what the means of rows are: where nearly all of a
 * choice is its offset from the mean of all rows, digits would be lost, and there are none.
 */
final class GramsOfRows {
    /** Two Gram matrices of more rows than this (64 MB) are not held. */
    static final int MOST_ROWS = 2000;

    /** What centring must leave: of the 16 digits 10 are kept. */
    private static final double LEFT = 1e-6;

    /** A measure, computed from two centred Gram matrices K and L. */
    @FunctionalInterface
    interface Value {
        /**
         * Computes it.
         *
         * @param dots {@code <K, L>}, {@code <K, K>} and {@code <L, L>}
         * @param squaresOfA the diagonal of K: the squares of the first representation's rows
         * @param squaresOfB the diagonal of L
         */
        double of(double[] dots, double[] squaresOfA, double[] squaresOfB);
    }

    private final DenseMatrix ofA;
    private final DenseMatrix ofB;

    private GramsOfRows(DenseMatrix ofA, DenseMatrix ofB) {
        this.ofA = ofA;
        this.ofB = ofB;
    }

    /**
     * A measure of choices of rows, computed from Gram matrices where there are some.
     *
     * @param otherwise the measure of the chosen rows themselves
     */
    static ToDoubleFunction<int[]> measure(
            Matrix a, Matrix b, Value value, ToDoubleFunction<int[]> otherwise) {
        var grams = of(a, b);
        return grams.isEmpty()
                ? otherwise
                : rows ->
                        grams.get()
                                .ofChosen(rows, value)
                                .orElseGet(() -> otherwise.applyAsDouble(rows));
    }

    /**
     * The Gram matrices of all rows; empty where they are larger than the representations, or too
     * large.
     */
    static Optional<GramsOfRows> of(Matrix a, Matrix b) {
        return a.rows() <= MOST_ROWS && LinearCka.isWide(a.rows(), a.columns(), b.columns())
                ? Optional.of(
                        new GramsOfRows(
                                Products.gram(CentredRows.of(a)), Products.gram(CentredRows.of(b))))
                : Optional.empty();
    }

    /**
     * What a choice of rows gives.
     *
     * @return empty if digits would be lost
     */
    OptionalDouble ofChosen(int[] rows, Value value) {
        int count = rows.length;
        var sumsOfA = new double[count];
        var sumsOfB = new double[count];
        double both = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < count; i++) {
            var rowOfA = ofA.row(rows[i]);
            var rowOfB = ofB.row(rows[i]);
            for (int j : rows) {
                double inA = rowOfA[j];
                double inB = rowOfB[j];
                both += inA * inB;
                first += inA * inA;
                second += inB * inB;
                sumsOfA[i] += inA;
                sumsOfB[i] += inB;
            }
        }
        var centred =
                new double[] {
                    centred(both, sumsOfA, sumsOfB),
                    centred(first, sumsOfA, sumsOfA),
                    centred(second, sumsOfB, sumsOfB)
                };
        return centred[1] > LEFT * first && centred[2] > LEFT * second
                ? OptionalDouble.of(
                        value.of(centred, squares(ofA, rows, sumsOfA), squares(ofB, rows, sumsOfB)))
                : OptionalDouble.empty();
    }

    /** A dot product less that of the means of rows. */
    private static double centred(double dot, double[] sumsOfK, double[] sumsOfL) {
        double count = sumsOfK.length;
        return dot
                - 2 / count * Vectors.dot(sumsOfK, sumsOfL)
                + Vectors.sum(sumsOfK) / count * (Vectors.sum(sumsOfL) / count);
    }

    private static double[] squares(DenseMatrix gram, int[] rows, double[] sums) {
        double count = rows.length;
        double sum = Vectors.sum(sums);
        var squares = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            squares[i] = gram.get(rows[i], rows[i]) - 2 * sums[i] / count + sum / (count * count);
        }
        return squares;
    }
}
