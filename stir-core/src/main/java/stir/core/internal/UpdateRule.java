package stir.core.internal;

/**
 * How an optimiser moves one input after a pass. A rule keeps what it remembers of an input in that
 * input's slot of the working batch; it knows nothing of other inputs.
 */
interface UpdateRule {
    /** Forgets what a slot held: another input begins there. */
    void begin(int slot);

    /** Takes what one slot holds over into another; the first is free afterwards. */
    void move(int from, int to);

    /**
     * Moves the input in a slot one step.
     *
     * @param slot where the input stands
     * @param step the number of steps made so far, from 0
     * @param distance the relative distance at the point
     * @param point the input's pixels, to be changed; may lie outside [0,1] before the first step
     *     only
     * @param gradient the gradient of the distance (not the relative one) at the point; may be used
     *     as scratch
     */
    void step(int slot, int step, double distance, float[] point, float[] gradient);
}
