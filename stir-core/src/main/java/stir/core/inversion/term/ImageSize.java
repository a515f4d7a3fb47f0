package stir.core.inversion.term;

import stir.api.Shape;
import stir.api.UsageException;

/**
 * The height and width of images whose channels are stored one after the other.
 *
 * @param height the height in pixels
 * @param width the width in pixels
 */
record ImageSize(int height, int width) {
    /**
     * Returns the size of inputs.
     *
     * @param term the term's id, for messages
     * @throws UsageException if the inputs are not images
     */
    static ImageSize of(String term, Shape shape) {
        if (shape.rank() != 3) {
            throw new UsageException(
                    "%s needs images, but the inputs are vectors of %s: omit it.".formatted(term, shape));
        }
        return new ImageSize(shape.dimension(1), shape.dimension(2));
    }

    /** Returns the right neighbour minus the pixel; 0 at the border. */
    double right(float[] pixels, int i) {
        return i % width == width - 1 ? 0 : (double) pixels[i + 1] - pixels[i];
    }

    /** Returns the neighbour below minus the pixel; 0 at the border. */
    double down(float[] pixels, int i) {
        return i / width % height == height - 1 ? 0 : (double) pixels[i + width] - pixels[i];
    }
}
