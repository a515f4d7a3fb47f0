package stir.core.inversion;

import stir.api.UsageException;

import java.util.Objects;
import java.util.Optional;

/**
 * How a gradient moves a point, and where to it may.
 *
 * @param step the length of a step in pixel space, above 0; of {@link Optimizer#REFERENCE}
 * @param momentum from 0 up to, but without, 1: how much of the last move is added to the
 *     normalised gradient; of {@link Optimizer#REFERENCE}
 * @param fourier whether steps are taken in the scaled Fourier spectrum, where low frequencies move
 *     further; of {@link Optimizer#REFERENCE}, for images. The spectrum is multiplied by {@code 1 /
 *     max(f, 1 / max(width, height))}, f being the frequency. Source: Olah et al., Feature
 *     Visualization, 2017; there the colours are decorrelated too and a sigmoid keeps the box, here
 *     a clamp does.
 * @param ball where the points stay besides the box
 */
public record Movement(double step, double momentum, boolean fourier, Optional<Ball> ball) {
    /** The published steps: of length 0.5, without momentum, in the whole box. */
    public static final Movement REFERENCE = new Movement(0.5, 0, false, Optional.empty());

    /** Checks the ranges. */
    public Movement {
        Objects.requireNonNull(ball, "ball");
        if (!(step > 0 && step < Double.POSITIVE_INFINITY)) {
            throw new UsageException("A step's length must be above 0, not " + step + ".");
        }
        if (!(momentum >= 0 && momentum < 1)) {
            throw new UsageException(
                    "The momentum lies from 0 to below 1, not at " + momentum + ".");
        }
    }

    /** Whether steps are the published ones, wherever they may lead. */
    public boolean hasReferenceSteps() {
        return step == REFERENCE.step && momentum == REFERENCE.momentum && !fourier;
    }

    /** The same with another length. */
    public Movement withStep(double other) {
        return new Movement(other, momentum, fourier, ball);
    }

    /** The same with another momentum. */
    public Movement withMomentum(double other) {
        return new Movement(step, other, fourier, ball);
    }

    /** The same with steps in pixels or in the spectrum. */
    public Movement withFourier(boolean other) {
        return new Movement(step, momentum, other, ball);
    }

    /** The same in a ball. */
    public Movement withBall(Ball other) {
        return new Movement(step, momentum, fourier, Optional.of(other));
    }
}
