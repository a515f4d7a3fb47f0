package stir.core.similarity;

import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.core.linalg.PairValues;
import stir.core.linalg.RowSource;

import java.util.Arrays;
import java.util.List;

/**
 * CKA with a Gaussian kernel, {@code exp(-|x_i - x_j|^2 / (2 sigma^2))}.
 *
 * <p>By default {@code sigma^2} is the median of the squared distances between different inputs,
 * taken for each representation on its own; {@code median=with-diagonal} counts the zeros of the
 * diagonal too, as Kornblith et al. do, {@code fraction} multiplies sigma, also as they do, and
 * {@code sigma} gives it outright. From 0 to 1 ({@code estimator=debiased}: at most 1, and below 0
 * where there is little in common). Unchanged by rotation and translation, and with the median by
 * isotropic scaling. Source: Kornblith, Norouzi, Lee and Hinton 2019, Similarity of neural network
 * representations revisited, section 3.
 *
 * <p>Right to 1e-12, as {@linkplain stir.core.similarity the package} says.
 *
 * @since 0.1.0
 */
public final class RbfCka extends BuiltInMeasure {
    private static final String DEBIASED = "debiased";
    private static final String WITH_DIAGONAL = "with-diagonal";

    private final double sigma;
    private final double fraction;
    private final boolean withDiagonal;
    private final boolean debiased;

    /** RBF CKA with the bandwidth of the off-diagonal median. */
    public RbfCka() {
        this(
                Parameters.NONE
                        .andNumber(
                                "sigma",
                                "the kernel's width; 0 for the root of the median squared distance",
                                0,
                                sigma -> sigma >= 0 && sigma < Double.POSITIVE_INFINITY,
                                "a number of at least 0")
                        .andChoice(
                                "median",
                                "distances of which the median is taken",
                                List.of("off-diagonal", WITH_DIAGONAL))
                        .andNumber(
                                "fraction",
                                "the kernel's width as a fraction of the root of the median",
                                1,
                                fraction -> fraction > 0 && fraction < Double.POSITIVE_INFINITY,
                                "a number above 0")
                        .andChoice("estimator", "of HSIC", List.of("biased", DEBIASED)));
    }

    private RbfCka(Parameters parameters) {
        super(
                "rbf-cka",
                "CKA with a Gaussian kernel, width by the median (Kornblith et al. 2019)",
                parameters.choice("estimator").equals(DEBIASED)
                        ? new Scale(-1, 1, true)
                        : Scale.UNIT,
                parameters);
        sigma = parameters.number("sigma");
        fraction = parameters.number("fraction");
        withDiagonal = parameters.choice("median").equals(WITH_DIAGONAL);
        debiased = parameters.choice("estimator").equals(DEBIASED);
    }

    @Override
    SimilarityMeasure with(Parameters changed) {
        return new RbfCka(changed);
    }

    @Override
    public int minimumRows() {
        return debiased ? 4 : 2;
    }

    @Override
    double value(Matrix a, Matrix b) {
        var ofA = kernel(a, "first");
        var ofB = kernel(b, "second");
        double both = dot(ofA, ofB);
        double self = dot(ofA, ofA);
        double other = dot(ofB, ofB);
        if (self == 0) {
            throw constant("first");
        }
        if (other == 0) {
            throw constant("second");
        }
        return both / (Math.sqrt(self) * Math.sqrt(other));
    }

    private double dot(PairValues first, PairValues second) {
        return debiased ? first.unbiasedDot(second) : first.centredDot(second);
    }

    /**
     * The kernel minus 1, which centring does not see: its diagonal is 0, and with a large width
     * nothing cancels. Without the diagonal, a kernel that is small everywhere is kept as it is.
     */
    private PairValues kernel(Matrix matrix, String which) {
        var distances = PairValues.squaredDistances(RowSource.of(matrix));
        double squaredWidth = sigma > 0 ? sigma * sigma : fraction * fraction * median(distances);
        if (squaredWidth == 0) {
            if (Arrays.stream(distances.values()).allMatch(distance -> distance == 0)) {
                throw constant(which);
            }
            throw new DataException(
                    "'rbf-cka' finds no width for the %s representation: half of all pairs of inputs are the same; give one as in rbf-cka?sigma=1."
                            .formatted(which));
        }
        double nearest = Arrays.stream(distances.values()).min().orElseThrow();
        return debiased && nearest > 2 * squaredWidth
                ? distances.map(distance -> Math.exp(-distance / (2 * squaredWidth)))
                : distances.map(distance -> Math.expm1(-distance / (2 * squaredWidth)));
    }

    /** The mean of the two middle ones where their number is even. */
    private double median(PairValues distances) {
        var sorted = distances.values().clone();
        Arrays.sort(sorted);
        // Every distance stands for two places of the whole matrix, and the diagonal for n zeros.
        long zeros = withDiagonal ? distances.size() : 0;
        long count = zeros + 2L * sorted.length;
        return (ranked(sorted, zeros, (count - 1) / 2) + ranked(sorted, zeros, count / 2)) / 2;
    }

    private static double ranked(double[] sorted, long zeros, long rank) {
        return rank < zeros ? 0 : sorted[(int) ((rank - zeros) / 2)];
    }
}
