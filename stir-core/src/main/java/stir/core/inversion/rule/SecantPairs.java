package stir.core.inversion.rule;

import stir.core.linalg.Vectors;

import java.util.Arrays;

/**
 * What is known of one input's Jacobian: pairs of a cotangent u and its pullback g = J'u, scaled to
 * g'P g = 1 in a metric P of the pixels. Each is a row, {@code u'J = g'}, of the last points of the
 * input's way, as it was there. What a row is worth is measured: after each move dx, by which the
 * residual changed by dr, {@code u'dr - g'dx} is what it foretold wrongly, and the squares of that,
 * over those of the way, add up to its doubt. What all of them together foretold wrongly is their
 * {@link #misfit}.
 *
 * <p>The products g'P g and u'u of all, and those of each g with the way back to the seed, are kept
 * up to date, so that a new pair costs one row of them. Pairs are numbered from 0, in no order; the
 * oldest one gives its number to the next.
 */
final class SecantPairs {
    private final float[][] cotangents;
    private final float[][] gradients;
    private final double[] products;
    private final double[] overlaps;
    private final double[] doubts;
    private final double[] errors;
    private final double[] alongWays;
    private final double[] along;
    private final int capacity;
    private final double ageing;
    private final PixelMetric metric;
    private final float[] direction;
    private int count;
    private int newest;
    private double misfit;

    /**
     * Knows nothing.
     *
     * @param memory how much is remembered
     * @param metric P
     * @param scratch of the size of an input, which others of the thread may use, too
     * @param width the size of a representation
     */
    SecantPairs(SecantMemory memory, PixelMetric metric, float[] scratch, int width) {
        this.capacity = memory.pairs();
        this.ageing = memory.ageing();
        this.metric = metric;
        this.direction = scratch;
        this.products = new double[capacity * capacity];
        this.overlaps = new double[capacity * capacity];
        this.doubts = new double[capacity];
        this.errors = new double[capacity];
        this.alongWays = new double[capacity];
        this.along = new double[capacity];
        this.cotangents = new float[capacity][width];
        this.gradients = new float[capacity][scratch.length];
        clear();
    }

    /** Forgets the way. */
    void clear() {
        count = 0;
        newest = capacity - 1;
        misfit = 0;
    }

    /**
     * Moves the point, and measures what the pairs foretold.
     *
     * @param move dx, of the pixels
     * @param change dr, of the residual
     * @param scratch for as many pairs
     */
    void compare(float[] move, float[] change, Misfit scratch) {
        double way = Vectors.dot(move, move);
        if (!(way > 0)) {
            return;
        }
        Vectors.dots(gradients, count, move, along);
        for (int pair = 0; pair < count; pair++) {
            alongWays[pair] -= along[pair];
            errors[pair] = alongCotangent(pair, change) - along[pair];
            doubts[pair] += errors[pair] * errors[pair] / way;
        }
        double found = scratch.of(this, errors) / way;
        misfit = misfit > 0 ? (misfit + found) / 2 : found;
    }

    /**
     * Remembers a pair, and forgets the oldest if there are too many. A pair without a direction (g
     * is zero or not finite) is not taken.
     *
     * @param cotangent u
     * @param gradient g
     * @param way s - x, back to the seed
     */
    void add(float[] cotangent, float[] gradient, float[] way) {
        System.arraycopy(gradient, 0, direction, 0, gradient.length);
        metric.apply(direction);
        float scale = (float) (1 / Math.sqrt(Vectors.dot(gradient, direction)));
        if (!(scale > 0 && scale < Float.POSITIVE_INFINITY)) {
            return;
        }
        newest = (newest + 1) % capacity;
        count = Math.min(capacity, count + 1);
        copyScaled(cotangent, scale, cotangents[newest]);
        copyScaled(gradient, scale, gradients[newest]);
        doubts[newest] = 0;
        alongWays[newest] = alongGradient(newest, way);
        Vectors.scale(direction, scale);
        Vectors.dots(gradients, count, direction, along);
        for (int other = 0; other < count; other++) {
            set(products, other, along[other]);
            set(overlaps, other, Vectors.dot(cotangents[other], cotangents[newest]));
        }
    }

    private void set(double[] ofAll, int other, double value) {
        ofAll[newest * capacity + other] = value;
        ofAll[other * capacity + newest] = value;
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

    /**
     * What a pair is damped with, against g'P g = 1: the more, the more were taken since, and the
     * more wrongly it foretold.
     *
     * @param newestRidge the ridge of the newest pair
     */
    double ridge(int pair, double newestRidge) {
        int age = (newest - pair + capacity) % capacity;
        return newestRidge * Math.pow(ageing, age) + doubts[pair];
    }

    /** The squares of what a pair foretold wrongly, over those of the way. */
    double doubt(int pair) {
        return doubts[pair];
    }

    /**
     * The squared length of what the pairs together foretold wrongly of the residual, over that of
     * the way: of the last moves, where each counts half of the one after it.
     */
    double misfit() {
        return misfit;
    }

    /**
     * Copies the products g'P g of all: row after row, as many values apart as there are pairs at
     * most.
     */
    void products(double[] into) {
        System.arraycopy(products, 0, into, 0, products.length);
    }

    /** The product g'P g of two pairs. */
    double product(int pair, int other) {
        return products[pair * capacity + other];
    }

    /** The product u'u of two pairs. */
    double overlap(int pair, int other) {
        return overlaps[pair * capacity + other];
    }

    /** The dot product of a pair's g with a move of the pixels. */
    double alongGradient(int pair, float[] move) {
        return Vectors.dot(gradients[pair], move);
    }

    /** The dot product of a pair's g with the way back to the seed. */
    double alongWay(int pair) {
        return alongWays[pair];
    }

    /** The dot product of a pair's u with a representation. */
    double alongCotangent(int pair, float[] vector) {
        return Vectors.dot(cotangents[pair], vector);
    }

    /** Adds a multiple of a pair's u to a representation. */
    void addCotangent(double factor, int pair, float[] into) {
        Vectors.addMultiple((float) factor, cotangents[pair], into);
    }

    /** Writes {@code P sum_k coefficients[k] g_k}. */
    void combineDirections(double[] coefficients, float[] into) {
        Arrays.fill(into, 0);
        Vectors.addMultiples(coefficients, gradients, count, into);
        metric.apply(into);
    }

    /** Copies the first of some pixels of a pair's g to a place in an array. */
    void gatherGradient(int pair, int[] pixels, int count, float[] into, int at) {
        var gradient = gradients[pair];
        for (int i = 0; i < count; i++) {
            into[at + i] = gradient[pixels[i]];
        }
    }
}
