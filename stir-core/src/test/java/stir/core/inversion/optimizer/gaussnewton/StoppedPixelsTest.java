package stir.core.inversion.optimizer.gaussnewton;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import stir.core.math.linalg.Cholesky;
import stir.core.math.linalg.Vectors;

class StoppedPixelsTest {
    private static final int ROWS = 7;
    private static final int SIZE = 60;

    private final Random random = new Random(3);
    private final float[][] gradients = new float[ROWS][SIZE];
    private final float[] point = new float[SIZE];
    private final float[] step = new float[SIZE];
    private final float[] wish = new float[SIZE];

    private static StoppedPixels empty() {
        return new StoppedPixels(new Cholesky(ROWS), ROWS, SIZE, new float[ROWS][SIZE]);
    }

    private void fill(float[] values, float from, float to) {
        for (int i = 0; i < values.length; i++) {
            values[i] = from + (to - from) * random.nextFloat();
        }
    }

    private boolean stops(int pixel) {
        float reached = point[pixel] + step[pixel];
        return reached < 0 || reached > 1;
    }

    private void add(StoppedPixels stopped, int newest, int count) {
        var products = new double[ROWS];
        stopped.mask(gradients[newest]);
        Vectors.dots(gradients, count, stopped.masked(), products);
        stopped.add(newest, count, products);
    }

    private void checkProducts(StoppedPixels stopped, int count) {
        for (int row = 0; row < count; row++) {
            for (int other = 0; other <= row; other++) {
                double expected = 0;
                for (int i = 0; i < SIZE; i++) {
                    expected += stops(i) ? (double) gradients[row][i] * gradients[other][i] : 0;
                }
                assertEquals(expected, stopped.product(row, other), 1e-4);
            }
        }
    }

    @Test
    void productsStayThoseOfTheSetWhileRowsAndPixelsChange() {
        var stopped = empty();
        for (int i = 0; i < 200; i++) {
            int newest = i % ROWS;
            int count = Math.min(i + 1, ROWS);
            fill(gradients[newest], -1, 1);
            add(stopped, newest, count);
            fill(point, 0, 1);
            fill(step, -1, 1);
            stopped.update(point, step, wish, gradients, count);
            checkProducts(stopped, count);
        }
    }

    @Test
    void subtractsWhatGoesBeyondTheWish() {
        var stopped = empty();
        fill(gradients[0], -1, 1);
        add(stopped, 0, 1);
        fill(point, 0, 1);
        fill(step, -1, 1);
        fill(wish, -0.1f, 0.1f);
        stopped.update(point, step, wish, gradients, 1);
        double expected = 0;
        for (int i = 0; i < SIZE; i++) {
            float end = point[i] + step[i] < 0 ? 0 : 1;
            expected -= stops(i) ? gradients[0][i] * (end - point[i] - wish[i]) : 0;
        }
        var values = new double[ROWS];
        stopped.subtractExcess(gradients, 1, values);
        assertTrue(expected != 0);
        assertArrayEquals(new double[] {expected}, new double[] {values[0]}, 1e-5);
    }

    @Test
    void comparesPixelsWithAnotherRound() {
        var first = empty();
        var second = empty();
        fill(step, 2, 3);
        assertTrue(first.isEmpty());
        first.update(point, step, wish, gradients, 0);
        assertFalse(first.isEmpty());
        assertFalse(first.hasPixelsOf(second));
        second.update(point, step, wish, gradients, 0);
        assertTrue(first.hasPixelsOf(second));
        fill(step, 0, 0);
        first.update(point, step, wish, gradients, 0);
        assertTrue(first.isEmpty());
    }
}
