package stir.core.inversion.optimizer.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class NormalisedGradientDescentTest {
    @Test
    void stepsHalfAUnitDownhillAndStaysInTheBox() {
        var point = new float[] {0.5f, 0.1f, 2f};
        new NormalisedGradientDescent().begin(0, point).step(0, 0.3, point, new float[] {-3f, 4f, 0f});
        assertArrayEquals(new float[] {0.8f, 0f, 1f}, point, 1e-6f);
    }

    @Test
    void staysWhereThereIsNoGradient() {
        var point = new float[] {0.5f, 0.25f};
        new NormalisedGradientDescent().begin(0, point).step(0, 0, point, new float[] {0f, 0f});
        assertArrayEquals(new float[] {0.5f, 0.25f}, point);
    }
}
