package stir.core.inversion.optimizer.gaussnewton;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Rows of two units and two pixels. The ridge of a row is measured by the step that it asks for.
 */
class JacobianSketchTest {
    private static final double NEWEST = 0.1;
    private static final float[] TO_SEED = {0.5f, 0.25f};

    private final JacobianSketch sketch = new JacobianSketch(2, PyramidPreconditioner.identity(), 2, 2);

    private void add(int unit) {
        sketch.add(along(unit, 1), along(unit, 1), TO_SEED);
    }

    private static float[] along(int axis, float value) {
        var vector = new float[2];
        vector[axis] = value;
        return vector;
    }

    /** Returns the step for a residual. */
    private float[] step(float first, float second, double attraction) {
        float[] point = {0.5f, 0.5f};
        var limits = new Schedule.Limits(NEWEST, 0, Double.POSITIVE_INFINITY, attraction);
        sketch.move(new float[] {first, second}, limits, TO_SEED.clone(), point);
        return new float[] {point[0] - 0.5f, point[1] - 0.5f};
    }

    /** Returns the ridge of the only row along a unit: the step is {@code -r / (1 + ridge)}. */
    private double ridge(int unit) {
        return -0.1 / step(0.1f, 0.1f, 0)[unit] - 1;
    }

    @Test
    void aRowIsScaledToAGradientOfLengthOne() {
        sketch.add(along(0, 10), new float[] {3, 4}, TO_SEED);
        float length = (float) (-2 * 0.1 / (1 + NEWEST));
        assertArrayEquals(new float[] {0.6f * length, 0.8f * length}, step(0.1f, 0, 0), 1e-6f);
    }

    @Test
    void aRowWithoutADirectionIsNotRemembered() {
        sketch.add(along(0, 1), new float[2], TO_SEED);
        sketch.add(along(0, 1), new float[] {Float.NaN, 1}, TO_SEED);
        assertEquals(0, sketch.count());
    }

    @Test
    void aStepThatIsNotFiniteIsNotTaken() {
        add(0);
        assertArrayEquals(new float[2], step(Float.POSITIVE_INFINITY, 0, 0));
        assertArrayEquals(new float[2], step(Float.NaN, 0, 0));
    }

    /** Measures errors, and remembers no row. */
    private void compare(float[] move, float[] change) {
        sketch.compareAndAdd(move, change, along(0, 1), new float[2], TO_SEED);
    }

    @Test
    void theNewestRowReplacesTheOldest() {
        add(0);
        add(1);
        assertEquals(2 * NEWEST, ridge(0), 1e-5);
        assertEquals(NEWEST, ridge(1), 1e-5);
        sketch.add(along(1, 1), along(0, 1), TO_SEED);
        assertEquals(2, sketch.count());
        assertEquals(2 * NEWEST, ridge(1), 1e-5);
        assertArrayEquals(new float[2], step(0.1f, 0, 0), 1e-6f, "the first row is left");
    }

    /** An error of 0.4, 0.8 for 0.4, over a move of 0.5 is a noise variance of 0.4^2 / 0.5^2. */
    @Test
    void theRidgeGrowsWithTheErrors() {
        add(1);
        compare(new float[] {0.3f, 0.4f}, along(1, 0.4f));
        assertEquals(NEWEST, ridge(1), 1e-5, "its prediction was right");
        compare(new float[] {0.3f, 0.4f}, along(1, 0.8f));
        assertEquals(NEWEST + 0.64, ridge(1), 1e-5);
        compare(new float[2], along(1, 0.8f));
        assertEquals(NEWEST + 0.64, ridge(1), 1e-5, "it did not move");
        add(0);
        assertEquals(NEWEST, ridge(0), 1e-5, "a new row has no errors yet");
        assertEquals(2 * NEWEST + 0.64, ridge(1), 1e-5);
        sketch.clear();
        add(1);
        assertEquals(NEWEST, ridge(1), 1e-5);
    }

    /** Without a residual the step is {@code b - g g'b / (1 + ridge)} for b to the seed. */
    @Test
    void theProductWithTheDistanceFromTheSeedIsKept() {
        add(1);
        double share = NEWEST / (1 + NEWEST);
        assertEquals(0.25 * share, step(0, 0, 1)[1], 1e-6);
        compare(new float[] {0.3f, 0.4f}, along(1, 0.4f));
        assertEquals(0.25 - (0.25 - 0.4) / (1 + NEWEST), step(0, 0, 1)[1], 1e-6);
    }

    /** The errors of two rows of one cotangent are one error; a wrong row counts less. */
    @Test
    void thePredictionErrorIsThatOfAllRowsTogether() {
        sketch.add(along(0, 2), along(1, 1), TO_SEED);
        compare(along(1, 1), along(0, 0.5f));
        assertEquals(0, sketch.predictionError(), 1e-9, "2 * 0.5 is what 1 * 1 predicted");
        sketch.add(along(0, 2), along(1, 1), TO_SEED);
        compare(along(1, 0.5f), along(0, 0.5f));
        // Both were wrong by 0.5, which is 0.25 of the residual, over a move of 0.5.
        double noise = 1;
        double error = 0.25 * 2 / (2 * 4 + (Schedule.RIDGE + noise) * 4) / 0.25;
        assertEquals(error, sketch.predictionError(), 1e-6);
        compare(along(1, 0.5f), along(0, 0.25f));
        assertEquals(error / 2, sketch.predictionError(), 1e-6, "earlier moves count half");
        sketch.clear();
        assertEquals(0, sketch.predictionError());
    }

    /** The row that is replaced has an error, too, and the new one has none. */
    @Test
    void errorsAreMeasuredBeforeARowIsAdded() {
        var other = new JacobianSketch(2, PyramidPreconditioner.identity(), 2, 2);
        for (var each : new JacobianSketch[] {sketch, other}) {
            each.add(along(0, 1), new float[] {3, 4}, TO_SEED);
            each.add(along(1, 1), new float[] {1, 2}, TO_SEED);
        }
        float[] move = {0.3f, 0.1f};
        float[] change = {2, 0.5f};
        float[] gradient = {2, -1};
        sketch.compareAndAdd(move, change, along(0, 2), gradient, TO_SEED);
        other.compareAndAdd(move, change, along(0, 2), new float[2], TO_SEED);
        other.add(along(0, 2), gradient, TO_SEED);
        assertTrue(sketch.predictionError() > 1);
        assertEquals(other.predictionError(), sketch.predictionError());
        var limits = new Schedule.Limits(NEWEST, 0.1, Double.POSITIVE_INFINITY, 0.5);
        float[] point = {0.5f, 0.9f};
        float[] otherPoint = point.clone();
        sketch.move(new float[] {1, 2}, limits, TO_SEED.clone(), point);
        other.move(new float[] {1, 2}, limits, TO_SEED.clone(), otherPoint);
        assertArrayEquals(otherPoint, point);
    }
}
