package stir.core.inversion.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Random;

class BoxStepTest {
    private static final int SIZE = 40;
    private static final int PAIRS = 5;
    private static final double RIDGE = 1e-6;

    /** Most pixels lie on the box's border, and the wish takes many out of it. */
    @Test
    void pixelsThatStopAtTheBoxAreMadeUpForByTheOthers() {
        var random = new Random(4);
        int met = 0;
        for (int trial = 0; trial < 200; trial++) {
            var pairs =
                    new SecantPairs(
                            new SecantMemory(PAIRS, 1.5),
                            PixelMetric.identity(),
                            new float[SIZE],
                            PAIRS);
            var way = normal(random, SIZE);
            for (int pair = 0; pair < PAIRS; pair++) {
                var unit = new float[PAIRS];
                unit[pair] = 1;
                pairs.add(unit, normal(random, SIZE), way);
            }
            var point = new float[SIZE];
            for (int i = 0; i < SIZE; i++) {
                point[i] = Math.min(1, Math.max(0, 2 * random.nextFloat() - 0.5f));
            }
            var before = point.clone();
            var residual = normal(random, PAIRS);
            new BoxStep(PAIRS, SIZE, false).move(pairs, residual, RIDGE, 0, 100, 0.2, way, point);
            var step = new float[SIZE];
            for (int i = 0; i < SIZE; i++) {
                assertTrue(point[i] >= 0 && point[i] <= 1, "left the box");
                step[i] = point[i] - before[i];
            }
            double left = 0;
            for (int pair = 0; pair < PAIRS; pair++) {
                left +=
                        Math.abs(
                                pairs.alongCotangent(pair, residual)
                                        + pairs.alongGradient(pair, step));
            }
            met += left < 0.01 ? 1 : 0;
        }
        assertTrue(met > 150, "the others made up for those that stopped in " + met + " of 200");
    }

    /** What the wish asks along the rows that are known is made up for. */
    @Test
    void theWishIsFollowedWhereThePairsLeaveItFree() {
        var pairs =
                new SecantPairs(new SecantMemory(1, 1.5), PixelMetric.identity(), new float[2], 1);
        float[] way = {0.4f, 0.6f};
        pairs.add(new float[] {1}, new float[] {3, 0}, way);
        float[] point = {0.5f, 0.5f};
        new BoxStep(1, 2, false).move(pairs, new float[1], RIDGE, 0, 1, 0.5, way, point);
        assertEquals(0.5, point[0], 1e-5);
        assertEquals(0.8, point[1], 1e-5);
    }

    /** {@code (r + J dx)^2 + d dx^2} is least at {@code -J r / (J^2 + d)}. */
    @Test
    void theStepIsDampedInTheResidualsUnits() {
        var pairs =
                new SecantPairs(new SecantMemory(1, 1.5), PixelMetric.identity(), new float[2], 1);
        float[] way = new float[2];
        pairs.add(new float[] {1}, new float[] {2, 0}, way);
        float[] point = {0.5f, 0.5f};
        new BoxStep(1, 2, false).move(pairs, new float[] {0.5f}, RIDGE, 4, 1, 1, way, point);
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
