package stir.core.inversion.optimizer.gaussnewton;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ProjectedLbfgsTest {
    /** The sum of {@code weights_i (x_i - centre_i)^2 / 2}, whose least point in a box is known. */
    private static final class Bowl {
        private final double[] weights;
        private final double[] centre;

        Bowl(double[] weights, double[] centre) {
            this.weights = weights;
            this.centre = centre;
        }

        double value(float[] point, float[] slope) {
            double sum = 0;
            for (int i = 0; i < point.length; i++) {
                double from = point[i] - centre[i];
                sum += weights[i] * from * from / 2;
                slope[i] = (float) (weights[i] * from);
            }
            return sum;
        }

        float[] least() {
            var point = new float[centre.length];
            for (int i = 0; i < point.length; i++) {
                point[i] = (float) Math.max(0, Math.min(1, centre[i]));
            }
            return point;
        }
    }

    /** Curvatures from 1 to 1000, and a centre that lies outside the box in half of the pixels. */
    private static Bowl narrow(int size) {
        var random = new Random(3);
        var weights =
                random.doubles(size).map(exponent -> Math.pow(1000, exponent)).toArray();
        return new Bowl(weights, random.doubles(size, -0.5, 1.5).toArray());
    }

    @Test
    void findsTheLeastPointInTheBox() {
        var bowl = narrow(40);
        var steps = new ProjectedLbfgs(40);
        var point = new float[40];
        var slope = new float[40];
        int passes = 0;
        do {
            passes++;
        } while (passes < 500 && steps.next(bowl.value(point, slope), point, slope));
        assertArrayEquals(bowl.least(), point, 1e-4f, passes + " passes");
    }

    @Test
    void aPixelThatIsNotInTheValueStays() {
        var bowl = new Bowl(new double[] {1, 30, 0}, new double[] {0.3, 0.6, 0.9});
        var steps = new ProjectedLbfgs(3);
        float[] point = {1, 0, 0.25f};
        var slope = new float[3];
        int passes = 0;
        while (passes < 50 && steps.next(bowl.value(point, slope), point, slope)) {
            passes++;
        }
        assertArrayEquals(new float[] {0.3f, 0.6f, 0.25f}, point, 1e-4f);
    }

    @Test
    void aStepWithoutAFallIsShortenedAndGivenUp() {
        var steps = new ProjectedLbfgs(2);
        float[] point = {0.5f, 0.5f};
        assertTrue(steps.next(0.1, point, new float[] {1, 0}));
        float far = Math.abs(point[0] - 0.5f);
        assertTrue(far > 0, "no step");
        assertTrue(steps.next(Double.NaN, point, new float[2]));
        assertEquals(far / 10, Math.abs(point[0] - 0.5f), 1e-6);
        int trials = 0;
        while (steps.next(Double.POSITIVE_INFINITY, point, new float[2])) {
            assertTrue(++trials < 100, "no end");
        }
    }

    @Test
    void endsWhereTheValueFallsOnlyOutsideTheBox() {
        var steps = new ProjectedLbfgs(2);
        float[] point = {0, 1};
        assertFalse(steps.next(1, point, new float[] {2, -3}));
        assertArrayEquals(new float[] {0, 1}, point);
    }
}
