package stir.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import stir.api.BackendException;
import stir.api.Batch;
import stir.api.Shape;
import stir.core.inputs.Inputs;

/** A small picture of an input, whatever it is. */
interface Drawing {
    /** The number of values up to which a vector is a row of a table. */
    int MOST_COLUMNS = 64;

    /** Returns the words for its picture, to which the input's number is added. */
    String words();

    /** Returns the approximate number of bytes of a picture. */
    long bytes();

    /** Returns the picture of a row of a batch, whose values are in [0,1]. */
    BufferedImage image(Batch batch, int row);

    /**
     * Returns the drawing of the given inputs; empty if there is none for their shape.
     *
     * @param rate the number of samples per second, if they are sounds
     */
    static Optional<Drawing> of(Inputs inputs, OptionalInt rate) {
        var shape = inputs.shape();
        if (isImage(shape)) {
            return Optional.of(new Picture(shape));
        }
        return switch (shape.rank()) {
            case 1 ->
                Optional.of(
                        rate.isEmpty() && shape.size() <= MOST_COLUMNS
                                ? TableDrawing.of(inputs)
                                : new Waveform(shape.size(), rate.isPresent()));
            case 2, 3, 4 -> Optional.of(new Slices(shape));
            default -> Optional.empty();
        };
    }

    /** Returns whether inputs of a shape are images: grey or in colours. */
    static boolean isImage(Shape shape) {
        return shape.rank() == 3 && (shape.dimension(0) == 1 || shape.dimension(0) == 3);
    }

    /** Returns a row of a batch as a PNG file within an address. */
    default String address(Batch batch, int row) {
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.setUseCache(false);
            if (!ImageIO.write(image(batch, row), "png", bytes)) {
                throw new IOException("no PNG writer");
            }
        } catch (IOException e) {
            throw new BackendException("A picture could not be made: " + e.getMessage(), e);
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** Returns a value in [0,1] as a level of grey. */
    static int level(double value) {
        return (int) Math.round(255 * Math.min(1, Math.max(0, value)));
    }

    /** Returns the line that draws a value in [0,1], with 1 at the top and 0 at the bottom. */
    static int line(double value, int lines) {
        return (int) Math.round((lines - 1) * (1 - Math.min(1, Math.max(0, value))));
    }

    /** Returns an empty picture in grey. */
    static BufferedImage white(int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.getRaster().setSample(x, y, 0, 255);
            }
        }
        return image;
    }
}
