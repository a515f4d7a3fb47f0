package stir.core.inversion.optimizer.gaussnewton;

import stir.core.math.linalg.Vectors;

import java.util.Arrays;

/**
 * The remembered rows of one input's Jacobian: cotangents u with their pullbacks {@code g = J'u},
 * scaled to {@code g'P g = 1} in a metric P of the pixels. Each row is as it was at the point of
 * its pass. After each move dx, by which the residual changed by dr, a row's error is {@code u'dr -
 * g'dx}; the squares of its errors over those of the moves add up to its noise variance. The error
 * of all rows together is the {@link #predictionError}.
 *
 * <p>The products of all rows are kept up to date, so that a new row costs one row of them. Rows
 * are numbered from 0 in no order; the newest one replaces the oldest.
 */
final class JacobianSketch {
    private final float[][] cotangents;
    private final float[][] gradients;
    private final double[] products;
    private final double[] overlaps;
    private final double[] noise;
    private final double[] errors;
    private final double[] towardsSeed;
    private final double[] along;
    private final int capacity;
    private final double ageing;
    private final PyramidPreconditioner metric;
    private final float[] direction;
    private int count;
    private int newest;
    private double predictionError;

    /**
     * Creates an empty sketch.
     *
     * @param capacity the most rows
     * @param ageing the factor of a row's ridge per newer row
     * @param metric P
     * @param scratch of the size of an input, which may be shared within a thread
     * @param width the size of a representation
     */
    JacobianSketch(
            int capacity, double ageing, PyramidPreconditioner metric, float[] scratch, int width) {
        this.capacity = capacity;
        this.ageing = ageing;
        this.metric = metric;
        this.direction = scratch;
        this.products = new double[capacity * capacity];
        this.overlaps = new double[capacity * capacity];
        this.noise = new double[capacity];
        this.errors = new double[capacity];
        this.towardsSeed = new double[capacity];
        this.along = new double[capacity];
        this.cotangents = new float[capacity][width];
        this.gradients = new float[capacity][scratch.length];
        clear();
    }

    /** Removes all rows. */
    void clear() {
        count = 0;
        newest = capacity - 1;
        predictionError = 0;
    }

    /**
     * Measures the errors of all rows at a move. A move of length 0 changes nothing.
     *
     * @param move dx, of the pixels
     * @param change dr, of the residual
     * @param scratch for as many rows
     */
    void compare(float[] move, float[] change, PredictionError scratch) {
        double squares = Vectors.dot(move, move);
        if (!(squares > 0)) {
            return;
        }
        Vectors.dots(gradients, count, move, along);
        for (int row = 0; row < count; row++) {
            towardsSeed[row] -= along[row];
            errors[row] = alongCotangent(row, change) - along[row];
            noise[row] += errors[row] * errors[row] / squares;
        }
        double found = scratch.of(this, errors) / squares;
        predictionError = predictionError > 0 ? (predictionError + found) / 2 : found;
    }

    /**
     * Remembers a row, unless its gradient is zero or not finite.
     *
     * @param cotangent u
     * @param gradient g
     * @param toSeed s - x
     */
    void add(float[] cotangent, float[] gradient, float[] toSeed) {
        System.arraycopy(gradient, 0, direction, 0, gradient.length);
        metric.apply(direction);
        float scale = (float) (1 / Math.sqrt(Vectors.dot(gradient, direction)));
        if (!(scale > 0 && scale < Float.POSITIVE_INFINITY)) {
            return;
        }
        newest = (newest + 1) % capacity;
        count = Math.min(capacity, count + 1);
        System.arraycopy(cotangent, 0, cotangents[newest], 0, cotangent.length);
        Vectors.scale(cotangents[newest], scale);
        System.arraycopy(gradient, 0, gradients[newest], 0, gradient.length);
        Vectors.scale(gradients[newest], scale);
        noise[newest] = 0;
        towardsSeed[newest] = alongGradient(newest, toSeed);
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

    /** Returns the number of rows. */
    int count() {
        return count;
    }

    /**
     * Returns the ridge of a row against {@code g'P g = 1}: it grows with the row's age and its
     * noise variance.
     *
     * @param newestRidge the ridge of the newest row
     */
    double ridge(int row, double newestRidge) {
        int age = (newest - row + capacity) % capacity;
        return newestRidge * Math.pow(ageing, age) + noise[row];
    }

    /** Returns the squares of a row's errors over those of the moves. */
    double noise(int row) {
        return noise[row];
    }

    /**
     * Returns the squared length of what all rows together predicted wrongly of the residual, over
     * that of the move: a mean over the last moves, in which each counts half of the next.
     */
    double predictionError() {
        return predictionError;
    }

    /** Copies the products {@code g'P g} of all rows, in rows of the capacity. */
    void products(double[] into) {
        System.arraycopy(products, 0, into, 0, products.length);
    }

    /** Returns the product {@code g'P g} of two rows. */
    double product(int row, int other) {
        return products[row * capacity + other];
    }

    /** Returns the product {@code u'u} of two rows. */
    double overlap(int row, int other) {
        return overlaps[row * capacity + other];
    }

    /** Returns the dot product of a row's g with a move of the pixels. */
    double alongGradient(int row, float[] move) {
        return Vectors.dot(gradients[row], move);
    }

    /** Returns the dot product of a row's g with s - x at the current point. */
    double towardsSeed(int row) {
        return towardsSeed[row];
    }

    /** Returns the dot product of a row's u with a representation. */
    double alongCotangent(int row, float[] vector) {
        return Vectors.dot(cotangents[row], vector);
    }

    /** Adds a multiple of a row's u to a representation. */
    void addCotangent(double factor, int row, float[] into) {
        Vectors.addMultiple((float) factor, cotangents[row], into);
    }

    /** Writes {@code P sum_k coefficients[k] g_k}. */
    void combineDirections(double[] coefficients, float[] into) {
        Arrays.fill(into, 0);
        Vectors.addMultiples(coefficients, gradients, count, into);
        metric.apply(into);
    }

    /** Copies the first of some pixels of a row's g to a position in an array. */
    void gatherGradient(int row, int[] pixels, int count, float[] into, int at) {
        var gradient = gradients[row];
        for (int i = 0; i < count; i++) {
            into[at + i] = gradient[pixels[i]];
        }
    }
}
