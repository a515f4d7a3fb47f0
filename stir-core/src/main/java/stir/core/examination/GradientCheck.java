package stir.core.examination;

import stir.api.Experimental;

/**
 * A comparison of a network's gradient with finite differences. At a point x, in a random direction
 * u, the difference {@code d = h(x + eu) - h(x - eu)} of representations is computed, and pulled
 * back at x: for the right gradient, and a small e, {@code <J'd, 2eu>} is {@code <d, d>}. The error
 * is the relative difference of the two, the smallest one of several e, since a large e meets
 * curvature and kinks and a small e the rounding of single precision. If that is too much, J is the
 * mean of the derivatives at 16 places from one end to the other, which are then as far from kinks
 * as those.
 *
 * @param error the median over points and directions, which a few kinks do not change; NaN if the
 *     representation did not change in any direction
 * @param worst the largest
 * @param trials points times directions
 * @since 0.1.0
 */
@Experimental
public record GradientCheck(double error, double worst, int trials) {
    /**
     * An error above this is neither rounding nor kinks: networks with many ReLUs and small images
     * come to 0.02, smooth ones to 1e-5.
     */
    public static final double TOLERANCE = 0.05;

    /** Whether the gradient is right. */
    public boolean agrees() {
        return error <= TOLERANCE;
    }
}
