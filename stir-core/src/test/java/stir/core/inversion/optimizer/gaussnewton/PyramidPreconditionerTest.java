package stir.core.inversion.optimizer.gaussnewton;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Shape;
import stir.core.math.linalg.Vectors;

class PyramidPreconditionerTest {
    private static float[] noise(Shape shape, long seed) {
        var random = new Random(seed);
        var values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] applied(Shape shape, float[] gradient) {
        var direction = gradient.clone();
        PyramidPreconditioner.of(shape).apply(direction);
        return direction;
    }

    @ParameterizedTest
    @ValueSource(strings = {"1x1x1", "1x2x9", "3x5x7", "1x28x28", "2x33x64"})
    void isSymmetricAndAtLeastThatOfThePixels(String text) {
        var shape = Shape.parse(text);
        var a = noise(shape, 1);
        var b = noise(shape, 2);
        double expected = Vectors.dot(applied(shape, a), b);
        assertEquals(expected, Vectors.dot(a, applied(shape, b)), 1e-4 * (1 + Math.abs(expected)));
        assertTrue(Vectors.dot(a, applied(shape, a)) >= 0.9999 * Vectors.dot(a, a));
    }

    /** Half the frequency is raised by about twice as much, from a quarter of a cycle on. */
    @Test
    void raisesFrequenciesByTheirInverse() {
        var raised = new double[5];
        for (int octave = 0; octave < raised.length; octave++) {
            raised[octave] = response(256, 1 / Math.pow(2, octave + 2));
        }
        for (int octave = 1; octave < raised.length; octave++) {
            double ratio = raised[octave] / raised[octave - 1];
            assertTrue(ratio > 1.9 && ratio < 2.4, "octave " + octave + ": " + ratio);
        }
    }

    /** Each of the four levels, which halve and double a pixel again, adds twice as much. */
    @ParameterizedTest
    @ValueSource(strings = {"1x64x64", "2x64x96", "1x224x80"})
    void raisesWhatIsConstantTo31Times(String text) {
        var shape = Shape.parse(text);
        var constant = new float[shape.size()];
        Arrays.fill(constant, 0.5f);
        for (float value : applied(shape, constant)) {
            assertEquals(15.5f, value, 1e-4f);
        }
    }

    private static double response(int size, double frequency) {
        var wave = new float[size * size];
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                wave[y * size + x] = (float) Math.cos(2 * Math.PI * frequency * x + 0.7);
            }
        }
        return Vectors.dot(wave, applied(Shape.of(1, size, size), wave)) / Vectors.dot(wave, wave);
    }

    @Test
    void channelsDoNotMix() {
        var shape = Shape.of(2, 8, 8);
        var gradient = noise(shape, 3);
        Arrays.fill(gradient, 64, 128, 0);
        var direction = applied(shape, gradient);
        assertArrayEquals(new float[64], Arrays.copyOfRange(direction, 64, 128));
    }

    @Test
    void theIdentityLeavesVectorsAsTheyAre() {
        var vector = noise(Shape.of(30), 4);
        PyramidPreconditioner.identity().apply(vector);
        assertArrayEquals(noise(Shape.of(30), 4), vector);
    }
}
