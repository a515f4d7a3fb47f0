package stir.core.inversion.optimizer.gaussnewton;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import stir.core.math.linalg.Vectors;

class DampedStepTest {
    private static final int SIZE = 40;
    private static final int ROWS = 5;
    private static final double RIDGE = 1e-6;

    /** Returns an empty sketch of as many units as rows. */
    private static JacobianSketch sketch(int rows, int size) {
        return new JacobianSketch(rows, PyramidPreconditioner.identity(), rows, size);
    }

    /** Most pixels lie on the box's border, and the attraction takes many out of it. */
    @Test
    void pixelsThatStopAtTheBoxAreMadeUpForByTheOthers() {
        var random = new Random(4);
        int met = 0;
        for (int trial = 0; trial < 200; trial++) {
            var sketch = sketch(ROWS, SIZE);
            var toSeed = normal(random, SIZE);
            var jacobian = new float[ROWS][];
            for (int row = 0; row < ROWS; row++) {
                var unit = new float[ROWS];
                unit[row] = 1;
                jacobian[row] = normal(random, SIZE);
                sketch.add(unit, jacobian[row], toSeed);
            }
            var point = new float[SIZE];
            for (int i = 0; i < SIZE; i++) {
                point[i] = Math.min(1, Math.max(0, 2 * random.nextFloat() - 0.5f));
            }
            var before = point.clone();
            var residual = normal(random, ROWS);
            sketch.move(residual, new Schedule.Limits(RIDGE, 0, 100, 0.2), toSeed, point);
            var step = new float[SIZE];
            for (int i = 0; i < SIZE; i++) {
                assertTrue(point[i] >= 0 && point[i] <= 1, "left the box");
                step[i] = point[i] - before[i];
            }
            double left = 0;
            for (int row = 0; row < ROWS; row++) {
                left += Math.abs(residual[row] + Vectors.dot(jacobian[row], step));
            }
            met += left < 0.07 ? 1 : 0;
        }
        assertTrue(met > 150, "the others made up for those that stopped in " + met + " of 200");
    }

    /** The part of the attraction along the known rows is made up for. */
    @Test
    void theAttractionIsFollowedWhereTheRowsLeaveItFree() {
        var sketch = sketch(1, 2);
        float[] toSeed = {0.4f, 0.6f};
        sketch.add(new float[] {1}, new float[] {3, 0}, toSeed);
        float[] point = {0.5f, 0.5f};
        sketch.move(new float[1], new Schedule.Limits(RIDGE, 0, 1, 0.5), toSeed, point);
        assertEquals(0.5, point[0], 1e-5);
        assertEquals(0.8, point[1], 1e-5);
    }

    /** {@code (r + J dx)^2 + d dx^2} is least at {@code -J r / (J^2 + d)}. */
    @Test
    void theStepIsDampedInTheResidualsUnits() {
        var sketch = sketch(1, 2);
        float[] toSeed = new float[2];
        sketch.add(new float[] {1}, new float[] {2, 0}, toSeed);
        float[] point = {0.5f, 0.5f};
        sketch.move(new float[] {0.5f}, new Schedule.Limits(RIDGE, 4, 1, 1), toSeed, point);
        assertEquals(0.5 - 2 * 0.5 / (4 + 4), point[0], 1e-5);
        assertEquals(0.5, point[1]);
    }

    private static float[] normal(Random random, int size) {
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
