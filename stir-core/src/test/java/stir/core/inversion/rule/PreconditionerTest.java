package stir.core.inversion.rule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import stir.core.linalg.Vectors;

import java.util.Random;

class PreconditionerTest {
    private static final int WIDTH = 4;
    private static final int SIZE = 9;
    private static final int MOST = 6;

    private final Random random = new Random(3);
    private final float[][] jacobian = new float[WIDTH][];

    PreconditionerTest() {
        for (int unit = 0; unit < WIDTH; unit++) {
            jacobian[unit] = normal(SIZE);
            Vectors.scale(jacobian[unit], unit == 0 ? 20 : 1); // it hides the others
        }
    }

    private float[] normal(int size) {
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private SecantPairs pairs(int count) {
        var pairs =
                new SecantPairs(
                        new SecantMemory(MOST, 1.2),
                        PixelMetric.identity(),
                        new float[SIZE],
                        WIDTH);
        for (int pair = 0; pair < count; pair++) {
            var cotangent = normal(WIDTH);
            Vectors.scale(cotangent, 0.2f);
            cotangent[pair]++;
            var gradient = new float[SIZE];
            for (int unit = 0; unit < WIDTH; unit++) {
                Vectors.addMultiple(cotangent[unit], jacobian[unit], gradient);
            }
            pairs.add(cotangent, gradient, new float[SIZE]);
        }
        return pairs;
    }

    private static float[] cotangent(SecantPairs pairs, float[] residual) {
        var cotangent = new float[WIDTH];
        new Preconditioner(MOST).apply(pairs, residual, cotangent);
        return cotangent;
    }

    @Test
    void aResidualIsItsOwnCotangentWhereNothingIsKnown() {
        var residual = normal(WIDTH);
        assertArrayEquals(residual, cotangent(pairs(0), residual));
    }

    /** {@code (C / 3c + I) u = r}, but for the small ridge of cotangents. */
    @Test
    void solvesTheSystemOfAKnownJacobian() {
        var residual = normal(WIDTH);
        var found = cotangent(pairs(WIDTH), residual);
        double mean = 0;
        for (var row : jacobian) {
            mean += Vectors.dot(row, row) / WIDTH;
        }
        for (int i = 0; i < WIDTH; i++) {
            double sum = found[i];
            for (int j = 0; j < WIDTH; j++) {
                sum += Vectors.dot(jacobian[i], jacobian[j]) / (3 * mean) * found[j];
            }
            assertEquals(residual[i], sum, 0.05, "unit " + i);
        }
    }

    @Test
    void whatIsAcrossThePairsStays() {
        var pairs =
                new SecantPairs(new SecantMemory(2, 1.2), PixelMetric.identity(), new float[2], 3);
        pairs.add(new float[] {1, 0, 0}, new float[] {5, 0}, new float[2]);
        var found = new float[3];
        new Preconditioner(2).apply(pairs, new float[] {8, 3, -2}, found);
        // C / c is 3 between the pairs: its mean is over three units, and two of them are not
        // known.
        assertArrayEquals(new float[] {4, 3, -2}, found, 0.02f);
    }

    @Test
    void aPairThatForetoldWronglyCountsLess() {
        var pairs =
                new SecantPairs(new SecantMemory(2, 1.2), PixelMetric.identity(), new float[2], 3);
        pairs.add(new float[] {1, 0, 0}, new float[] {5, 0}, new float[2]);
        pairs.compare(new float[] {0, 1}, new float[] {15, 0, 0}, new Misfit(2));
        assertEquals(9, pairs.doubt(0), 1e-6);
        var found = new float[3];
        new Preconditioner(2).apply(pairs, new float[] {8, 3, -2}, found);
        // U U' is 10 instead of 1; c is less, too.
        double c = 25 / 10.0 / 3;
        double factor = 3 / (25 / c + 3 * 10) - 1 / 10.0;
        assertArrayEquals(new float[] {(float) (8 + 8 * factor), 3, -2}, found, 0.02f);
    }

    @Test
    void aUnitThatIsOffInBothInputsStaysOff() {
        var residual = normal(WIDTH);
        residual[2] = 0;
        assertEquals(0, cotangent(pairs(3), residual)[2]);
    }
}
