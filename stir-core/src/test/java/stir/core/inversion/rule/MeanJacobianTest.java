package stir.core.inversion.rule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import stir.core.linalg.DenseMatrix;

class MeanJacobianTest {
    /** Two directions of a representation of two units. */
    private static final DenseMatrix DIRECTIONS = DenseMatrix.of(2, 2, 0.6, 0.8, -0.8, 0.6);

    private static final DenseMatrix ROWS = DenseMatrix.of(2, 3, 0, 2, 0, 0, 0, 0.5);

    @Test
    void theRidgeIsTheSquaredErrorOfTheMeanElsewhere() {
        // cosines: 0.6 at both points; 1 at one point and 0 at the other
        var elsewhere = DenseMatrix.of(4, 3, 0.8, 0.6, 0, 0, 0, 3, 0, 0.6, 0.8, 0, 3, 0);
        var mean = MeanJacobian.of(DIRECTIONS, ROWS, elsewhere);
        assertEquals(2, mean.count());
        assertEquals(0.02 * (1 / 0.36 - 1), mean.ridge(0), 1e-12);
        assertEquals(0.02 * (1 / 0.25 - 1), mean.ridge(1), 1e-12);
        assertArrayEquals(new float[] {0.3f, 0.4f}, mean.cotangent(0), 1e-6f);
        assertArrayEquals(new float[] {0, 1, 0}, mean.gradient(0), 1e-6f);
        assertArrayEquals(new float[] {-1.6f, 1.2f}, mean.cotangent(1), 1e-6f);
        assertArrayEquals(new float[] {0, 0, 1}, mean.gradient(1), 1e-6f);
    }

    @Test
    void aRowThatForetellsNothingIsLeftOut() {
        var elsewhere = DenseMatrix.of(2, 3, 0, -1, 0, 0.1, 0, 1);
        var mean = MeanJacobian.of(DIRECTIONS, ROWS, elsewhere);
        assertEquals(1, mean.count());
        assertArrayEquals(new float[] {0, 0, 1}, mean.gradient(0), 1e-6f);
    }

    @Test
    void aFlatNetworkTellsNothing() {
        var nothing = DenseMatrix.zeros(2, 3);
        assertEquals(0, MeanJacobian.of(DIRECTIONS, nothing, nothing).count());
    }
}
