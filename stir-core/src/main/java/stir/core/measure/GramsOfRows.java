package stir.core.measure;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import stir.api.Matrix;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.Products;
import stir.core.math.linalg.Vectors;

/**
 * The centred Gram matrices of some rows of two representations, computed from those of all rows:
 * the cost of each choice of rows is the number of its pairs, for any number of features.
 *
 * <p>Centring is {@code HKH}, which subtracts the means of rows. Where nearly all of a choice is
 * its offset from the mean of all rows, digits would be lost, and no value is returned.
 */
record GramsOfRows(DenseMatrix ofA, DenseMatrix ofB) {
    /** Two Gram matrices of more rows than this (64 MB) are not held. */
    static final int MAX_ROWS = 2000;

    /** The share that centring must leave, so that 10 of the 16 digits are kept. */
    private static final double REMAINING_SHARE = 1e-6;

    /** A measure that is computed from two centred Gram matrices K and L. */
    @FunctionalInterface
    interface Formula {
        /**
         * Computes the measure.
         *
         * @param dots {@code <K, L>}, {@code <K, K>} and {@code <L, L>}
         * @param squaresOfA the diagonal of K: the squares of the first representation's rows
         * @param squaresOfB the diagonal of L
         */
        double of(double[] dots, double[] squaresOfA, double[] squaresOfB);
    }

    /**
     * Returns a measure of choices of rows, computed from Gram matrices where possible.
     *
     * @param fallback the measure of the chosen rows themselves
     */
    static ToDoubleFunction<int[]> measure(Matrix a, Matrix b, Formula value, ToDoubleFunction<int[]> fallback) {
        var grams = of(a, b);
        return grams.isEmpty()
                ? fallback
                : rows -> grams.get().ofChosen(rows, value).orElseGet(() -> fallback.applyAsDouble(rows));
    }

    /**
     * Returns the Gram matrices of all rows; empty where they are larger than the representations,
     * or too large.
     */
    static Optional<GramsOfRows> of(Matrix a, Matrix b) {
        return a.rows() <= MAX_ROWS && LinearCka.isWide(a.rows(), a.columns(), b.columns())
                ? Optional.of(
                        new GramsOfRows(Products.gram(MappedRows.centred(a)), Products.gram(MappedRows.centred(b))))
                : Optional.empty();
    }

    /**
     * Computes the measure of a choice of rows.
     *
     * @return empty if digits would be lost
     */
    OptionalDouble ofChosen(int[] rows, Formula value) {
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
                double valueOfA = rowOfA[j];
                double valueOfB = rowOfB[j];
                both += valueOfA * valueOfB;
                first += valueOfA * valueOfA;
                second += valueOfB * valueOfB;
                sumsOfA[i] += valueOfA;
                sumsOfB[i] += valueOfB;
            }
        }
        var centred = new double[] {
            centred(both, sumsOfA, sumsOfB), centred(first, sumsOfA, sumsOfA), centred(second, sumsOfB, sumsOfB)
        };
        return centred[1] > REMAINING_SHARE * first && centred[2] > REMAINING_SHARE * second
                ? OptionalDouble.of(value.of(centred, squares(ofA, rows, sumsOfA), squares(ofB, rows, sumsOfB)))
                : OptionalDouble.empty();
    }

    /** Returns a dot product after the means of rows have been subtracted. */
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
