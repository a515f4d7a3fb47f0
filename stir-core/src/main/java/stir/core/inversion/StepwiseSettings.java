package stir.core.inversion;

import java.util.Optional;
import stir.api.UsageException;

/**
 * The settings that all stepwise methods share.
 *
 * @param iterations the maximum number of steps per input, from 1 to {@link #MOST_ITERATIONS}
 * @param tolerance the relative distance, regardless of other terms of the objective, at which an
 *     input has converged and leaves the search (with {@link Optimizer#THOROUGH}: approaches its
 *     seed); 0 to use all iterations. It is 0 if no step measures the residual
 * @param fakeRelu whether the search may use a fake ReLU. Gradient steps use one if the model has
 *     one ({@link stir.api.FakeRelu#BEFORE_LAYER}), Gauss-Newton steps only if the ReLU is the
 *     layer ({@link stir.api.FakeRelu#OF_LAYER}) or, in searches of photos, leaks ({@link
 *     stir.api.FakeRelu#LEAKY}) or extends units ({@link stir.api.FakeRelu#EXTENDED}); {@link
 *     Inversion#fakeRelu} reports it
 * @param ball the ball that points stay in, besides the box
 * @since 0.1.0
 */
public record StepwiseSettings(int iterations, double tolerance, boolean fakeRelu, Optional<Ball> ball) {
    /** The upper limit of iterations: a larger number is rejected as a mistake. */
    public static final int MOST_ITERATIONS = 1_000_000;

    /** Checks the ranges. */
    public StepwiseSettings {
        checkedIterations(iterations);
        checkedTolerance(tolerance);
    }

    /** Creates settings with fake ReLU and without a ball. */
    public static StepwiseSettings of(int iterations, double tolerance) {
        return new StepwiseSettings(iterations, tolerance, true, Optional.empty());
    }

    /** Returns the number of iterations, or throws if it is out of range. */
    static int checkedIterations(int iterations) {
        if (iterations < 1 || iterations > MOST_ITERATIONS) {
            throw new UsageException("The number of iterations must be between 1 and %2$d, not %1$d."
                    .formatted(iterations, MOST_ITERATIONS));
        }
        return iterations;
    }

    /** Returns the tolerance, or throws if it is out of range. */
    static double checkedTolerance(double tolerance) {
        if (!(tolerance >= 0 && tolerance < 1)) {
            throw new UsageException("The tolerance is a relative distance from 0 to below 1, not " + tolerance + ".");
        }
        return tolerance;
    }
}
