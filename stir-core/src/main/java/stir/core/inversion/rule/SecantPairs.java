package stir.core.inversion.rule;

import stir.core.linalg.Vectors;

import java.util.Arrays;

/**
 * What is known of one input's Jacobian: pairs of a cotangent u and its pullback g = J'u, scaled to
 * g'P g = 1 in a metric P of the pixels. Each is a row, {@code u'J = g'}: some of the mean Jacobian
 * of other inputs, which are always there, and the last ones of the input's own way, as they were
 * at their points. The products g'P g of all are kept up to date, so that a new pair costs one row
 * of them. Pairs are numbered from 0, those of the mean first, the others in no order; the oldest
 * one gives its number to the next.
 */
final class SecantPairs {
    private final float[][] cotangents;
    private final float[][] gradients;
    private final double[] products;
    private final MeanJacobian mean;
    private final int fixed;
    private final int capacity;
    private final double ageing;
    private final PixelMetric metric;
    private final float[] direction;
    private int count;
    private int newest;

    /**
     * Memory of the mean alone.
     *
     * @param mean what is known of any input
     * @param memory how much is remembered of an input's own way
     * @param metric P
     * @param scratch of the size of an input, which others of the thread may use, too
     * @param width the size of a representation
     */
    SecantPairs(
            MeanJacobian mean,
            SecantMemory memory,
            PixelMetric metric,
            float[] scratch,
            int width) {
        int size = scratch.length;
        this.mean = mean;
        this.fixed = mean.count();
        this.capacity = memory.pairs();
        this.ageing = memory.ageing();
        this.metric = metric;
        this.direction = scratch;
        int most = fixed + capacity;
        this.products = new double[most * most];
        this.cotangents = new float[most][];
        this.gradients = new float[most][];
        for (int pair = 0; pair < most; pair++) {
            cotangents[pair] = pair < fixed ? mean.cotangent(pair) : new float[width];
            gradients[pair] = pair < fixed ? mean.gradient(pair) : new float[size];
        }
        for (int pair = 0; pair < fixed; pair++) {
            direct(gradients[pair]);
            writeProducts(pair, fixed);
        }
    }

    /** Writes the direction P g. */
    private void direct(float[] gradient) {
        System.arraycopy(gradient, 0, direction, 0, gradient.length);
        metric.apply(direction);
    }

    /** The products with the pair of which the direction was written last. */
    private void writeProducts(int pair, int others) {
        int most = fixed + capacity;
        for (int other = 0; other < others; other++) {
            double product = Vectors.dot(gradients[other], direction);
            products[pair * most + other] = product;
            products[other * most + pair] = product;
        }
    }

    /** Forgets the input's own way. */
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
        direct(gradient);
        float scale = (float) (1 / Math.sqrt(Vectors.dot(gradient, direction)));
        if (!(scale > 0 && scale < Float.POSITIVE_INFINITY)) {
            return;
        }
        newest = (newest + 1) % capacity;
        count = Math.min(capacity, count + 1);
        copyScaled(cotangent, scale, cotangents[fixed + newest]);
        copyScaled(gradient, scale, gradients[fixed + newest]);
        Vectors.scale(direction, scale);
        writeProducts(fixed + newest, count());
    }

    private static void copyScaled(float[] values, float scale, float[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = values[i] * scale;
        }
    }

    /** The number of pairs. */
    int count() {
        return fixed + count;
    }

    /**
     * What a pair is damped with, against g'P g = 1: one of the input's own way the more, the more
     * were taken since.
     *
     * @param newestRidge the ridge of the newest pair
     */
    double ridge(int pair, double newestRidge) {
        return pair < fixed
                ? mean.ridge(pair)
                : newestRidge * Math.pow(ageing, (newest + fixed - pair + capacity) % capacity);
    }

    /**
     * Copies the products g'P g of all: row after row, as many values apart as there are pairs at
     * most.
     */
    void products(double[] into) {
        System.arraycopy(products, 0, into, 0, products.length);
    }

    /** The dot product of a pair's g with a move of the pixels. */
    double alongGradient(int pair, float[] move) {
        return Vectors.dot(gradients[pair], move);
    }

    /** The dot product of a pair's u with a representation. */
    double alongCotangent(int pair, float[] vector) {
        return Vectors.dot(cotangents[pair], vector);
    }

    /** Writes {@code P sum_k coefficients[k] g_k}. */
    void combineDirections(double[] coefficients, float[] into) {
        Arrays.fill(into, 0);
        for (int pair = 0; pair < count(); pair++) {
            Vectors.addMultiple((float) coefficients[pair], gradients[pair], into);
        }
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
