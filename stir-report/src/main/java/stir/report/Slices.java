package stir.report;

import java.awt.image.BufferedImage;
import stir.api.Batch;
import stir.api.Shape;

/**
 * Values in levels of grey: a sequence (positions x features) as a strip with a column per
 * position, a volume (channels x depth x height x width, or without channels) as its three middle
 * slices. Channels are averaged.
 *
 * @param shape the shape of an input, of two to four dimensions
 */
record Slices(Shape shape) implements Drawing {
    private static final int WIDEST = 128;
    private static final int MOST_PIXELS = 64;
    private static final int GAP = 2;

    @Override
    public String words() {
        return isSequence() ? "Heat strip of" : "Middle slices of";
    }

    private boolean isSequence() {
        return shape.rank() == 2;
    }

    @Override
    public long bytes() {
        return isSequence() ? WIDEST * MOST_PIXELS : 3L * MOST_PIXELS * MOST_PIXELS;
    }

    /** The value at a place of a plane. */
    private interface Plane {
        double at(int y, int x);
    }

    @Override
    public BufferedImage image(Batch batch, int row) {
        if (isSequence()) {
            int features = shape.dimension(1);
            Plane strip = (y, x) -> batch.get(row, x * features + y);
            int width = Math.min(WIDEST, shape.dimension(0));
            int height = Math.min(MOST_PIXELS, features);
            var image = Drawing.white(width, height);
            draw(image, 0, width, height, shape.dimension(0), features, strip);
            return image;
        }
        int last = shape.rank() - 1;
        int depth = shape.dimension(last - 2);
        int height = shape.dimension(last - 1);
        int width = shape.dimension(last);
        int channels = shape.size() / (depth * height * width);
        int square = (Math.max(depth, Math.max(height, width)) - 1) / MOST_PIXELS + 1;
        int small = (depth - 1) / square + 1;
        int tall = (height - 1) / square + 1;
        int wide = (width - 1) / square + 1;
        var volume = new Volume(batch, row, channels, depth, height, width);
        var image = Drawing.white(2 * wide + small + 2 * GAP, Math.max(tall, small));
        draw(image, 0, wide, tall, width, height, (y, x) -> volume.at(depth / 2, y, x));
        draw(image, wide + GAP, wide, small, width, depth, (z, x) -> volume.at(z, height / 2, x));
        draw(image, 2 * (wide + GAP), small, tall, depth, height, (y, z) -> volume.at(z, y, width / 2));
        return image;
    }

    private record Volume(Batch batch, int row, int channels, int depth, int height, int width) {
        double at(int z, int y, int x) {
            double sum = 0;
            for (int channel = 0; channel < channels; channel++) {
                sum += batch.get(row, ((channel * depth + z) * height + y) * width + x);
            }
            return sum / channels;
        }
    }

    /** Draws a plane with the means of its values in each pixel. */
    private static void draw(
            BufferedImage image, int left, int width, int height, int planeWidth, int planeHeight, Plane plane) {
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double sum = 0;
                int count = 0;
                int bottom = Math.max(y * planeHeight / height + 1, (y + 1) * planeHeight / height);
                int right = Math.max(x * planeWidth / width + 1, (x + 1) * planeWidth / width);
                for (int i = y * planeHeight / height; i < bottom; i++) {
                    for (int j = x * planeWidth / width; j < right; j++) {
                        sum += plane.at(i, j);
                        count++;
                    }
                }
                image.getRaster().setSample(left + x, y, 0, Drawing.level(sum / count));
            }
        }
    }
}
