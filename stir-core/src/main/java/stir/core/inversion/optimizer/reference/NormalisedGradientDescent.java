package stir.core.inversion.optimizer.reference;

import stir.core.inversion.Steps;
import stir.core.inversion.optimizer.UpdateRule;
import stir.core.inversion.optimizer.UpdateState;
import stir.core.network.pass.Box;

/**
 * The published rule {@code x <- clamp(x - 0.5 g / (||g||_2 + 1e-10), 0, 1)}, or one with another
 * length and a momentum: {@code v <- momentum v + g / (||g||_2 + 1e-10), x <- clamp(x - length v,
 * 0, 1)}. Source: {@code L2Step} of the robustness library (Engstrom et al., 2019) with the step
 * size of Nanda et al., ICML 2022.
 */
public final class NormalisedGradientDescent implements UpdateRule<UpdateState> {
    private static final double SMALLEST = 1e-10;

    private final float step;
    private final float momentum;

    /** Creates the published rule. */
    public NormalisedGradientDescent() {
        this(Steps.PUBLISHED.step(), Steps.PUBLISHED.momentum());
    }

    /**
     * Creates a rule.
     *
     * @param step the length of a step
     * @param momentum the momentum, at least 0 and below 1
     */
    public NormalisedGradientDescent(double step, double momentum) {
        this.step = (float) step;
        this.momentum = (float) momentum;
    }

    @Override
    public UpdateState begin(int input, float[] seed) {
        if (momentum == 0) {
            return (made, residual, point, gradient) -> step(point, gradient);
        }
        var velocity = new float[seed.length];
        return (made, residual, point, gradient) -> stepAlong(velocity, point, gradient);
    }

    private static float length(float[] gradient) {
        double squares = 0;
        for (float value : gradient) {
            squares += (double) value * value;
        }
        return (float) (Math.sqrt(squares) + SMALLEST);
    }

    private void step(float[] point, float[] gradient) {
        float length = length(gradient);
        for (int i = 0; i < point.length; i++) {
            point[i] = Box.clamp(point[i] - step * (gradient[i] / length));
        }
    }

    private void stepAlong(float[] velocity, float[] point, float[] gradient) {
        float length = length(gradient);
        for (int i = 0; i < point.length; i++) {
            velocity[i] = momentum * velocity[i] + gradient[i] / length;
            point[i] = Box.clamp(point[i] - step * velocity[i]);
        }
    }
}
