package stir.core.inversion.optimizer.gaussnewton;

import java.util.Arrays;
import stir.api.Shape;

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
        return new PyramidPreconditioner(shape.dimension(0), shape.dimension(1), shape.dimension(2));
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
            halveRow(image, at + y * width, width, narrowed[level], y * half);
        }
        halveColumns(narrowed[level], height, half, images[level]);
        apply(level + 1, images[level], 0);
        Arrays.fill(narrowed[level], 0);
        addDoubledColumns(images[level], height, half, narrowed[level]);
        for (int y = 0; y < height; y++) {
            addDoubledRow(narrowed[level], y * half, width, image, at + y * width);
        }
    }

    /**
     * Halves a row of pixels: each result is the filter's mean of four pixels, and the first and
     * last pixel stand for those beyond them.
     */
    private static void halveRow(float[] from, int at, int width, float[] into, int to) {
        int last = (width - 1) / 2;
        for (int k = 1; k < last; k++) {
            int first = at + 2 * k;
            into[to + k] = OUTER * (from[first - 1] + from[first + 2]) + INNER * (from[first] + from[first + 1]);
        }
        for (int k = 0; k <= last; k += Math.max(1, last)) { // both ends
            float before = from[at + inside(2 * k - 1, width)];
            float second = from[at + inside(2 * k + 1, width)];
            float after = from[at + inside(2 * k + 2, width)];
            into[to + k] = OUTER * (before + after) + INNER * (from[at + 2 * k] + second);
        }
    }

    /** Adds the transpose of {@link #halveRow} to a row. */
    private static void addDoubledRow(float[] from, int at, int width, float[] into, int to) {
        int last = (width - 1) / 2;
        float before = OUTER * from[at];
        for (int k = 0; k < last; k++) {
            float inner = INNER * from[at + k];
            float after = OUTER * from[at + k + 1];
            into[to + 2 * k] = into[to + 2 * k] + before + inner;
            into[to + 2 * k + 1] = into[to + 2 * k + 1] + inner + after;
            before = OUTER * from[at + k];
        }
        float inner = INNER * from[at + last];
        into[to + 2 * last] = into[to + 2 * last] + before + inner;
        into[to + width - 1] = into[to + width - 1] + inner + OUTER * from[at + last];
    }

    /** Halves all columns of an image as {@link #halveRow} does a row. */
    private static void halveColumns(float[] from, int height, int width, float[] into) {
        for (int k = 0; 2 * k < height; k++) {
            int before = width * inside(2 * k - 1, height);
            int first = width * 2 * k;
            int second = width * inside(2 * k + 1, height);
            int after = width * inside(2 * k + 2, height);
            for (int x = 0; x < width; x++) {
                into[k * width + x] =
                        OUTER * (from[before + x] + from[after + x]) + INNER * (from[first + x] + from[second + x]);
            }
        }
    }

    /** Adds the transpose of {@link #halveColumns}, times the weight, to an image. */
    private static void addDoubledColumns(float[] from, int height, int width, float[] into) {
        for (int k = 0; 2 * k < height; k++) {
            int before = width * inside(2 * k - 1, height);
            int first = width * 2 * k;
            int second = width * inside(2 * k + 1, height);
            int after = width * inside(2 * k + 2, height);
            for (int x = 0; x < width; x++) {
                float outer = WEIGHT * OUTER * from[k * width + x];
                float inner = WEIGHT * INNER * from[k * width + x];
                into[before + x] += outer;
                into[first + x] += inner;
                into[second + x] += inner;
                into[after + x] += outer;
            }
        }
    }

    /** Returns the element that stands for one of a sequence, or for one beyond its ends. */
    private static int inside(int element, int count) {
        return Math.max(0, Math.min(count - 1, element));
    }
}
