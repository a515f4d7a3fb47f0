package stir.core.inversion.rule;

import stir.core.network.pass.Box;
import stir.core.random.KeyedRandom;

/**
 * Steps that follow no gradient: {@code x <- clamp(x + length n, 0, 1)} with standard normal n for
 * each pixel. Source: {@code RandomStep} of the robustness library (Engstrom et al., 2019).
 */
final class RandomSteps implements UpdateRule<InputSteps> {
    /** Distortions have the keys of small numbers. */
    private static final long FIRST_KEY = 1L << 32;

    private final float step;
    private final long rngSeed;

    /**
     * A rule.
     *
     * @param step what the normal numbers are multiplied by
     * @param rngSeed keys them, with the input and the step
     */
    RandomSteps(double step, long rngSeed) {
        this.step = (float) step;
        this.rngSeed = rngSeed;
    }

    @Override
    public InputSteps begin(int input, float[] seed) {
        return (made, residual, point, gradient) -> {
            var random = KeyedRandom.of(rngSeed, input, FIRST_KEY + made);
            for (int i = 0; i < point.length; i++) {
                point[i] = Box.clamp(point[i] + step * (float) random.nextGaussian());
            }
        };
    }
}
