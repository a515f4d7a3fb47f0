package stir.core.inversion.optimizer;

/** The state of one input in an {@link UpdateRule}, which moves it. Belongs to one worker. */
@FunctionalInterface
public interface UpdateState {
    /**
     * Returns the residual at the input's point, after the pass.
     *
     * @param distance the relative distance at the measured layer
     */
    default double residual(double distance) {
        return distance;
    }

    /**
     * Returns the value to be minimised at the input's point, after the pass: the point of the
     * smallest value is kept. Infinity if the point is not to be kept.
     *
     * @param residual the value of {@link #residual}
     * @param converged whether that is within the tolerance
     */
    default double value(double residual, boolean converged) {
        return converged ? Double.NEGATIVE_INFINITY : residual;
    }

    /**
     * Returns whether the input's search ends before its iterations do. Called after each pass, and
     * once more after the step that follows.
     *
     * @param converged whether the residual of the pass is within the tolerance
     */
    default boolean ends(boolean converged) {
        return converged;
    }

    /** Returns the number of times that the input was stuck and began again from another seed. */
    default int restarts() {
        return 0;
    }

    /**
     * Returns the least distance from its seed that the input must have to first order around the
     * point that is kept; NaN if unknown.
     */
    default double movedAtLeast() {
        return Double.NaN;
    }

    /**
     * Moves the input one step.
     *
     * @param step the number of steps made so far, from 0
     * @param residual the residual at the point
     * @param point the input's pixels, to be changed; may lie outside [0,1] before the first step
     *     only
     * @param gradient the gradient that the rule's pass wrote for the input at this point; may be
     *     used as scratch
     */
    void step(int step, double residual, float[] point, float[] gradient);
}
