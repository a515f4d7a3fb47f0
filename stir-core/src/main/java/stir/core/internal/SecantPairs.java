package stir.core.internal;

import java.util.Arrays;

/**
 * What is remembered of one input's way: the last pairs of a cotangent u and its pullback g = J'u,
 * scaled to ||g|| = 1. Each is a row of the input's Jacobian, {@code u'J = g'}, as it was at its
 * point. The dot products of all g are kept up to date, so that a new pair costs one row of them.
 * Pairs are numbered from 0 in no order; the oldest one gives its number to the next.
 */
final class SecantPairs {
    /** The most pairs that are remembered. */
    static final int CAPACITY = 10;

    private final int width;
    private final int size;
    private final float[] cotangents;
    private final float[] gradients;
    private final double[] products = new double[CAPACITY * CAPACITY];
    private int count;
    private int newest;

    /**
     * Memory without a pair.
     *
     * @param width the size of a representation
     * @param size the size of an input
     */
    SecantPairs(int width, int size) {
        this.width = width;
        this.size = size;
        this.cotangents = new float[CAPACITY * width];
        this.gradients = new float[CAPACITY * size];
    }

    /** Forgets all pairs. */
    void clear() {
        count = 0;
        newest = CAPACITY - 1;
    }

    /**
     * Remembers a pair, and forgets the oldest if there are too many. A pair without a direction (g
     * is zero or not finite) is not taken.
     *
     * @param cotangent where u begins at {@code at}
     * @param gradient g
     */
    void add(float[] cotangent, int at, float[] gradient) {
        double length = Math.sqrt(Vectors.dot(gradient, 0, gradient, 0, size));
        if (!(length > 0 && length < Double.POSITIVE_INFINITY)) {
            return;
        }
        newest = (newest + 1) % CAPACITY;
        count = Math.min(CAPACITY, count + 1);
        for (int i = 0; i < width; i++) {
            cotangents[newest * width + i] = (float) (cotangent[at + i] / length);
        }
        float scale = (float) (1 / length);
        int row = newest * size;
        for (int i = 0; i < size; i++) {
            gradients[row + i] = gradient[i] * scale;
        }
        for (int pair = 0; pair < count; pair++) {
            double product = Vectors.dot(gradients, pair * size, gradients, row, size);
            products[newest * CAPACITY + pair] = product;
            products[pair * CAPACITY + newest] = product;
        }
    }

    /** The number of pairs. */
    int count() {
        return count;
    }

    /** How many pairs were taken since this one. */
    int age(int pair) {
        return (newest - pair + CAPACITY) % CAPACITY;
    }

    /** Copies the dot products of all g: row after row, {@link #CAPACITY} values apart. */
    void products(double[] into) {
        System.arraycopy(products, 0, into, 0, products.length);
    }

    /** The dot product of a pair's u with what begins at {@code at}. */
    double alongCotangent(int pair, float[] vector, int at) {
        return Vectors.dot(cotangents, pair * width, vector, at, width);
    }

    /** Writes {@code sum_k coefficients[k] g_k}. */
    void combineGradients(double[] coefficients, float[] into) {
        Arrays.fill(into, 0);
        for (int pair = 0; pair < count; pair++) {
            Vectors.addMultiple((float) coefficients[pair], gradients, pair * size, into, 0, size);
        }
    }

    /** Copies some pixels of a pair's g to a place in an array. */
    void gatherGradient(int pair, int[] pixels, int from, int to, float[] into, int at) {
        int row = pair * size;
        for (int i = from; i < to; i++) {
            into[at + i - from] = gradients[row + pixels[i]];
        }
    }
}
