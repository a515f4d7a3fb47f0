package stir.core.inversion.optimizer.gaussnewton;

import java.util.Arrays;
import stir.core.math.linalg.Cholesky;
import stir.core.math.linalg.Vectors;
import stir.core.network.pass.Box;

/**
 * The pixels of one input that stop at the box in a round of a step's active set, and their part of
 * the products of the rows. Few pixels change from step to step, so that the products are updated.
 * Not thread-safe.
 */
final class StoppedPixels {
    private final Cholesky system;
    private final float[] stops; // 1, or 0
    private final float[] excess;
    private final double[] products;
    private final double[] values;
    private final int[] changed;
    private final float[][] scratch;
    private final float[] factors;
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
        this.stops = new float[size];
        this.excess = new float[size];
        this.products = new double[capacity * capacity];
        this.values = new double[capacity];
        this.changed = new int[size];
        this.scratch = scratch;
        this.factors = new float[size];
    }

    /** Returns how many values are held, in floats, without the scratch memory. */
    static long values(int capacity, int size) {
        return 4L * size + 2L * capacity * capacity;
    }

    /** Returns what {@link #mask} writes; an update overwrites it. */
    float[] masked() {
        return factors;
    }

    /** Writes a row with 0 at the pixels that move. */
    void mask(float[] row) {
        for (int i = 0; i < factors.length; i++) {
            factors[i] = stops[i] * row[i];
        }
    }

    /** Sets the products of the newest row with the others and itself. */
    void add(int newest, int count, double[] productsOfRow) {
        for (int other = 0; other < count; other++) {
            products[system.entry(newest, other)] = productsOfRow[other];
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
            float stopped = reached < 0 || reached > 1 ? 1 : 0;
            if (stopped != stops[i]) {
                changed[stopped > 0 ? entered++ : --left] = i;
                stops[i] = stopped;
            }
            excess[i] = stopped > 0 ? Box.clamp(reached) - point[i] - wish[i] : 0;
        }
        int gone = changed.length - left;
        System.arraycopy(changed, left, changed, entered, gone);
        pixels += entered - gone;
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < entered + gone; i++) {
                scratch[row][i] = gradients[row][changed[i]];
            }
        }
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < entered + gone; i++) {
                factors[i] = i < entered ? scratch[row][i] : -scratch[row][i];
            }
            Vectors.dots(scratch, row + 1, factors, entered + gone, values);
            for (int other = 0; other <= row; other++) {
                products[system.entry(row, other)] += values[other];
            }
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
