package stir.core.measure;

import java.util.Arrays;
import java.util.List;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.PairValues;
import stir.core.math.linalg.RowSource;

/**
 * CKA with a Gaussian kernel, {@code exp(-|x_i - x_j|^2 / (2 sigma^2))}.
 *
 * <p>By default {@code sigma^2} is the median of the squared distances between different inputs,
 * separately for each representation; {@code median=with-diagonal} includes the zeros of the
 * diagonal, as Kornblith et al. do, {@code fraction} multiplies sigma, also as they do, and {@code
 * sigma} sets it directly. From 0 to 1 ({@code estimator=debiased}: at most 1, and below 0 where
 * there is little in common). Unchanged by rotation and translation, and with the median by
 * isotropic scaling. Source: Kornblith, Norouzi, Lee and Hinton 2019, Similarity of neural network
 * representations revisited, section 3.
 *
 * <p>Accurate to 1e-12, as {@linkplain stir.core.measure the package} defines.
 */
public final class RbfCka extends BuiltInMeasure {
    private static final String DEBIASED = "debiased";
    private static final String WITH_DIAGONAL = "with-diagonal";

    private final double sigma;
    private final double fraction;
    private final boolean withDiagonal;
    private final boolean debiased;

    public RbfCka() {
        this(Parameters.NONE
                .andNonNegative("sigma", "the kernel's width; 0 for the root of the median squared distance", 0)
                .andChoice("median", "distances whose median is used", List.of("off-diagonal", WITH_DIAGONAL))
                .andPositive("fraction", "the kernel's width as a fraction of the root of the median", 1)
                .andChoice("estimator", "of HSIC", List.of("biased", DEBIASED)));
    }

    private RbfCka(Parameters parameters) {
        super(
                Family.CKA,
                "rbf-cka",
                "CKA with a Gaussian kernel, width by the median (Kornblith et al. 2019)",
                parameters.choice("estimator").equals(DEBIASED) ? new Scale(-1, 1, true) : Scale.UNIT,
                parameters,
                RbfCka::new);
        sigma = parameters.number("sigma");
        fraction = parameters.number("fraction");
        withDiagonal = parameters.choice("median").equals(WITH_DIAGONAL);
        debiased = parameters.choice("estimator").equals(DEBIASED);
    }

    @Override
    public int minimumRows() {
        return debiased ? 4 : 2;
    }

    @Override
    double value(Matrix a, Matrix b) {
        var ofA = kernel(a, "first");
        var ofB = kernel(b, "second");
        return normalised(dot(ofA, ofB), dot(ofA, ofA), dot(ofB, ofB));
    }

    private double dot(PairValues first, PairValues second) {
        return debiased ? first.unbiasedDot(second) : first.centredDot(second);
    }

    /**
     * Returns the kernel minus 1, which centring removes: its diagonal is 0, and with a large width
     * nothing cancels. A debiased kernel, which has no diagonal, is returned as it is if it is
     * small everywhere.
     */
    private PairValues kernel(Matrix matrix, String which) {
        var distances = PairValues.squaredDistances(RowSource.of(matrix));
        double squaredWidth = sigma > 0 ? sigma * sigma : fraction * fraction * median(distances);
        if (squaredWidth == 0) {
            if (Arrays.stream(distances.values()).allMatch(distance -> distance == 0)) {
                throw constant(which);
            }
            throw new DataException(
                    "'rbf-cka' has no default width for the %s representation, because half of all pairs of inputs are the same: set one, as in rbf-cka?sigma=1."
                            .formatted(which));
        }
        double nearest = Arrays.stream(distances.values()).min().orElseThrow();
        return debiased && nearest > 2 * squaredWidth
                ? distances.map(distance -> Math.exp(-distance / (2 * squaredWidth)))
                : distances.map(distance -> Math.expm1(-distance / (2 * squaredWidth)));
    }

    /** Returns the median; the mean of the two middle values if their number is even. */
    private double median(PairValues distances) {
        var sorted = distances.values().clone();
        Arrays.sort(sorted);
        // Every distance occurs twice in the whole matrix, and the diagonal adds n zeros.
        long zeros = withDiagonal ? distances.size() : 0;
        long count = zeros + 2L * sorted.length;
        return (ranked(sorted, zeros, (count - 1) / 2) + ranked(sorted, zeros, count / 2)) / 2;
    }

    private static double ranked(double[] sorted, long zeros, long rank) {
        return rank < zeros ? 0 : sorted[(int) ((rank - zeros) / 2)];
    }
}
