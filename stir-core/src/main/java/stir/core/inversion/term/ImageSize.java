package stir.core.inversion.term;

import stir.api.Shape;
import stir.api.UsageException;

/**
 * The height and width of images, whose channels lie behind each other.
 *
 * @param height in pixels
 * @param width in pixels
 */
record ImageSize(int height, int width) {
    /**
     * The size of inputs.
     *
     * @param term for messages
     * @throws UsageException if they are no images
     */
    static ImageSize of(String term, Shape shape) {
        if (shape.rank() != 3) {
            throw new UsageException(
                    "%s needs images, but the inputs are vectors of %s: leave it out."
                            .formatted(term, shape));
        }
        return new ImageSize(shape.dimension(1), shape.dimension(2));
    }

    /** How much larger the right neighbour is; 0 at the border. */
    double right(float[] pixels, int i) {
        return i % width == width - 1 ? 0 : (double) pixels[i + 1] - pixels[i];
    }

    /** How much larger the neighbour below is; 0 at the border. */
    double down(float[] pixels, int i) {
        return i / width % height == height - 1 ? 0 : (double) pixels[i + width] - pixels[i];
    }
}
