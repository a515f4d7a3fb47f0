package stir.core.inversion.rule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class LeastWayTest {
    private static final float HALF = 0.5f;

    /** A linear map's bound at a point, whose passes are made here. */
    private static double bound(
            float[][] rows, float[] target, float[] seed, float[] found, double tolerance) {
        var bound = new LeastWay(seed, found, rows.length, tolerance);
        var point = found.clone();
        var cotangent = new float[rows.length];
        for (int pass = 0; pass < 100; pass++) {
            var gradient = new float[seed.length];
            var residual = new float[rows.length];
            for (int unit = 0; unit < rows.length; unit++) {
                residual[unit] = -target[unit];
                for (int i = 0; i < point.length; i++) {
                    residual[unit] += rows[unit][i] * point[i];
                }
            }
            bound.write(residual, 0, cotangent);
            for (int unit = 0; unit < rows.length; unit++) {
                for (int i = 0; i < point.length; i++) {
                    gradient[i] += cotangent[unit] * rows[unit][i];
                }
            }
            if (!bound.next(gradient, point)) {
                assertArrayEquals(found, point, "the last pass was elsewhere");
                return bound.bound();
            }
        }
        throw new AssertionError("no end");
    }

    private static float[] grey(int size) {
        var grey = new float[size];
        Arrays.fill(grey, HALF);
        return grey;
    }

    /** The units are three pixels, and two others are free: the nearest point leaves them alone. */
    @Test
    void isTheDistanceToTheNearestPoint() {
        float[][] rows = {{2, 0, 0, 0, 0}, {0, 1, 0, 0, 0}, {0, 0, 3, 0, 0}};
        float[] target = {2 * 0.6f, 0.3f, 3 * 0.5f};
        float[] found = {0.6f, 0.3f, 0.5f, 0.9f, 0.1f};
        double least = Math.hypot(0.1, 0.2);
        assertEquals(least, bound(rows, target, grey(5), found, 0), 1e-3 * least);
    }

    /** With orthogonal units of length 1 the nearest point of the ball is the tolerance nearer. */
    @Test
    void theToleranceIsTakenOff() {
        float[][] rows = {{0.6f, 0.8f, 0}, {-0.8f, 0.6f, 0}};
        float[] found = {0.9f, HALF, 0.8f};
        float[] target = {0.6f * 0.9f + 0.8f * HALF, -0.8f * 0.9f + 0.6f * HALF};
        assertEquals(0.4 - 0.05, bound(rows, target, grey(3), found, 0.05), 1e-4);
        assertEquals(0, bound(rows, target, grey(3), found, 0.41));
    }

    /** One pixel stops at the box's bound, and the other three make up for it. */
    @Test
    void staysInsideTheBox() {
        float[][] rows = {{1, 1, 1, 1}};
        float[] seed = {0.9f, HALF, HALF, HALF};
        float[] found = {HALF, 1, 1, 0.9f};
        double least = Math.sqrt(0.1 * 0.1 + 3 * 0.3 * 0.3);
        assertEquals(least, bound(rows, new float[] {3.4f}, seed, found, 0), 1e-3);
    }

    @Test
    void whereNoGradientLeadsAnywhereNothingIsKnown() {
        float[][] rows = {{0, 0}};
        assertEquals(0, bound(rows, new float[] {1}, grey(2), new float[] {1, 1}, 0.1));
        float[][] broken = {{Float.NaN, 0}};
        assertTrue(bound(broken, new float[] {1}, grey(2), new float[] {1, 1}, 0.1) == 0);
    }
}
