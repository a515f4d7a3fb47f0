package stir.core.inversion.rule;

/**
 * What a rule remembers of one input, and how it moves it. An input knows nothing of others.
 * Belongs to one worker.
 */
@FunctionalInterface
public interface InputSteps {
    /**
     * The residual at the input's point, after the pass.
     *
     * @param distance the relative distance at the measured layer
     */
    default double residual(double distance) {
        return distance;
    }

    /**
     * What the search makes small, at the input's point, after the pass: of an input's points the
     * one of the smallest value is kept. Infinity if the point is not to be kept.
     *
     * @param residual what {@link #residual} gave
     * @param found whether that is within the tolerance
     */
    default double value(double residual, boolean found) {
        return found ? Double.NEGATIVE_INFINITY : residual;
    }

    /**
     * Whether the input's search ends before its iterations do. It is asked after each pass, and
     * once more after the step that follows.
     *
     * @param found whether the residual of the pass is within the tolerance
     */
    default boolean ends(boolean found) {
        return found;
    }

    /** How often the input was stuck and began again from another seed. */
    default int restarts() {
        return 0;
    }

    /**
     * How far from its seed the input has to lie at least, to first order around the point that is
     * kept; NaN if the search does not tell.
     */
    default double movedAtLeast() {
        return Double.NaN;
    }

    /**
     * Moves the input one step.
     *
     * @param step the number of steps made so far, from 0
     * @param residual at the point
     * @param point the input's pixels, to be changed; may lie outside [0,1] before the first step
     *     only
     * @param gradient what the rule's pass wrote for the input at this point; may be used as
     *     scratch
     */
    void step(int step, double residual, float[] point, float[] gradient);
}
