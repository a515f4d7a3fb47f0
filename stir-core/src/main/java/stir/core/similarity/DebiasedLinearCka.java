package stir.core.similarity;

import stir.api.Matrix;
import stir.api.Scale;
import stir.core.linalg.CentredRows;
import stir.core.linalg.RowSource;

import java.util.Optional;
import java.util.function.ToDoubleFunction;

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
 * <p>Right to 1e-9, as {@linkplain stir.core.similarity the package} says.
 */
public final class DebiasedLinearCka extends BuiltInMeasure {
    /** A self-term below this share of the biased one is a rounding error. */
    private static final double NEGLIGIBLE = 1e-12;

    /** Debiased linear CKA. */
    public DebiasedLinearCka() {
        super(
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
        var centredA = CentredRows.of(a);
        var centredB = CentredRows.of(b);
        var dots = LinearCka.kernelDots(centredA, centredB);
        var squaresA = rowSquares(centredA);
        var squaresB = rowSquares(centredB);
        double ofA = unbiased(dots[1], squaresA, squaresA);
        double ofB = unbiased(dots[2], squaresB, squaresB);
        if (ofA <= NEGLIGIBLE * dots[1]) {
            throw constant("first");
        }
        if (ofB <= NEGLIGIBLE * dots[2]) {
            throw constant("second");
        }
        return unbiased(dots[0], squaresA, squaresB) / (Math.sqrt(ofA) * Math.sqrt(ofB));
    }

    /** From Gram matrices, unless there are too many rows. */
    @Override
    public Optional<ToDoubleFunction<int[]>> ofOrders(Matrix a, Matrix b) {
        compare(a, b); // refuses what can't be compared
        return a.rows() > ShuffledLinearCka.MOST_ROWS
                ? Optional.empty()
                : Optional.of(new ShuffledLinearCka(CentredRows.of(a), CentredRows.of(b), true));
    }

    /**
     * The sum behind HSIC_1. With centred rows, a row of K without its diagonal sums to minus the
     * square of the input's row, so the squares are all that is needed beside {@code <K, L>}.
     */
    static double unbiased(double dot, double[] first, double[] second) {
        double n = first.length;
        double products = 0;
        double sumOfFirst = 0;
        double sumOfSecond = 0;
        for (int i = 0; i < first.length; i++) {
            products += first[i] * second[i];
            sumOfFirst += first[i];
            sumOfSecond += second[i];
        }
        return dot
                - products
                + sumOfFirst * sumOfSecond / ((n - 1) * (n - 2))
                - 2 * products / (n - 2);
    }

    static double[] rowSquares(RowSource x) {
        var squares = new double[x.rows()];
        var row = new double[x.columns()];
        for (int i = 0; i < squares.length; i++) {
            x.copy(i, 0, row.length, row);
            for (double value : row) {
                squares[i] += value * value;
            }
        }
        return squares;
    }
}
