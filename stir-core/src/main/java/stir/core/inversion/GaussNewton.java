package stir.core.inversion;

import stir.api.Norm;

/**
 * Gauss-Newton steps, which minimise the relative Euclidean distance at a single layer: {@link
 * Optimizer#FAST} and {@link Optimizer#THOROUGH}.
 *
 * @param effort the effort, which decides how long the search goes on
 * @param common the settings that all stepwise methods share
 * @since 0.1.0
 */
public record GaussNewton(Effort effort, StepwiseSettings common) implements Method.Stepwise {
    /** The length of a search. */
    public enum Effort {
        /** One schedule of steps: {@link Optimizer#FAST}. */
        FAST,
        /**
         * Schedules until an input has converged and comes no nearer to its seed: {@link
         * Optimizer#THOROUGH}.
         */
        THOROUGH
    }

    @Override
    public Optimizer optimizer() {
        return effort == Effort.FAST ? Optimizer.FAST : Optimizer.THOROUGH;
    }

    @Override
    public Norm norm() {
        return Norm.L2;
    }
}
