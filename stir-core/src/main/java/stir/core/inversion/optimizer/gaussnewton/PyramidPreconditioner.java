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
    /** The levels; with one more or fewer photos keep 2 to 5 % more residual. */
    private static final int LEVELS = 4;

    /** The least side of a level in pixels. */
    private static final int SMALLEST = 2;

    /** The factor 4 by which halving and doubling weaken a frequency, times 2 for 1 / f. */
    private static final float WEIGHT = 8;

    private static final float OUTER = 1 / 8f;
    private static final float INNER = 3 / 8f;

    private final int channels;
    private final int[] heights;
    private final int[] widths;
    private final float[][] narrowed;
    private final float[][] images;

    private PyramidPreconditioner(int channels, int[] heights, int[] widths) {
        this.channels = channels;
        this.heights = heights;
        this.widths = widths;
        this.narrowed = new float[heights.length][];
        this.images = new float[heights.length][];
        for (int level = 1; level < heights.length; level++) {
            narrowed[level] = new float[heights[level - 1] * widths[level]];
            images[level] = new float[heights[level] * widths[level]];
        }
    }

    /** Returns the metric in which each pixel moves by itself. */
    static PyramidPreconditioner identity() {
        return new PyramidPreconditioner(0, new int[1], new int[1]);
    }

    /** Returns the metric of inputs of a shape. */
    static PyramidPreconditioner of(Shape shape) {
        if (shape.rank() != 3) {
            return identity();
        }
        int side = Math.min(shape.dimension(1), shape.dimension(2));
        int levels = 1;
        while (levels <= LEVELS && (side = (side + 1) / 2) >= SMALLEST) {
            levels++;
        }
        var heights = new int[levels];
        var widths = new int[levels];
        for (int level = 0; level < levels; level++) {
            heights[level] = level == 0 ? shape.dimension(1) : (heights[level - 1] + 1) / 2;
            widths[level] = level == 0 ? shape.dimension(2) : (widths[level - 1] + 1) / 2;
        }
        return new PyramidPreconditioner(shape.dimension(0), heights, widths);
    }

    /** Returns whether a pixel's direction depends on the gradient at others. */
    boolean mixes() {
        return channels > 0;
    }

    /** Replaces a gradient by its direction. */
    void apply(float[] gradient) {
        for (int channel = 0; channel < channels; channel++) {
            apply(0, gradient, channel * heights[0] * widths[0]);
        }
    }

    private void apply(int level, float[] image, int at) {
        int below = level + 1;
        if (below == heights.length) {
            return;
        }
        int height = heights[level];
        int width = widths[level];
        int half = widths[below];
        for (int y = 0; y < height; y++) {
            halve(image, at + y * width, width, 1, narrowed[below], y * half);
        }
        halve(narrowed[below], 0, height, half, images[below], 0);
        apply(below, images[below], 0);
        Arrays.fill(narrowed[below], 0);
        addDoubled(WEIGHT, images[below], 0, height, half, narrowed[below], 0);
        for (int y = 0; y < height; y++) {
            addDoubled(1, narrowed[below], y * half, width, 1, image, at + y * width);
        }
    }

    /**
     * Halves a sequence: each result is the filter's mean of four elements, and the first and last
     * element stand for those beyond them.
     *
     * @param count of the elements
     * @param length of an element, one after the other
     */
    private static void halve(float[] from, int at, int count, int length, float[] into, int to) {
        for (int k = 0; 2 * k < count; k++) {
            int before = at + Math.max(0, 2 * k - 1) * length;
            int first = at + 2 * k * length;
            int second = at + Math.min(count - 1, 2 * k + 1) * length;
            int after = at + Math.min(count - 1, 2 * k + 2) * length;
            int half = to + k * length;
            for (int i = 0; i < length; i++) {
                into[half + i] =
                        OUTER * (from[before + i] + from[after + i])
                                + INNER * (from[first + i] + from[second + i]);
            }
        }
    }

    /** Adds the transpose of {@link #halve}, times a weight, to a sequence of a count. */
    private static void addDoubled(
            float weight, float[] from, int at, int count, int length, float[] into, int to) {
        for (int k = 0; 2 * k < count; k++) {
            int before = to + Math.max(0, 2 * k - 1) * length;
            int first = to + 2 * k * length;
            int second = to + Math.min(count - 1, 2 * k + 1) * length;
            int after = to + Math.min(count - 1, 2 * k + 2) * length;
            int half = at + k * length;
            for (int i = 0; i < length; i++) {
                float outer = weight * OUTER * from[half + i];
                float inner = weight * INNER * from[half + i];
                into[before + i] += outer;
                into[first + i] += inner;
                into[second + i] += inner;
                into[after + i] += outer;
            }
        }
    }
}
