package stir.core.inversion.optimizer.gaussnewton;

import stir.api.Shape;

import java.util.Arrays;

/**
 * A metric of images in which low spatial frequencies move further: a symmetric positive definite
 * P, by which a gradient g becomes the direction P g. The gradients of networks for photos are
 * mostly of high frequencies, along which steps reduce little. Inputs that are not images have the
 * metric I.
 *
 * <p>P is a pyramid, level by level {@code P_l = I + 8 D' P_(l+1) D}, where D halves an image by
 * the filter (1 3 3 1) / 8 in both directions and the last P is I. A level's D'D passes the
 * frequencies below a quarter of a cycle per pixel and weakens them to a quarter, so that a
 * frequency f is raised by about 1 / f, from 1/4 down to 1/64 of a cycle per pixel. It takes some
 * eight multiplications per pixel, a Fourier transform about a hundred.
 *
 * <p>Source of the filter: Burt and Adelson 1983, The Laplacian pyramid as a compact image code; of
 * the spectrum 1 / f: Olah, Mordvintsev and Schubert 2017, Feature Visualization.
 */
final class PyramidPreconditioner {
    /** The least side of a level in pixels. */
    private static final int SMALLEST = 2;

    /** The factor 4 by which halving and doubling weaken a frequency, times 2 for 1 / f. */
    private static final float WEIGHT = 8;

    private static final float OUTER = 1 / 8f;
    private static final float INNER = 3 / 8f;

    private final int channels;
    private final int[] heights;
    private final int[] widths;
    private final float[][] images;
    private final float[] row;

    /** Returns the metric in which each pixel moves by itself. */
    static PyramidPreconditioner identity() {
        return new PyramidPreconditioner(0, new int[1], new int[1]);
    }

    private PyramidPreconditioner(int channels, int[] heights, int[] widths) {
        this.channels = channels;
        this.heights = heights;
        this.widths = widths;
        this.images = new float[heights.length][];
        for (int level = 1; level < heights.length; level++) {
            images[level] = new float[heights[level] * widths[level]];
        }
        this.row = new float[widths[0]];
    }

    /** Returns the metric of inputs of a shape. */
    static PyramidPreconditioner of(Shape shape) {
        if (shape.rank() != 3) {
            return identity();
        }
        int height = shape.dimension(1);
        int width = shape.dimension(2);
        var heights = new int[Schedule.PYRAMID_LEVELS + 1];
        var widths = new int[Schedule.PYRAMID_LEVELS + 1];
        int levels = 0;
        do {
            heights[levels] = height;
            widths[levels++] = width;
            height = (height + 1) / 2;
            width = (width + 1) / 2;
        } while (levels <= Schedule.PYRAMID_LEVELS && Math.min(height, width) >= SMALLEST);
        return new PyramidPreconditioner(
                shape.dimension(0), Arrays.copyOf(heights, levels), Arrays.copyOf(widths, levels));
    }

    /** Replaces a gradient by its direction. */
    void apply(float[] gradient) {
        int area = heights[0] * widths[0];
        for (int channel = 0; channel < channels; channel++) {
            apply(0, gradient, channel * area);
        }
    }

    private void apply(int level, float[] image, int at) {
        if (level == heights.length - 1) {
            return;
        }
        var smaller = images[level + 1];
        halve(level, image, at, smaller);
        apply(level + 1, smaller, 0);
        addDoubled(level, smaller, image, at);
    }

    private void halve(int level, float[] image, int at, float[] smaller) {
        int height = heights[level];
        int width = widths[level];
        int halfWidth = widths[level + 1];
        for (int y = 0; y < heights[level + 1]; y++) {
            int before = at + before(y) * width;
            int first = at + 2 * y * width;
            int second = at + next(y, height) * width;
            int after = at + afterNext(y, height) * width;
            for (int x = 0; x < width; x++) {
                row[x] =
                        OUTER * (image[before + x] + image[after + x])
                                + INNER * (image[first + x] + image[second + x]);
            }
            int half = y * halfWidth;
            smaller[half] = halved(0, width);
            for (int x = 1; x < halfWidth - 1; x++) { // without borders, twice as fast
                smaller[half + x] =
                        OUTER * (row[2 * x - 1] + row[2 * x + 2])
                                + INNER * (row[2 * x] + row[2 * x + 1]);
            }
            smaller[half + halfWidth - 1] = halved(halfWidth - 1, width);
        }
    }

    private float halved(int x, int width) {
        return OUTER * (row[before(x)] + row[afterNext(x, width)])
                + INNER * (row[2 * x] + row[next(x, width)]);
    }

    /** Adds the transpose of {@link #halve}, times the weight, to an image. */
    private void addDoubled(int level, float[] smaller, float[] image, int at) {
        int height = heights[level];
        int width = widths[level];
        int halfHeight = heights[level + 1];
        int halfWidth = widths[level + 1];
        for (int y = 0; y < height; y++) {
            int near = y / 2;
            int far = Math.max(0, Math.min(near + (y % 2 == 0 ? -1 : 1), halfHeight - 1));
            float share = WEIGHT * share(y, height);
            for (int x = 0; x < halfWidth; x++) {
                row[x] =
                        WEIGHT * OUTER * smaller[far * halfWidth + x]
                                + share * smaller[near * halfWidth + x];
            }
            int first = at + y * width;
            float before = row[0];
            for (int x = 0; x < halfWidth - 1; x++) {
                image[first + 2 * x] += OUTER * before + INNER * row[x];
                image[first + 2 * x + 1] += INNER * row[x] + OUTER * row[x + 1];
                before = row[x];
            }
            float last = row[halfWidth - 1];
            int x = 2 * halfWidth - 2;
            image[first + x] += OUTER * before + share(x, width) * last;
            if (x < width - 1) {
                image[first + x + 1] += INNER * last + OUTER * last;
            }
        }
    }

    /**
     * Returns the weight of the half that a pixel lies in; the last pixel of an odd side stands for
     * its missing neighbours, too.
     */
    private static float share(int at, int size) {
        return at % 2 == 0 && at == size - 1 ? INNER + INNER + OUTER : INNER;
    }

    private static int before(int at) {
        return Math.max(0, 2 * at - 1);
    }

    private static int next(int at, int size) {
        return Math.min(size - 1, 2 * at + 1);
    }

    private static int afterNext(int at, int size) {
        return Math.min(size - 1, 2 * at + 2);
    }
}
