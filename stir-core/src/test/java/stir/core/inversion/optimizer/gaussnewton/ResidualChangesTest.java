package stir.core.inversion.optimizer.gaussnewton;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import stir.core.math.linalg.Vectors;

class ResidualChangesTest {
    private static final int WIDTH = 6;
    private static final float CLOSE = 1e-5f;

    private final Random random = new Random(3);

    private float[] normal() {
        var values = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] cotangent(ResidualChanges changes, float... residual) {
        var cotangent = new float[residual.length];
        changes.write(residual, cotangent);
        return cotangent;
    }

    @Test
    void theFirstResidualIsItsOwnCotangent() {
        var residual = normal();
        assertArrayEquals(residual, cotangent(new ResidualChanges(4, 1, WIDTH), residual));
    }

    @Test
    void aResidualIsDampedAlongAChangeOfAnyLengthAlone() {
        for (float length : new float[] {1e-3f, 1, 500}) {
            var changes = new ResidualChanges(4, 0.5, 3);
            cotangent(changes, 8 + length, 3, -2);
            // 8 / (1 + 1 / d)
            assertArrayEquals(new float[] {8f / 3, 3, -2}, cotangent(changes, 8, 3, -2), 1e-3f);
        }
    }

    /** {@code (I + D'D / d) u = r} by Woodbury's identity. */
    @Test
    void solvesTheSystemOfTheLastChanges() {
        int capacity = 3;
        var changes = new ResidualChanges(capacity, 0.7, WIDTH);
        var residuals = new float[8][];
        var cotangent = new float[WIDTH];
        for (int i = 0; i < residuals.length; i++) {
            residuals[i] = normal();
            cotangent = cotangent(changes, residuals[i]);
        }
        var sum = cotangent.clone();
        for (int i = residuals.length - capacity; i < residuals.length; i++) {
            var change = residuals[i].clone();
            Vectors.addMultiple(-1, residuals[i - 1], change);
            Vectors.scale(change, (float) (1 / Math.sqrt(Vectors.dot(change, change))));
            Vectors.addMultiple(Vectors.dot(change, cotangent) / 0.7f, change, sum);
        }
        assertArrayEquals(residuals[residuals.length - 1], sum, CLOSE);
    }

    @Test
    void aResidualThatStaysOrIsNotFiniteIsNotAChange() {
        var changes = new ResidualChanges(2, 1, 3);
        cotangent(changes, 1, 2, 3);
        var once = cotangent(changes, 2, 2, 3);
        assertArrayEquals(once, cotangent(changes, 2, 2, 3), CLOSE);
        cotangent(changes, Float.NaN, 2, 3);
        cotangent(changes, 2, 2, 3);
        assertArrayEquals(once, cotangent(changes, 2, 2, 3), CLOSE);
    }

    @Test
    void nothingIsKeptAcrossAClear() {
        var changes = new ResidualChanges(2, 1, WIDTH);
        cotangent(changes, normal());
        cotangent(changes, normal());
        changes.clear();
        var residual = normal();
        assertArrayEquals(residual, cotangent(changes, residual));
    }

    @Test
    void aUnitThatIsOffInBothInputsStaysOff() {
        var changes = new ResidualChanges(2, 1, 3);
        cotangent(changes, 1, 1, 1);
        var cotangent = cotangent(changes, 2, 0, 3);
        assertEquals(0, cotangent[1]);
        assertTrue(cotangent[0] != 2, "damped");
    }
}
