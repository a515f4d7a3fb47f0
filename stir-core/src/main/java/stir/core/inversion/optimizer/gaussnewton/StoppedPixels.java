package stir.core.inversion.optimizer.gaussnewton;

import stir.core.math.linalg.Cholesky;
import stir.core.math.linalg.Vectors;
import stir.core.network.pass.Box;

import java.util.Arrays;

/**
 * The pixels of one input that stop at the box in a round of a step's active set, and their part of
 * the products of the rows. Few pixels change from step to step, so that the products are updated.
 * Not thread-safe.
 */
final class StoppedPixels {
    private final Cholesky system;
    private final boolean[] stops;
    private final float[] excess;
    private final double[] products;
    private final double[] values;
    private final int[] changed;
    private final float[][] scratch;
    private int pixels;

    /**
     * Creates an empty set.
     *
     * @param system the layout of the products
     * @param capacity the most rows
     * @param size the values of an input
     * @param scratch memory of that many rows of that size
     */
    StoppedPixels(Cholesky system, int capacity, int size, float[][] scratch) {
        this.system = system;
        this.stops = new boolean[size];
        this.excess = new float[size];
        this.products = new double[capacity * capacity];
        this.values = new double[capacity];
        this.changed = new int[size];
        this.scratch = scratch;
    }

    /** Returns how many values are held, in floats, without the scratch memory. */
    static long values(int capacity, int size) {
        return 3L * size + 2L * capacity * capacity;
    }

    /** Computes the newest row's products with all rows. */
    void add(float[][] gradients, int count, int newest) {
        for (int i = 0; i < stops.length; i++) {
            scratch[0][i] = stops[i] ? gradients[newest][i] : 0;
        }
        Vectors.dots(gradients, count, scratch[0], values);
        for (int other = 0; other < count; other++) {
            products[system.entry(newest, other)] = values[other];
        }
    }

    /**
     * Replaces the set by the pixels that a step would take out of the box.
     *
     * @param wish b, the part of the step that does not come from rows
     */
    void update(float[] point, float[] step, float[] wish, float[][] gradients, int count) {
        int entered = 0;
        int left = changed.length; // stored from the end
        for (int i = 0; i < stops.length; i++) {
            float reached = point[i] + step[i];
            boolean stopped = reached < 0 || reached > 1;
            if (stopped != stops[i]) {
                changed[stopped ? entered++ : --left] = i;
                stops[i] = stopped;
            }
            excess[i] = stopped ? Box.clamp(reached) - point[i] - wish[i] : 0;
        }
        int gone = changed.length - left;
        pixels += entered - gone;
        for (int row = 0; row < count; row++) {
            var gathered = scratch[row];
            gather(gradients[row], 0, entered, gathered);
            gather(gradients[row], left, changed.length, gathered);
            for (int other = 0; other <= row; other++) {
                var with = scratch[other];
                float in = Vectors.dot(gathered, 0, with, 0, entered);
                float out = Vectors.dot(gathered, left, with, left, gone);
                products[system.entry(row, other)] += in - out;
            }
        }
    }

    private void gather(float[] gradient, int from, int to, float[] into) {
        for (int i = from; i < to; i++) {
            into[i] = gradient[changed[i]];
        }
    }

    /** Returns whether no pixel stops. */
    boolean isEmpty() {
        return pixels == 0;
    }

    /** Returns whether the same pixels stop as in another round. */
    boolean hasPixelsOf(StoppedPixels other) {
        return Arrays.equals(stops, other.stops);
    }

    /** Returns the product of two rows over the set. */
    double product(int row, int other) {
        return products[system.entry(row, other)];
    }

    /** Subtracts, per row, what the pixels that stop contribute beyond b. */
    void subtractExcess(float[][] gradients, int count, double[] from) {
        Vectors.dots(gradients, count, excess, values);
        for (int row = 0; row < count; row++) {
            from[row] -= values[row];
        }
    }
}
