package stir.core.internal;

import java.util.Arrays;

/**
 * What is remembered of one input's way: the last pairs of a cotangent u and its pullback g = J'u,
 * scaled to ||g|| = 1. Each is a row of the input's Jacobian, {@code u'J = g'}, as it was at its
 * point. The dot products of all g are kept up to date, so that a new pair costs one row of them.
 * Pairs are numbered from 0 in no order; the oldest one gives its number to the next.
 */
final class SecantPairs {
    private final float[][] cotangents;
    private final float[][] gradients;
    private final double[] products;
    private final int capacity;
    private int count;
    private int newest;

    /**
     * Memory without a pair.
     *
     * @param capacity the most pairs that are remembered
     * @param width the size of a representation
     * @param size the size of an input
     */
    SecantPairs(int capacity, int width, int size) {
        this.capacity = capacity;
        this.products = new double[capacity * capacity];
        this.cotangents = new float[capacity][width];
        this.gradients = new float[capacity][size];
    }

    /** Forgets all pairs. */
    void clear() {
        count = 0;
        newest = capacity - 1;
    }

    /**
     * Remembers a pair, and forgets the oldest if there are too many. A pair without a direction (g
     * is zero or not finite) is not taken.
     *
     * @param cotangent u
     * @param gradient g
     */
    void add(float[] cotangent, float[] gradient) {
        float scale = (float) (1 / Math.sqrt(Vectors.dot(gradient, gradient)));
        if (!(scale > 0 && scale < Float.POSITIVE_INFINITY)) {
            return;
        }
        newest = (newest + 1) % capacity;
        count = Math.min(capacity, count + 1);
        copyScaled(cotangent, scale, cotangents[newest]);
        copyScaled(gradient, scale, gradients[newest]);
        for (int pair = 0; pair < count; pair++) {
            double product = Vectors.dot(gradients[pair], gradients[newest]);
            products[newest * capacity + pair] = product;
            products[pair * capacity + newest] = product;
        }
    }

    private static void copyScaled(float[] values, float scale, float[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = values[i] * scale;
        }
    }

    /** The number of pairs. */
    int count() {
        return count;
    }

    /** How many pairs were taken since this one. */
    int age(int pair) {
        return (newest - pair + capacity) % capacity;
    }

    /**
     * Copies the dot products of all g: row after row, as many values apart as pairs are remembered
     * at most.
     */
    void products(double[] into) {
        System.arraycopy(products, 0, into, 0, products.length);
    }

    /** The dot product of a pair's u with a representation. */
    double alongCotangent(int pair, float[] vector) {
        return Vectors.dot(cotangents[pair], vector);
    }

    /** Writes {@code sum_k coefficients[k] g_k}. */
    void combineGradients(double[] coefficients, float[] into) {
        Arrays.fill(into, 0);
        for (int pair = 0; pair < count; pair++) {
            Vectors.addMultiple((float) coefficients[pair], gradients[pair], into);
        }
    }

    /** Copies some pixels of a pair's g to a place in an array. */
    void gatherGradient(int pair, int[] pixels, int from, int to, float[] into, int at) {
        var gradient = gradients[pair];
        for (int i = from; i < to; i++) {
            into[at + i - from] = gradient[pixels[i]];
        }
    }
}
