package stir.core.inversion;

import stir.api.Norm;

import java.util.Objects;
import java.util.Optional;

/**
 * Gauss-Newton steps, which know the Euclidean distance at one layer alone: {@link Optimizer#FAST}
 * and {@link Optimizer#THOROUGH}.
 *
 * @param effort how long it goes on
 * @param iterations the most steps for each input, from 1 to {@link Method#MOST_ITERATIONS}
 * @param tolerance the relative distance at which an input is found, and leaves the search (or
 *     comes nearer to its seed, {@link Effort#THOROUGH}); 0 to use all iterations
 * @param fakeRelu whether it may use a fake ReLU, which it does only where the ReLU is the layer
 *     ({@link stir.api.FakeRelu#OF_LAYER})
 * @param ball where points stay besides the box
 * @since 0.1.0
 */
public record GaussNewton(
        Effort effort, int iterations, double tolerance, boolean fakeRelu, Optional<Ball> ball)
        implements Method {
    /** How long a search goes on. */
    public enum Effort {
        /** A schedule of steps, once: {@link Optimizer#FAST}. */
        FAST,
        /**
         * Schedules until an input is found, and comes no nearer to its seed: {@link
         * Optimizer#THOROUGH}.
         */
        THOROUGH
    }

    /** Checks the ranges. */
    public GaussNewton {
        Objects.requireNonNull(effort, "effort");
        Method.checkedIterations(iterations);
        Method.checkedTolerance(tolerance);
        Objects.requireNonNull(ball, "ball");
    }

    @Override
    public Optimizer optimizer() {
        return effort == Effort.FAST ? Optimizer.FAST : Optimizer.THOROUGH;
    }

    @Override
    public Norm norm() {
        return Norm.L2;
    }

    @Override
    public GaussNewton withIterations(int other) {
        return new GaussNewton(effort, other, tolerance, fakeRelu, ball);
    }
}
