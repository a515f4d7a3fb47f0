package stir.core.internal;

import stir.api.Batch;

/**
 * The published rule: {@code x <- clamp(x - 0.5 g / (||g||_2 + 1e-10), 0, 1)}. It remembers
 * nothing. Source: {@code L2Step} of the robustness library (Engstrom et al., 2019) with the step
 * size of Nanda et al., ICML 2022.
 */
final class NormalisedGradient implements UpdateRule {
    private static final float STEP = 0.5f;
    private static final double SMALLEST = 1e-10;

    @Override
    public void begin(int slot, Batch points) {}

    @Override
    public void move(int from, int to) {}

    @Override
    public void step(int slot, int step, double distance, float[] point, float[] gradient) {
        double squares = 0;
        for (float value : gradient) {
            squares += (double) value * value;
        }
        float length = (float) (Math.sqrt(squares) + SMALLEST);
        for (int i = 0; i < point.length; i++) {
            point[i] = Math.min(1f, Math.max(0f, point[i] - STEP * (gradient[i] / length)));
        }
    }
}
