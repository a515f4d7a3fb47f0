package stir.core.measure;

import java.util.Optional;
import java.util.function.ToDoubleFunction;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.HsicMoments;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.RowSource;
import stir.core.math.linalg.Vectors;

/**
 * Linear CKA from unbiased estimates of the Hilbert-Schmidt independence criterion.
 *
 * <pre>HSIC_1(K, L) / sqrt(HSIC_1(K, K) HSIC_1(L, L)),   K = AA', L = BB'</pre>
 *
 * At most 1; near 0 for independent representations, whatever their widths, and then often below 0.
 * Unchanged by rotation, isotropic scaling and translation. Source: HSIC_1 of Song, Smola, Gretton,
 * Bedo and Borgwardt 2012, Feature selection via dependence maximization; its use in CKA: Nguyen,
 * Raghu and Kornblith 2021, Do wide and deep networks learn the same things?
 *
 * <p>Accurate to 1e-9, as {@linkplain stir.core.measure the package} defines.
 */
public final class DebiasedLinearCka extends BuiltInMeasure {
    /** A self-term below this share of the biased one is a rounding error. */
    private static final double NEGLIGIBLE = 1e-12;

    public DebiasedLinearCka() {
        super(
                Family.CKA,
                "linear-cka-debiased",
                "Linear CKA without the bias of few inputs (Song et al. 2012, Nguyen et al. 2021)",
                new Scale(-1, 1, true));
    }

    @Override
    public int minimumRows() {
        return 4;
    }

    @Override
    double value(Matrix a, Matrix b) {
        var centredA = MappedRows.centred(a);
        var centredB = MappedRows.centred(b);
        var dots = LinearCka.kernelDots(centredA, centredB);
        return ratio(dots, rowSquares(centredA), rowSquares(centredB));
    }

    double ratio(double[] dots, double[] squaresA, double[] squaresB) {
        return ratio(
                new double[] {
                    unbiased(dots[0], squaresA, squaresB),
                    unbiased(dots[1], squaresA, squaresA),
                    unbiased(dots[2], squaresB, squaresB)
                },
                dots);
    }

    @Override
    public ToDoubleFunction<int[]> ofRows(Matrix a, Matrix b) {
        return GramsOfRows.measure(a, b, this::ratio, super.ofRows(a, b));
    }

    /**
     * Returns the measure.
     *
     * @param unbiased HSIC_1 of both, of a and of b
     * @param biased the biased estimates of the same
     */
    private double ratio(double[] unbiased, double[] biased) {
        double ofA = unbiased[1] <= NEGLIGIBLE * biased[1] ? 0 : unbiased[1];
        double ofB = unbiased[2] <= NEGLIGIBLE * biased[2] ? 0 : unbiased[2];
        return normalised(unbiased[0], ofA, ofB);
    }

    @Override
    public Optional<ToDoubleFunction<int[]>> ofOrders(Matrix a, Matrix b) {
        compare(a, b); // refuses matrices that can't be compared
        return ShuffledLinearCka.of(a, b, this::ratio);
    }

    @Override
    public long accumulatorBytes(int columnsOfA, int columnsOfB) {
        return Double.BYTES * HsicMoments.size(columnsOfA, columnsOfB);
    }

    @Override
    public Optional<Accumulator> accumulator(int columnsOfA, int columnsOfB) {
        return Optional.of(new SummedRows<>(new HsicMoments(columnsOfA, columnsOfB), this::value));
    }

    private double value(HsicMoments moments) {
        var products = moments.products();
        checkRows(products.rows());
        var biased = new double[] {
            products.ofBoth().sumOfSquares(),
            products.ofA().sumOfSquares(),
            products.ofB().sumOfSquares()
        };
        double squaresOfA = products.ofA().trace();
        double squaresOfB = products.ofB().trace();
        double n = products.rows();
        return ratio(
                new double[] {
                    unbiased(n, biased[0], moments.lengthsOfBoth(), squaresOfA * squaresOfB),
                    unbiased(n, biased[1], moments.lengthsOfA(), squaresOfA * squaresOfA),
                    unbiased(n, biased[2], moments.lengthsOfB(), squaresOfB * squaresOfB)
                },
                biased);
    }

    /**
     * Returns HSIC_1 up to its factor. With centred rows, a row of K without its diagonal sums to
     * minus the square of the input's row, so that it needs only the squares in addition to {@code
     * <K, L>}.
     */
    private static double unbiased(double dot, double[] first, double[] second) {
        double n = first.length;
        double squares = Vectors.sum(first) * Vectors.sum(second);
        return unbiased(n, dot, Vectors.dot(first, second), squares);
    }

    /**
     * Returns HSIC_1 up to its factor from sums over n rows.
     *
     * @param products the products of the squares of both
     * @param squares the product of the sums of squares
     */
    private static double unbiased(double n, double dot, double products, double squares) {
        return dot - products + squares / ((n - 1) * (n - 2)) - 2 * products / (n - 2);
    }

    static double[] rowSquares(RowSource x) {
        var squares = new double[x.rows()];
        var row = new double[x.columns()];
        for (int i = 0; i < squares.length; i++) {
            x.copy(i, 0, row.length, row);
            squares[i] = Vectors.dot(row, row);
        }
        return squares;
    }
}
