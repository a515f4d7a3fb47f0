package stir.core.inversion.optimizer.gaussnewton;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class JacobianSketchTest {
    private static final double NEWEST = 0.1;
    private static final float[] TO_SEED = {0.5f, 0.25f};

    private final PredictionError scratch = new PredictionError(2);
    private final JacobianSketch sketch =
            new JacobianSketch(2, 1.5, PyramidPreconditioner.identity(), new float[2], 1);

    @Test
    void aRowIsScaledToAGradientOfLengthOne() {
        sketch.add(new float[] {10}, new float[] {3, 4}, TO_SEED);
        assertEquals(1, sketch.product(0, 0), 1e-6);
        assertEquals(4, sketch.overlap(0, 0), 1e-6);
        assertEquals(2 * 0.5, sketch.alongCotangent(0, new float[] {0.5f}), 1e-6);
        assertEquals(0.8, sketch.alongGradient(0, new float[] {0, 1}), 1e-6);
    }

    @Test
    void aRowWithoutADirectionIsNotRemembered() {
        sketch.add(new float[] {1}, new float[2], TO_SEED);
        sketch.add(new float[] {1}, new float[] {Float.NaN, 1}, TO_SEED);
        assertEquals(0, sketch.count());
    }

    @Test
    void theNewestRowReplacesTheOldest() {
        for (int row = 1; row <= 3; row++) {
            sketch.add(new float[] {row}, new float[] {1, 0}, TO_SEED);
        }
        assertEquals(2, sketch.count());
        assertEquals(3 * 3, sketch.overlap(0, 0), 1e-5);
        assertEquals(2 * 3, sketch.overlap(0, 1), 1e-5);
        assertEquals(NEWEST, sketch.ridge(0, NEWEST));
        assertEquals(1.5 * NEWEST, sketch.ridge(1, NEWEST), 1e-12);
    }

    /** An error of 0.4, 0.8 for 0.4, over a move of 0.5 is a noise variance of 0.4^2 / 0.5^2. */
    @Test
    void theRidgeGrowsWithTheErrors() {
        sketch.add(new float[] {1}, new float[] {0, 1}, TO_SEED);
        sketch.compare(new float[] {0.3f, 0.4f}, new float[] {0.4f}, scratch);
        assertEquals(NEWEST, sketch.ridge(0, NEWEST), 1e-9, "its prediction was right");
        sketch.compare(new float[] {0.3f, 0.4f}, new float[] {0.8f}, scratch);
        assertEquals(NEWEST + 0.64, sketch.ridge(0, NEWEST), 1e-6);
        sketch.compare(new float[2], new float[] {0.8f}, scratch);
        assertEquals(NEWEST + 0.64, sketch.ridge(0, NEWEST), 1e-6, "it did not move");
        sketch.add(new float[] {1}, new float[] {0, 1}, TO_SEED);
        assertEquals(NEWEST, sketch.ridge(1, NEWEST), "a new row has no errors yet");
        assertEquals(1.5 * NEWEST + 0.64, sketch.ridge(0, NEWEST), 1e-6);
        sketch.clear();
        sketch.add(new float[] {1}, new float[] {0, 1}, TO_SEED);
        assertEquals(NEWEST, sketch.ridge(0, NEWEST));
    }

    @Test
    void theProductWithTheDistanceFromTheSeedIsKept() {
        sketch.add(new float[] {1}, new float[] {0, 2}, TO_SEED);
        assertEquals(0.25, sketch.towardsSeed(0), 1e-6);
        sketch.compare(new float[] {0.3f, 0.4f}, new float[] {0.4f}, scratch);
        assertEquals(0.25 - 0.4, sketch.towardsSeed(0), 1e-6);
    }

    /** The errors of two rows of one cotangent are one error; a wrong row counts less. */
    @Test
    void thePredictionErrorIsThatOfAllRowsTogether() {
        sketch.add(new float[] {2}, new float[] {0, 1}, TO_SEED);
        sketch.compare(new float[] {0, 1}, new float[] {0.5f}, scratch);
        assertEquals(0, sketch.predictionError(), 1e-9, "2 * 0.5 is what 1 * 1 predicted");
        sketch.add(new float[] {2}, new float[] {0, 1}, TO_SEED);
        sketch.compare(new float[] {0, 0.5f}, new float[] {0.5f}, scratch);
        // Both were wrong by 0.5, which is 0.25 of the residual, over a move of 0.5.
        double noise = 1;
        assertEquals(noise, sketch.noise(0), 1e-6);
        double found = 0.25 * 2 / (2 * 4 + (0.01 + noise) * 4) / 0.25;
        assertEquals(found, sketch.predictionError(), 1e-6);
        sketch.compare(new float[] {0, 0.5f}, new float[] {0.25f}, scratch);
        assertEquals(found / 2, sketch.predictionError(), 1e-6, "earlier moves count half");
        sketch.clear();
        assertEquals(0, sketch.predictionError());
    }
}
