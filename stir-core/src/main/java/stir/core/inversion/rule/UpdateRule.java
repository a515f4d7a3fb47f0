package stir.core.inversion.rule;

import stir.api.Batch;
import stir.api.Norm;
import stir.core.network.pass.Evaluator;

/**
 * How an optimiser moves one input after a pass, and what it wants to know of the pass. A rule
 * keeps what it remembers of an input in that input's slot of the working batch; it knows nothing
 * of other inputs.
 */
public interface UpdateRule {
    /**
     * Forgets what a slot held: another input begins there.
     *
     * @param input the input's index
     * @param points its row {@code slot} holds the input's seed, which may be changed
     */
    void begin(int slot, int input, Batch points);

    /** Takes what one slot holds over into another; the first is free afterwards. */
    void move(int from, int to);

    /**
     * Makes one forward and one backward pass. This default asks for the gradient of the distance,
     * which a backend may compute in one run.
     *
     * @param evaluator makes the passes
     * @param points the working batch's first slots, a whole number of passes; slots at the end may
     *     hold no input and only fill the last pass
     * @param targets each slot's target
     * @param norm the distance's norm
     * @param distances receives each slot's distance (not the relative one)
     * @param gradients receives for each slot what {@link #step} is given
     */
    default void differentiate(
            Evaluator evaluator,
            Batch points,
            Batch targets,
            Norm norm,
            double[] distances,
            Batch gradients) {
        evaluator.distance(points, targets, norm, distances, gradients);
    }

    /**
     * The residual at a slot's point, after {@link #differentiate}.
     *
     * @param distance the relative distance at the measured layer
     */
    default double residual(int slot, double distance) {
        return distance;
    }

    /**
     * What the search makes small, at a slot's point, after {@link #differentiate}: of an input's
     * points the one of the smallest value is kept. Infinity if the point is not to be kept.
     *
     * @param residual what {@link #residual} told
     */
    default double value(int slot, double residual) {
        return residual;
    }

    /** How often the input in a slot was stuck and began again from another seed. */
    default int restarts(int slot) {
        return 0;
    }

    /**
     * Moves the input in a slot one step.
     *
     * @param slot where the input stands
     * @param step the number of steps made so far, from 0
     * @param distance the residual at the point
     * @param point the input's pixels, to be changed; may lie outside [0,1] before the first step
     *     only
     * @param gradient what {@link #differentiate} wrote for the slot at this point; may be used as
     *     scratch
     */
    void step(int slot, int step, double distance, float[] point, float[] gradient);
}
