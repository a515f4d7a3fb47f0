package stir.cli.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import stir.api.Batch;
import stir.api.Shape;
import stir.core.inputs.Inputs;

/** Images side by side: the first inputs in the top row, their invariant inputs below. */
final class InputPicture {
    private static final int MOST_COLUMNS = 12;
    private static final int CELL = 84;
    private static final int GAP = 4;
    private static final int WHITE = 0xFFFFFF;

    private final List<Batch> rows;
    private final int columns;
    private final int channels;
    private final int height;
    private final int width;
    private final int zoom;

    private InputPicture(List<Batch> rows, int columns, Shape shape) {
        this.rows = rows;
        this.columns = columns;
        this.channels = shape.dimension(0);
        this.height = shape.dimension(1);
        this.width = shape.dimension(2);
        this.zoom = Math.max(1, CELL / Math.max(height, width));
    }

    /**
     * Returns a picture; empty if the inputs are not images.
     *
     * @param inputs the top row
     * @param invariant each of the other rows, as many as there are inputs
     */
    static Optional<InputPicture> of(Inputs inputs, List<Inputs> invariant) {
        var shape = inputs.shape();
        if (shape.rank() != 3 || (shape.dimension(0) != 1 && shape.dimension(0) != 3)) {
            return Optional.empty();
        }
        int columns = Math.min(MOST_COLUMNS, inputs.count());
        List<Batch> rows = new ArrayList<>();
        rows.add(inputs.read(0, columns));
        invariant.forEach(each -> rows.add(each.read(0, columns)));
        return Optional.of(new InputPicture(rows, columns, shape));
    }

    BufferedImage image() {
        int cellWidth = width * zoom + GAP;
        int cellHeight = height * zoom + GAP;
        var image = new BufferedImage(
                columns * cellWidth + GAP, rows.size() * cellHeight + GAP, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int row = (y - GAP) / cellHeight;
                int column = (x - GAP) / cellWidth;
                int pixelY = (y - GAP - row * cellHeight) / zoom;
                int pixelX = (x - GAP - column * cellWidth) / zoom;
                boolean inside = y >= GAP && x >= GAP && pixelY < height && pixelX < width;
                image.setRGB(x, y, inside ? colour(rows.get(row), column, pixelY, pixelX) : WHITE);
            }
        }
        return image;
    }

    private int colour(Batch images, int index, int y, int x) {
        int colour = 0;
        for (int channel = 0; channel < 3; channel++) {
            int plane = channels == 1 ? 0 : channel;
            float value = images.get(index, (plane * height + y) * width + x);
            colour = colour << 8 | Math.round(255 * Math.min(1, Math.max(0, value)));
        }
        return colour;
    }

    /** Writes a PNG file. */
    void write(OutputStream out) throws IOException {
        ImageIO.setUseCache(false);
        if (!ImageIO.write(image(), "png", out)) {
            throw new IOException("no PNG writer");
        }
    }
}
