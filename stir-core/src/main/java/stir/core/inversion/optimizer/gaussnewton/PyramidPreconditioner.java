package stir.core.inversion.optimizer.gaussnewton;

import stir.api.Shape;

import java.util.Arrays;

/**
 * A metric of images in which low spatial frequencies move further: a symmetric positive definite
 * P, by which a gradient g becomes the direction P g. The gradients of networks for photos are
 * mostly of high frequencies, along which steps reduce little. Other inputs have the metric I.
 *
 * <p>P is a pyramid, level by level {@code P_l = I + 8 D' P_(l+1) D}, where D halves an image by
 * the filter (1 3 3 1) / 8 in both directions (Burt and Adelson, <i>The Laplacian pyramid as a
 * compact image code</i>, 1983) and the last P is I. A level's D'D passes the frequencies below a
 * quarter of a cycle per pixel and weakens them to a quarter, so that a frequency f is raised by
 * about 1 / f, from 1/4 down to 1/64 of a cycle per pixel.
 */
final class PyramidPreconditioner {
    /** The halvings; with one more or fewer photos keep 2 to 5 % more residual. */
    private static final int LEVELS = 4;

    /** The factor 4 by which halving and doubling weaken a frequency, times 2 for 1 / f. */
    private static final float WEIGHT = 8;

    private static final float OUTER = 1 / 8f;
    private static final float INNER = 3 / 8f;

    private final int channels;
    private final int[] heights = new int[LEVELS + 1];
    private final int[] widths = new int[LEVELS + 1];
    private final float[][] narrowed = new float[LEVELS + 1][];
    private final float[][] images = new float[LEVELS + 1][];

    private PyramidPreconditioner(int channels, int height, int width) {
        this.channels = channels;
        heights[0] = height;
        widths[0] = width;
        for (int level = 1; level <= LEVELS; level++) {
            heights[level] = (heights[level - 1] + 1) / 2;
            widths[level] = (widths[level - 1] + 1) / 2;
            narrowed[level] = new float[heights[level - 1] * widths[level]];
            images[level] = new float[heights[level] * widths[level]];
        }
    }

    /** Returns the metric in which each pixel moves by itself. */
    static PyramidPreconditioner identity() {
        return new PyramidPreconditioner(0, 0, 0);
    }

    /** Returns the metric of images of a shape. */
    static PyramidPreconditioner of(Shape shape) {
        return new PyramidPreconditioner(
                shape.dimension(0), shape.dimension(1), shape.dimension(2));
    }

    /** Returns whether a pixel's direction depends on the gradient at others. */
    boolean mixes() {
        return channels > 0;
    }

    /** Replaces a gradient by its direction. */
    void apply(float[] gradient) {
        for (int channel = 0; channel < channels; channel++) {
            apply(1, gradient, channel * heights[0] * widths[0]);
        }
    }

    /** Adds what a level and those below it raise to the image above it. */
    private void apply(int level, float[] image, int at) {
        if (level > LEVELS) {
            return;
        }
        int height = heights[level - 1];
        int width = widths[level - 1];
        int half = widths[level];
        for (int y = 0; y < height; y++) {
            halve(image, at + y * width, width, 1, narrowed[level], y * half);
        }
        halve(narrowed[level], 0, height, half, images[level], 0);
        apply(level + 1, images[level], 0);
        Arrays.fill(narrowed[level], 0);
        addDoubled(WEIGHT, images[level], 0, height, half, narrowed[level], 0);
        for (int y = 0; y < height; y++) {
            addDoubled(1, narrowed[level], y * half, width, 1, image, at + y * width);
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
