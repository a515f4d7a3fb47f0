package stir.core.inversion.rule;

import stir.api.Batch;
import stir.core.network.pass.Box;

import java.util.Arrays;

/**
 * The published rule: {@code x <- clamp(x - 0.5 g / (||g||_2 + 1e-10), 0, 1)}, which remembers
 * nothing; or one with another length and a momentum: {@code v <- momentum v + g / (||g||_2 +
 * 1e-10), x <- clamp(x - length v, 0, 1)}. Source: {@code L2Step} of the robustness library
 * (Engstrom et al., 2019) with the step size of Nanda et al., ICML 2022.
 */
public final class NormalisedGradient implements UpdateRule {
    private static final float PUBLISHED_STEP = 0.5f;
    private static final double SMALLEST = 1e-10;

    private final float step;
    private final float momentum;
    private final float[][] velocities;

    /** The published rule. */
    public NormalisedGradient() {
        this(PUBLISHED_STEP, 0, 0, 0);
    }

    /**
     * A rule for one worker.
     *
     * @param step the length of a step
     * @param momentum from 0 up to, but without, 1
     * @param slots the slots of the working batch
     * @param size the size of an input
     */
    public NormalisedGradient(double step, double momentum, int slots, int size) {
        this.step = (float) step;
        this.momentum = (float) momentum;
        this.velocities = momentum > 0 ? new float[slots][size] : new float[0][];
    }

    @Override
    public void begin(int slot, int input, Batch points) {
        if (momentum > 0) {
            Arrays.fill(velocities[slot], 0);
        }
    }

    @Override
    public void move(int from, int to) {
        if (momentum > 0) {
            var freed = velocities[to];
            velocities[to] = velocities[from];
            velocities[from] = freed;
        }
    }

    @Override
    public void step(int slot, int stepsMade, double distance, float[] point, float[] gradient) {
        double squares = 0;
        for (float value : gradient) {
            squares += (double) value * value;
        }
        float length = (float) (Math.sqrt(squares) + SMALLEST);
        if (momentum > 0) {
            stepAlong(velocities[slot], length, point, gradient);
            return;
        }
        for (int i = 0; i < point.length; i++) {
            point[i] = Box.clamp(point[i] - step * (gradient[i] / length));
        }
    }

    private void stepAlong(float[] velocity, float length, float[] point, float[] gradient) {
        for (int i = 0; i < point.length; i++) {
            velocity[i] = momentum * velocity[i] + gradient[i] / length;
            point[i] = Box.clamp(point[i] - step * velocity[i]);
        }
    }
}
