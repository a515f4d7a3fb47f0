package stir.core.inputs;

import stir.api.UsageException;

/**
 * The size of an image in pixels.
 *
 * @param height above 0
 * @param width above 0
 * @since 0.1.0
 */
public record PixelSize(int height, int width) {
    private static final int MOST = 1 << 14;

    /**
     * Checks the sides.
     *
     * @throws UsageException if one is out of range
     */
    public PixelSize {
        if (height < 1 || width < 1 || height > MOST || width > MOST) {
            throw new UsageException("An image of %d x %d pixels is not possible: each side is between 1 and %d."
                    .formatted(height, width, MOST));
        }
    }

    /** Creates the size of a square. */
    public static PixelSize square(int side) {
        return new PixelSize(side, side);
    }

    /**
     * Parses {@code 224} (a square) or {@code 160x224} (height x width).
     *
     * @throws UsageException if the text is neither
     */
    public static PixelSize parse(String text) {
        if (!text.matches("\\d{1,9}(x\\d{1,9})?")) {
            throw new UsageException(
                    "'%s' is not a size in pixels: use one side (224), or height x width (160x224).".formatted(text));
        }
        int cross = text.indexOf('x');
        return cross < 0
                ? square(Integer.parseInt(text))
                : new PixelSize(
                        Integer.parseInt(text.substring(0, cross)), Integer.parseInt(text.substring(cross + 1)));
    }

    /** Returns height x width. */
    @Override
    public String toString() {
        return height + " x " + width;
    }
}
