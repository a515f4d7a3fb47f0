package stir.core.inversion;

import java.util.Optional;
import stir.api.UsageException;

/**
 * The steps of a point along a gradient.
 *
 * @param step the length of a step in pixel space, above 0
 * @param momentum the share of the last move that is added to the normalised gradient, from 0 to
 *     below 1
 * @param fourier whether steps are made in the scaled Fourier spectrum, in which low frequencies
 *     move further; for images. The spectrum is multiplied by {@code 1 / max(f, 1 / max(width,
 *     height))}, f being the frequency. Source: Olah et al., Feature Visualization, 2017; there the
 *     colours are decorrelated too and a sigmoid keeps the box, here a clamp does.
 * @param random whether steps follow no gradient: each pixel moves by the step times a standard
 *     normal number, and the best point is kept. A control: a result that random steps reach does
 *     not need the gradient. Source: {@code RandomStep} of the robustness library (Engstrom et al.,
 *     2019). Excludes momentum, the Fourier spectrum and estimates
 * @param estimate the estimate of gradients of distances from forward passes; empty to compute the
 *     gradients
 * @since 0.1.0
 */
public record Steps(
        double step, double momentum, boolean fourier, boolean random, Optional<GradientEstimate> estimate) {
    /** The published steps: of length 0.5, without momentum. */
    public static final Steps PUBLISHED = new Steps(0.5, 0, false, false, Optional.empty());

    /** Checks the ranges. */
    public Steps {
        checkedStep(step);
        checkedMomentum(momentum);
    }

    /** Returns the length of a step, or throws if it is out of range. */
    static double checkedStep(double step) {
        if (!(step > 0 && step < Double.POSITIVE_INFINITY)) {
            throw new UsageException("A step's length must be above 0, not " + step + ".");
        }
        return step;
    }

    /** Returns the momentum, or throws if it is out of range. */
    static double checkedMomentum(double momentum) {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new UsageException("The momentum must be from 0 to below 1, not " + momentum + ".");
        }
        return momentum;
    }
}
