package stir.core.inversion.optimizer.gaussnewton;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import stir.core.math.linalg.Vectors;

import java.util.Random;

class PreconditionedCotangentTest {
    private static final int WIDTH = 4;
    private static final int SIZE = 9;
    private static final int MOST = 20;

    private final Random random = new Random(3);
    private final float[][] jacobian = new float[WIDTH][];

    PreconditionedCotangentTest() {
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

    private static JacobianSketch empty(int rows, int size, int width) {
        return new JacobianSketch(rows, PyramidPreconditioner.identity(), width, size);
    }

    private JacobianSketch sketch(int count) {
        var sketch = empty(MOST, SIZE, WIDTH);
        for (int row = 0; row < count; row++) {
            var cotangent = normal(WIDTH);
            Vectors.scale(cotangent, 0.2f);
            cotangent[row]++;
            var gradient = new float[SIZE];
            for (int unit = 0; unit < WIDTH; unit++) {
                Vectors.addMultiple(cotangent[unit], jacobian[unit], gradient);
            }
            sketch.add(cotangent, gradient, new float[SIZE]);
        }
        return sketch;
    }

    private static float[] cotangent(JacobianSketch sketch, float[] residual) {
        var cotangent = new float[WIDTH];
        sketch.precondition(residual, cotangent);
        return cotangent;
    }

    @Test
    void aResidualIsItsOwnCotangentWithoutRows() {
        var residual = normal(WIDTH);
        assertArrayEquals(residual, cotangent(sketch(0), residual));
    }

    /** {@code (C / c + I) u = r}, but for the small ridge of cotangents. */
    @Test
    void solvesTheSystemOfAKnownJacobian() {
        var residual = normal(WIDTH);
        var found = cotangent(sketch(WIDTH), residual);
        double mean = 0;
        for (var row : jacobian) {
            mean += Vectors.dot(row, row) / WIDTH;
        }
        for (int i = 0; i < WIDTH; i++) {
            double sum = found[i];
            for (int j = 0; j < WIDTH; j++) {
                sum += Vectors.dot(jacobian[i], jacobian[j]) / mean * found[j];
            }
            assertEquals(residual[i], sum, 0.05, "unit " + i);
        }
    }

    @Test
    void theResidualAcrossTheRowsStays() {
        var sketch = empty(20, 2, 3);
        sketch.add(new float[] {1, 0, 0}, new float[] {5, 0}, new float[2]);
        var found = new float[3];
        sketch.precondition(new float[] {8, 3, -2}, found);
        // C / c is 1 between the rows.
        assertArrayEquals(new float[] {4, 3, -2}, found, 0.05f);
    }

    @Test
    void aWrongRowCountsLess() {
        var sketch = empty(20, 2, 3);
        sketch.add(new float[] {1, 0, 0}, new float[] {5, 0}, new float[2]);
        sketch.compare(new float[] {0, 1}, new float[] {15, 0, 0}); // a noise variance of 9
        var found = new float[3];
        sketch.precondition(new float[] {8, 3, -2}, found);
        // U U' is 10 instead of 1, and c is 25 / 10.
        double factor = 1 / (10 + 10.0) - 1 / 10.0;
        assertArrayEquals(new float[] {(float) (8 + 8 * factor), 3, -2}, found, 0.05f);
    }

    @Test
    void aUnitThatIsOffInBothInputsStaysOff() {
        var residual = normal(WIDTH);
        residual[2] = 0;
        assertEquals(0, cotangent(sketch(3), residual)[2]);
    }
}
