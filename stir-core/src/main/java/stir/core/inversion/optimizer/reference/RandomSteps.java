package stir.core.inversion.optimizer.reference;

import stir.core.inversion.optimizer.UpdateRule;
import stir.core.inversion.optimizer.UpdateState;
import stir.core.math.random.KeyedRandom;
import stir.core.network.pass.Box;

/**
 * Steps that follow no gradient: {@code x <- clamp(x + length n, 0, 1)} with standard normal n for
 * each pixel. Source: {@code RandomStep} of the robustness library (Engstrom et al., 2019).
 */
public final class RandomSteps implements UpdateRule<UpdateState> {
    /** The first key of these steps; augmentations take small ones. */
    private static final long FIRST_KEY = 1L << 32;

    private final float step;
    private final long rngSeed;

    /**
     * Creates a rule.
     *
     * @param step the factor of the normal numbers
     * @param rngSeed keys them, with the input and the step
     */
    public RandomSteps(double step, long rngSeed) {
        this.step = (float) step;
        this.rngSeed = rngSeed;
    }

    @Override
    public UpdateState begin(int input, float[] seed) {
        return (made, residual, point, gradient) -> {
            var random = KeyedRandom.of(rngSeed, input, FIRST_KEY + made);
            for (int i = 0; i < point.length; i++) {
                point[i] = Box.clamp(point[i] + step * (float) random.nextGaussian());
            }
        };
    }
}
