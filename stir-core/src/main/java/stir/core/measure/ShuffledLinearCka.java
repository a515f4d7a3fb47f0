package stir.core.measure;

import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import stir.api.Matrix;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.Products;

/**
 * Linear CKA of two representations whose inputs are in different orders, from the two Gram
 * matrices: they are computed once, since an order only permutes one of them.
 *
 * <p>The mean over all orders of the biased one is known, {@code tr(K) tr(L) / ((n - 1) ||K||
 * ||L||)} with centred Gram matrices K and L; that of the debiased one is 0.
 */
final class ShuffledLinearCka implements ToDoubleFunction<int[]> {
    private final DenseMatrix ofA;
    private final DenseMatrix ofB;
    private final double dotOfA;
    private final double dotOfB;
    private final GramsOfRows.Formula value;
    private final double[] squaresOfA;
    private final double[] squaresOfB;

    /** Returns the measure of orders; empty if there are too many rows. */
    static Optional<ToDoubleFunction<int[]>> of(Matrix a, Matrix b, GramsOfRows.Formula value) {
        return a.rows() > GramsOfRows.MAX_ROWS
                ? Optional.empty()
                : Optional.of(new ShuffledLinearCka(MappedRows.centred(a), MappedRows.centred(b), value));
    }

    /**
     * Computes the Gram matrices.
     *
     * @param a rows that differ
     * @param b the same number of rows, at most {@link GramsOfRows#MAX_ROWS}, that differ
     * @param value the measure
     */
    private ShuffledLinearCka(MappedRows a, MappedRows b, GramsOfRows.Formula value) {
        this.value = value;
        squaresOfA = DebiasedLinearCka.rowSquares(a);
        squaresOfB = DebiasedLinearCka.rowSquares(b);
        ofA = Products.gram(a);
        ofB = Products.gram(b);
        dotOfA = ofA.sumOfSquares();
        dotOfB = ofB.sumOfSquares();
    }

    @Override
    public double applyAsDouble(int[] order) {
        var moved = IntStream.of(order).mapToDouble(i -> squaresOfB[i]).toArray();
        return value.of(new double[] {dot(order), dotOfA, dotOfB}, squaresOfA, moved);
    }

    /** Returns the dot product of the Gram matrices with the second one's inputs in an order. */
    private double dot(int[] order) {
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
