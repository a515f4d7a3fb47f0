package stir.core.check;

import stir.api.Experimental;

/**
 * A comparison of a network's gradient with finite differences. At a point x, in a random direction
 * u or in that of a single value, the difference {@code d = h(x + eu) - h(x - eu)} of
 * representations is computed, and pulled back at x: for the right gradient, and a small e, {@code
 * <J'd, 2eu>} is {@code <d, d>}. The error is the relative difference of the two, the smallest one
 * over several e, since a large e is affected by curvature and kinks and a small e by the rounding
 * of single precision. If that error is above 0.005 (of a quick check: above {@link #TOLERANCE}), J
 * is the mean of the derivatives at 16 points between the two ends, so that it includes the kinks
 * between them.
 *
 * @param error the median over points and directions, which a few kinks do not change: the larger
 *     one of random directions and of single values; NaN if the representation did not change in
 *     any direction
 * @param worst the largest error
 * @param trials points times directions
 * @since 0.1.0
 */
@Experimental
public record GradientCheck(double error, double worst, int trials) {
    /**
     * The largest error that rounding and kinks explain, as a median: networks with many ReLUs and
     * small images have up to 0.01, smooth ones 1e-5. A gradient that is 5 % wrong does not pass.
     */
    public static final double TOLERANCE = 0.02;

    /** Returns whether the gradient is right. */
    public boolean agrees() {
        return error <= TOLERANCE;
    }
}
