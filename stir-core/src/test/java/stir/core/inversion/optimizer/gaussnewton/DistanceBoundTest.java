package stir.core.inversion.optimizer.gaussnewton;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.core.math.linalg.Vectors;
import stir.core.network.pass.Box;

class DistanceBoundTest {
    private static final float HALF = 0.5f;

    /** A linear map's bound at a point, whose passes are made here. */
    private static double bound(float[][] rows, float[] target, float[] seed, float[] invariant, double tolerance) {
        var bound = new DistanceBound(seed, invariant, rows.length, tolerance);
        var point = invariant.clone();
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
            bound.write(residual, cotangent);
            for (int unit = 0; unit < rows.length; unit++) {
                for (int i = 0; i < point.length; i++) {
                    gradient[i] += cotangent[unit] * rows[unit][i];
                }
            }
            if (!bound.next(gradient, point)) {
                assertArrayEquals(invariant, point, "the last pass was elsewhere");
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

    /** The units are three pixels, and the nearest point leaves the two others at the seed. */
    @Test
    void isTheDistanceToTheNearestPoint() {
        float[][] rows = {{2, 0, 0, 0, 0}, {0, 1, 0, 0, 0}, {0, 0, 3, 0, 0}};
        float[] target = {2 * 0.6f, 0.3f, 3 * 0.5f};
        float[] invariant = {0.6f, 0.3f, 0.5f, 0.9f, 0.1f};
        double least = Math.hypot(0.1, 0.2);
        assertEquals(least, bound(rows, target, grey(5), invariant, 0), 1e-3 * least);
    }

    /** With orthogonal units of length 1 the nearest point of the ball is the tolerance nearer. */
    @Test
    void theToleranceIsSubtracted() {
        float[][] rows = {{0.6f, 0.8f, 0}, {-0.8f, 0.6f, 0}};
        float[] invariant = {0.9f, HALF, 0.8f};
        float[] target = {0.6f * 0.9f + 0.8f * HALF, -0.8f * 0.9f + 0.6f * HALF};
        assertEquals(0.4 - 0.05, bound(rows, target, grey(3), invariant, 0.05), 1e-4);
        assertEquals(0, bound(rows, target, grey(3), invariant, 0.41));
    }

    /** One pixel stops at the box's bound, and the other three make up for it. */
    @Test
    void staysInsideTheBox() {
        float[][] rows = {{1, 1, 1, 1}};
        float[] seed = {0.9f, HALF, HALF, HALF};
        float[] invariant = {HALF, 1, 1, 0.9f};
        double least = Math.sqrt(0.1 * 0.1 + 3 * 0.3 * 0.3);
        assertEquals(least, bound(rows, new float[] {3.4f}, seed, invariant, 0), 1e-3);
    }

    /** The exact value comes from steps up the dual function, each with the ball's shrinking. */
    @ParameterizedTest
    @CsvSource({"3, 12, 0.999", "8, 12, 0.99", "30, 60, 0.9"})
    void isAsHighAsTheModelAllowsAndNoHigher(int units, int size, double share) {
        var random = new Random(units);
        int atTheBox = 0;
        for (int trial = 0; trial < 20; trial++) {
            var rows = new float[units][size];
            for (var row : rows) {
                for (int i = 0; i < size; i++) {
                    row[i] = (float) (random.nextGaussian() / Math.sqrt(size));
                }
            }
            float[] seed = inTheBox(random, size);
            float[] invariant = inTheBox(random, size);
            double tolerance = 0.1;
            var residual = new double[units];
            var target = new float[units];
            for (int unit = 0; unit < units; unit++) {
                residual[unit] = tolerance / Math.sqrt(units) * random.nextDouble();
                target[unit] = (float) (Vectors.dot(rows[unit], invariant) - residual[unit]);
            }
            double exact = exact(rows, residual, seed, invariant, tolerance);
            double least = bound(rows, target, seed, invariant, tolerance);
            assertTrue(least <= exact * 1.0001, least + " above " + exact);
            assertTrue(least >= exact * share, least + " far below " + exact);
            assertTrue(exact < Math.sqrt(Vectors.squaredDistance(seed, invariant)));
            for (float pixel : invariant) {
                atTheBox += pixel == 0 || pixel == 1 ? 1 : 0;
            }
        }
        assertTrue(atTheBox > 20);
    }

    private static float[] inTheBox(Random random, int size) {
        var point = new float[size];
        for (int i = 0; i < size; i++) {
            point[i] = Box.clamp(random.nextFloat() * 1.6f - 0.3f);
        }
        return point;
    }

    private static double exact(float[][] rows, double[] residual, float[] seed, float[] invariant, double tolerance) {
        var multipliers = new double[rows.length];
        double value = 0;
        for (int climb = 0; climb < 5_000; climb++) {
            var point = new double[seed.length];
            value = 0;
            for (int i = 0; i < seed.length; i++) {
                point[i] = seed[i];
                for (int unit = 0; unit < rows.length; unit++) {
                    point[i] -= multipliers[unit] * rows[unit][i];
                }
                point[i] = Math.max(0, Math.min(1, point[i]));
                value += (point[i] - seed[i]) * (point[i] - seed[i]) / 2;
            }
            double squares = 0;
            double before = 0;
            var ahead = new double[rows.length];
            for (int unit = 0; unit < rows.length; unit++) {
                double left = residual[unit];
                for (int i = 0; i < seed.length; i++) {
                    left += rows[unit][i] * (point[i] - invariant[i]);
                }
                value += multipliers[unit] * left;
                before += multipliers[unit] * multipliers[unit];
                ahead[unit] = multipliers[unit] + 0.1 * left;
                squares += ahead[unit] * ahead[unit];
            }
            value -= tolerance * Math.sqrt(before);
            double shrunk = Math.max(0, 1 - 0.1 * tolerance / Math.sqrt(squares));
            for (int unit = 0; unit < rows.length; unit++) {
                multipliers[unit] = shrunk * ahead[unit];
            }
        }
        return Math.sqrt(2 * value);
    }

    /** The first pass measures the weak unit alone, in which the seed is within the tolerance. */
    @Test
    void aWeakUnitDoesNotHideAStrongOne() {
        float[][] rows = {{1, 0}, {0, 1e-3f}};
        float[] invariant = {0.9f, 0.8f};
        double least = bound(rows, new float[] {0.9f, 0.79e-3f}, grey(2), invariant, 0.005);
        assertEquals(0.395, least, 1e-3);
    }

    @Test
    void isZeroWhereTheSeedIsTheInput() {
        assertEquals(0, bound(new float[][] {{1, 2}}, new float[] {1.5f}, grey(2), grey(2), 0));
    }

    @Test
    void isZeroWithoutAGradientAndUnknownWithNaN() {
        float[][] rows = {{0, 0}};
        assertEquals(0, bound(rows, new float[] {1}, grey(2), new float[] {1, 1}, 0.1));
        float[][] broken = {{Float.NaN, 0}};
        double unknown = bound(broken, new float[] {1}, grey(2), new float[] {1, 1}, 0.1);
        assertTrue(Double.isNaN(unknown), "known: " + unknown);
    }
}
