package stir.report;

import java.awt.image.BufferedImage;
import stir.api.Batch;
import stir.api.Shape;

/** An image as a smaller one. */
final class Picture implements Drawing {
    /**
     * The largest side of a picture: larger images are reduced by the means of squares of pixels.
     */
    private static final int MOST_PIXELS = 64;

    private final int channels;
    private final int height;
    private final int width;
    private final int square;

    /**
     * Creates pictures of inputs of a shape.
     *
     * @param shape channels x height x width, as {@link Drawing#isImage} asks
     */
    Picture(Shape shape) {
        channels = shape.dimension(0);
        height = shape.dimension(1);
        width = shape.dimension(2);
        square = (Math.max(height, width) + MOST_PIXELS - 1) / MOST_PIXELS;
    }

    @Override
    public String words() {
        return "";
    }

    @Override
    public long bytes() {
        return (long) channels * (height / square) * (width / square) + 100;
    }

    @Override
    public BufferedImage image(Batch batch, int row) {
        int type = channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
        var image = new BufferedImage((width + square - 1) / square, (height + square - 1) / square, type);
        var raster = image.getRaster();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                for (int channel = 0; channel < channels; channel++) {
                    raster.setSample(x, y, channel, level(batch, row, channel, y, x));
                }
            }
        }
        return image;
    }

    /** Returns the mean of a square of pixels, from 0 to 255. */
    private int level(Batch batch, int row, int channel, int y, int x) {
        double sum = 0;
        int count = 0;
        for (int i = y * square; i < Math.min(height, (y + 1) * square); i++) {
            for (int j = x * square; j < Math.min(width, (x + 1) * square); j++) {
                float value = batch.get(row, (channel * height + i) * width + j);
                sum += Math.min(1, Math.max(0, value));
                count++;
            }
        }
        return (int) Math.round(255 * sum / count);
    }
}
