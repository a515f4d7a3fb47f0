package stir.core.inversion;

import stir.api.Norm;
import stir.api.UsageException;

import java.util.Optional;

/**
 * How invariant inputs are found, with what that takes.
 *
 * @since 0.1.0
 */
public sealed interface Method permits GradientDescent, GaussNewton, NearestNeighbour, CkaAttack {
    /** More steps than this are taken for a mistake. */
    int MOST_ITERATIONS = 1_000_000;

    /** What users call its rule. */
    Optimizer optimizer();

    /** The norm of the relative distance. */
    Norm norm();

    /** The most steps for each input; 0 if it makes none. */
    int iterations();

    /** The relative distance at which an input is found and leaves the search; 0 for none. */
    double tolerance();

    /**
     * The same with another number of steps.
     *
     * @throws UsageException if it makes none, or not so many
     */
    Method withIterations(int other);

    /** The network that it moves away from. */
    default Optional<SecondNetwork> secondNetwork() {
        return Optional.empty();
    }

    /** Whether it computes gradients, which not every layer has. */
    default boolean needsGradients() {
        return true;
    }

    /** Whether each input goes its own way, step by step, which is a course that can be told. */
    default boolean stepsEachInput() {
        return true;
    }

    /**
     * Returns the first border of ranges of inputs that is not before an index: any index, unless
     * inputs are searched in groups.
     *
     * @param index from 0 to the number of inputs
     * @param inputs their number
     */
    default int borderFrom(int index, int inputs) {
        return index;
    }

    /** The number of steps if they can be made. */
    static int checkedIterations(int iterations) {
        if (iterations < 1 || iterations > MOST_ITERATIONS) {
            throw new UsageException(
                    "%d iterations are not possible: give a number from 1 to %d."
                            .formatted(iterations, MOST_ITERATIONS));
        }
        return iterations;
    }

    /** The tolerance if it is one. */
    static double checkedTolerance(double tolerance) {
        if (!(tolerance >= 0 && tolerance < 1)) {
            throw new UsageException(
                    "The tolerance is a relative distance from 0 to 1, not " + tolerance + ".");
        }
        return tolerance;
    }
}
