package stir.core.inversion.optimizer.gaussnewton;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Random;

class BoxConstrainedLeastSquaresTest {
    private static final int SIZE = 40;
    private static final int ROWS = 5;
    private static final double RIDGE = 1e-6;

    /** Most pixels lie on the box's border, and the attraction takes many out of it. */
    @Test
    void pixelsThatStopAtTheBoxAreMadeUpForByTheOthers() {
        var random = new Random(4);
        int met = 0;
        for (int trial = 0; trial < 200; trial++) {
            var sketch =
                    new JacobianSketch(
                            ROWS, 1.5, PyramidPreconditioner.identity(), new float[SIZE], ROWS);
            var toSeed = normal(random, SIZE);
            for (int row = 0; row < ROWS; row++) {
                var unit = new float[ROWS];
                unit[row] = 1;
                sketch.add(unit, normal(random, SIZE), toSeed);
            }
            var point = new float[SIZE];
            for (int i = 0; i < SIZE; i++) {
                point[i] = Math.min(1, Math.max(0, 2 * random.nextFloat() - 0.5f));
            }
            var before = point.clone();
            var residual = normal(random, ROWS);
            new BoxConstrainedLeastSquares(ROWS, SIZE, false)
                    .move(sketch, residual, new Schedule.Limits(RIDGE, 0, 100, 0.2), toSeed, point);
            var step = new float[SIZE];
            for (int i = 0; i < SIZE; i++) {
                assertTrue(point[i] >= 0 && point[i] <= 1, "left the box");
                step[i] = point[i] - before[i];
            }
            double left = 0;
            for (int row = 0; row < ROWS; row++) {
                left +=
                        Math.abs(
                                sketch.alongCotangent(row, residual)
                                        + sketch.alongGradient(row, step));
            }
            met += left < 0.01 ? 1 : 0;
        }
        assertTrue(met > 150, "the others made up for those that stopped in " + met + " of 200");
    }

    /** The part of the attraction along the known rows is made up for. */
    @Test
    void theAttractionIsFollowedWhereTheRowsLeaveItFree() {
        var sketch = new JacobianSketch(1, 1.5, PyramidPreconditioner.identity(), new float[2], 1);
        float[] toSeed = {0.4f, 0.6f};
        sketch.add(new float[] {1}, new float[] {3, 0}, toSeed);
        float[] point = {0.5f, 0.5f};
        new BoxConstrainedLeastSquares(1, 2, false)
                .move(sketch, new float[1], new Schedule.Limits(RIDGE, 0, 1, 0.5), toSeed, point);
        assertEquals(0.5, point[0], 1e-5);
        assertEquals(0.8, point[1], 1e-5);
    }

    /** {@code (r + J dx)^2 + d dx^2} is least at {@code -J r / (J^2 + d)}. */
    @Test
    void theStepIsDampedInTheResidualsUnits() {
        var sketch = new JacobianSketch(1, 1.5, PyramidPreconditioner.identity(), new float[2], 1);
        float[] toSeed = new float[2];
        sketch.add(new float[] {1}, new float[] {2, 0}, toSeed);
        float[] point = {0.5f, 0.5f};
        new BoxConstrainedLeastSquares(1, 2, false)
                .move(
                        sketch,
                        new float[] {0.5f},
                        new Schedule.Limits(RIDGE, 4, 1, 1),
                        toSeed,
                        point);
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
