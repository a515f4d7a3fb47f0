package stir.core.inversion;

import stir.api.UsageException;

import java.util.Objects;
import java.util.Optional;

/**
 * How a point moves along a gradient.
 *
 * @param step the length of a step in pixel space, above 0
 * @param momentum from 0 up to, but without, 1: how much of the last move is added to the
 *     normalised gradient
 * @param fourier whether steps are taken in the scaled Fourier spectrum, where low frequencies move
 *     further; for images. The spectrum is multiplied by {@code 1 / max(f, 1 / max(width,
 *     height))}, f being the frequency. Source: Olah et al., Feature Visualization, 2017; there the
 *     colours are decorrelated too and a sigmoid keeps the box, here a clamp does.
 * @param random whether steps follow no gradient: each pixel moves by the step times a standard
 *     normal number, and the best point is kept. A control: what it finds, the gradient is not
 *     needed for. Source: {@code RandomStep} of the robustness library (Engstrom et al., 2019)
 * @param estimate how gradients of distances are estimated from forward passes; empty if they are
 *     computed
 * @since 0.1.0
 */
public record Steps(
        double step,
        double momentum,
        boolean fourier,
        boolean random,
        Optional<GradientEstimate> estimate) {
    /** The published steps: of length 0.5, without momentum. */
    public static final Steps PUBLISHED = new Steps(0.5, 0, false, false, Optional.empty());

    /** Steps along gradients that are computed. */
    public Steps(double step, double momentum, boolean fourier, boolean random) {
        this(step, momentum, fourier, random, Optional.empty());
    }

    /** Checks the ranges. */
    public Steps {
        Objects.requireNonNull(estimate, "estimate");
        if (!(step > 0 && step < Double.POSITIVE_INFINITY)) {
            throw new UsageException("A step's length must be above 0, not " + step + ".");
        }
        if (!(momentum >= 0 && momentum < 1)) {
            throw new UsageException(
                    "The momentum lies from 0 to below 1, not at " + momentum + ".");
        }
        if (random && (momentum > 0 || fourier || estimate.isPresent())) {
            throw new UsageException(
                    "Random steps follow no gradient: leave momentum, the Fourier spectrum and estimates out.");
        }
    }

    /** The same with another length. */
    public Steps withStep(double other) {
        return new Steps(other, momentum, fourier, random, estimate);
    }

    /** The same with another momentum. */
    public Steps withMomentum(double other) {
        return new Steps(step, other, fourier, random, estimate);
    }

    /** The same with steps in pixels or in the spectrum. */
    public Steps withFourier(boolean other) {
        return new Steps(step, momentum, other, random, estimate);
    }

    /** The same with steps along the gradient or at random. */
    public Steps withRandom(boolean other) {
        return new Steps(step, momentum, fourier, other, estimate);
    }

    /** The same along gradients that are estimated. */
    public Steps withEstimate(GradientEstimate other) {
        return new Steps(step, momentum, fourier, random, Optional.of(other));
    }
}
