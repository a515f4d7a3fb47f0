package stir.core.inversion.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SecantPairsTest {
    private static final double NEWEST = 0.1;
    private static final float[] WAY = {0.5f, 0.25f};

    private final Misfit misfit = new Misfit(2);
    private final SecantPairs pairs =
            new SecantPairs(new SecantMemory(2, 1.5), PixelMetric.identity(), new float[2], 1);

    @Test
    void aPairIsScaledToAGradientOfLengthOne() {
        pairs.add(new float[] {10}, new float[] {3, 4}, WAY);
        assertEquals(1, pairs.product(0, 0), 1e-6);
        assertEquals(4, pairs.overlap(0, 0), 1e-6);
        assertEquals(2 * 0.5, pairs.alongCotangent(0, new float[] {0.5f}), 1e-6);
        assertEquals(0.8, pairs.alongGradient(0, new float[] {0, 1}), 1e-6);
    }

    @Test
    void aPairWithoutADirectionIsNotTaken() {
        pairs.add(new float[] {1}, new float[2], WAY);
        pairs.add(new float[] {1}, new float[] {Float.NaN, 1}, WAY);
        assertEquals(0, pairs.count());
    }

    @Test
    void theOldestGivesWay() {
        for (int pair = 1; pair <= 3; pair++) {
            pairs.add(new float[] {pair}, new float[] {1, 0}, WAY);
        }
        assertEquals(2, pairs.count());
        assertEquals(3 * 3, pairs.overlap(0, 0), 1e-5);
        assertEquals(2 * 3, pairs.overlap(0, 1), 1e-5);
        assertEquals(NEWEST, pairs.ridge(0, NEWEST));
        assertEquals(1.5 * NEWEST, pairs.ridge(1, NEWEST), 1e-12);
    }

    /** A row that foretold 0.4 where 0.8 came, over a way of 0.5, is doubted by 0.4^2 / 0.5^2. */
    @Test
    void whatForetoldWronglyIsDampedByIt() {
        pairs.add(new float[] {1}, new float[] {0, 1}, WAY);
        pairs.compare(new float[] {0.3f, 0.4f}, new float[] {0.4f}, misfit);
        assertEquals(NEWEST, pairs.ridge(0, NEWEST), 1e-9, "it foretold well");
        pairs.compare(new float[] {0.3f, 0.4f}, new float[] {0.8f}, misfit);
        assertEquals(NEWEST + 0.64, pairs.ridge(0, NEWEST), 1e-6);
        pairs.compare(new float[2], new float[] {0.8f}, misfit);
        assertEquals(NEWEST + 0.64, pairs.ridge(0, NEWEST), 1e-6, "it did not move");
        pairs.add(new float[] {1}, new float[] {0, 1}, WAY);
        assertEquals(NEWEST, pairs.ridge(1, NEWEST), "a new pair foretold nothing yet");
        assertEquals(1.5 * NEWEST + 0.64, pairs.ridge(0, NEWEST), 1e-6);
        pairs.clear();
        pairs.add(new float[] {1}, new float[] {0, 1}, WAY);
        assertEquals(NEWEST, pairs.ridge(0, NEWEST));
    }

    @Test
    void theWayBackIsFollowed() {
        pairs.add(new float[] {1}, new float[] {0, 2}, WAY);
        assertEquals(0.25, pairs.alongWay(0), 1e-6);
        pairs.compare(new float[] {0.3f, 0.4f}, new float[] {0.4f}, misfit);
        assertEquals(0.25 - 0.4, pairs.alongWay(0), 1e-6);
    }

    /**
     * The errors of two pairs of one cotangent are one error; a pair that was wrong counts less.
     */
    @Test
    void theMisfitIsWhatAllOfThemForetoldWrongly() {
        pairs.add(new float[] {2}, new float[] {0, 1}, WAY);
        pairs.compare(new float[] {0, 1}, new float[] {0.5f}, misfit);
        assertEquals(0, pairs.misfit(), 1e-9, "2 * 0.5 is what 1 * 1 foretold");
        pairs.add(new float[] {2}, new float[] {0, 1}, WAY);
        pairs.compare(new float[] {0, 0.5f}, new float[] {0.5f}, misfit);
        // Both were wrong by 0.5, which is 0.25 of the residual, over a way of 0.5.
        double doubt = 1;
        assertEquals(doubt, pairs.doubt(0), 1e-6);
        double found = 0.25 * 2 / (2 * 4 + (0.01 + doubt) * 4) / 0.25;
        assertEquals(found, pairs.misfit(), 1e-6);
        pairs.compare(new float[] {0, 0.5f}, new float[] {0.25f}, misfit);
        assertEquals(found / 2, pairs.misfit(), 1e-6, "of the moves before half is left");
        pairs.clear();
        assertEquals(0, pairs.misfit());
    }
}
