package stir.core.measure;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.CrossMoments;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.Products;

/**
 * Linear centred kernel alignment, the measure of STIR's authors.
 *
 * <pre>||A'B||^2 / (||A'A|| ||B'B||)</pre>
 *
 * with the columns of A and B centred and Frobenius norms; from 0 to 1. Unchanged by rotation,
 * isotropic scaling and translation of either representation, but not by an arbitrary linear map.
 * It is the <em>biased</em> estimate: for independent representations it is above 0, the more so
 * the fewer rows and the more features there are (0.16 for 50 rows of 8 and 12 features). A mean
 * over batches has another value. Source: Kornblith, Norouzi, Lee and Hinton 2019, Similarity of
 * neural network representations revisited, equation 4 with a linear kernel.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class LinearCka extends BuiltInMeasure {
    public LinearCka() {
        super(Family.CKA, "linear-cka", "Linear CKA, biased (Kornblith et al. 2019)", Scale.UNIT);
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return Math.max(columnsOfA, columnsOfB) >= rows
                ? List.of(Caution.of(
                        "biased-by-width", Map.of("inputs", rows, "features", Math.max(columnsOfA, columnsOfB))))
                : List.of();
    }

    @Override
    double value(Matrix a, Matrix b) {
        var dots = kernelDots(MappedRows.centred(a), MappedRows.centred(b));
        return normalised(dots[0], dots[1], dots[2]);
    }

    /**
     * Returns {@code <AA', BB'>}, {@code <AA', AA'>} and {@code <BB', BB'>}, from products over
     * features or over inputs, whichever are fewer.
     */
    static double[] kernelDots(MappedRows a, MappedRows b) {
        if (isWide(a.rows(), a.columns(), b.columns())) {
            return Products.gramDots(a, b);
        }
        return new double[] {
            Products.crossProductSquares(a, b), Products.crossProductSquares(a, a), Products.crossProductSquares(b, b)
        };
    }

    /**
     * Returns whether Gram matrices have fewer terms than products over inputs: those of AA' and
     * BB' compared with those of A'A, B'B and A'B, with halves of symmetric ones.
     */
    static boolean isWide(int rows, int columnsOfA, int columnsOfB) {
        return rows < (long) columnsOfA + columnsOfB;
    }

    @Override
    public ToDoubleFunction<int[]> ofRows(Matrix a, Matrix b) {
        return GramsOfRows.measure(a, b, this::ratio, super.ofRows(a, b));
    }

    @Override
    public Optional<ToDoubleFunction<int[]>> ofOrders(Matrix a, Matrix b) {
        compare(a, b); // refuses matrices that can't be compared
        return ShuffledLinearCka.of(a, b, this::ratio);
    }

    double ratio(double[] dots, double[] squaresOfA, double[] squaresOfB) {
        return normalised(dots[0], dots[1], dots[2]);
    }

    @Override
    public long accumulatorBytes(int columnsOfA, int columnsOfB) {
        return Double.BYTES * CrossMoments.size(columnsOfA, columnsOfB);
    }

    @Override
    public Optional<Accumulator> accumulator(int columnsOfA, int columnsOfB) {
        return Optional.of(new SummedRows<>(
                new CrossMoments(columnsOfA, columnsOfB),
                moments -> normalised(
                        moments.ofBoth().sumOfSquares(),
                        moments.ofA().sumOfSquares(),
                        moments.ofB().sumOfSquares())));
    }
}
