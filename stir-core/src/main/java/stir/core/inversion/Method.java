package stir.core.inversion;

import java.util.Optional;
import stir.api.Norm;

/**
 * A method that finds invariant inputs, with its parameters.
 *
 * @since 0.1.0
 */
public sealed interface Method permits Method.Stepwise, NearestNeighbour {
    /**
     * A method that moves inputs step by step.
     *
     * @since 0.1.0
     */
    sealed interface Stepwise extends Method permits GradientDescent, GaussNewton {
        /** Returns the settings that all stepwise methods share. */
        StepwiseSettings common();

        @Override
        default int iterations() {
            return common().iterations();
        }

        @Override
        default double tolerance() {
            return common().tolerance();
        }

        /** Returns whether the search may use a fake ReLU. */
        default boolean fakeRelu() {
            return common().fakeRelu();
        }

        /** Returns the ball that points stay in, besides the box. */
        default Optional<Ball> ball() {
            return common().ball();
        }
    }

    /** Returns the optimiser, as users name it. */
    Optimizer optimizer();

    /** Returns the norm of the relative distance. */
    Norm norm();

    /** Returns the maximum number of steps per input; 0 if the method makes none. */
    default int iterations() {
        return 0;
    }

    /** Returns the relative distance at which an input has converged; 0 for none. */
    default double tolerance() {
        return 0;
    }

    /** Returns the network whose representation moves away. */
    default Optional<SecondNetwork> secondNetwork() {
        return Optional.empty();
    }

    /** Returns whether the method computes gradients, which not every layer has. */
    default boolean needsGradients() {
        return true;
    }
}
