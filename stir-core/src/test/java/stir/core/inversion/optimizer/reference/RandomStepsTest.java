package stir.core.inversion.optimizer.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomStepsTest {
    private static float[] moved(long rngSeed, int input, int step, float gradient) {
        var point = new float[4000];
        Arrays.fill(point, 0.5f);
        var gradients = new float[point.length];
        Arrays.fill(gradients, gradient);
        new RandomSteps(0.1, rngSeed).begin(input, point).step(step, 0.3, point, gradients);
        return point;
    }

    @Test
    void pixelsMoveByNormalNumbersWhateverTheGradientIs() {
        var point = moved(1, 2, 3, 7);
        assertArrayEquals(point, moved(1, 2, 3, -7));
        double sum = 0;
        double squares = 0;
        for (float value : point) {
            assertTrue(value >= 0 && value <= 1);
            sum += value - 0.5;
            squares += (value - 0.5) * (value - 0.5);
        }
        // Standard errors of the mean and of the variance of 4000 normal numbers.
        assertEquals(0, sum / point.length, 4 * 0.1 / Math.sqrt(point.length));
        assertEquals(0.01, squares / point.length, 4 * 0.01 * Math.sqrt(2.0 / point.length));
    }

    @Test
    void everyInputAndStepHasItsOwnNumbers() {
        var point = moved(1, 2, 3, 0);
        assertFalse(Arrays.equals(point, moved(1, 2, 4, 0)));
        assertFalse(Arrays.equals(point, moved(1, 3, 3, 0)));
        assertFalse(Arrays.equals(point, moved(2, 2, 3, 0)));
    }
}
