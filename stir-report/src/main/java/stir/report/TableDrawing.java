package stir.report;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import stir.api.Batch;
import stir.core.inputs.Inputs;

/**
 * A row of a table: a bar per column, from the data's median to the value, on a band from the
 * data's lower to its upper quartile.
 *
 * @param quartiles the lower quartile, the median and the upper quartile of each column
 */
@SuppressWarnings("ArrayRecordComponent") // not compared, and used within one page
record TableDrawing(double[][] quartiles) implements Drawing {
    private static final int HEIGHT = 64;
    private static final int WIDTH = 128;
    private static final int BAND = 200;

    /** The inputs that the spread is taken of, spread evenly. */
    private static final int MOST_INPUTS = 2000;

    /** Creates the drawing of a table's rows. */
    static TableDrawing of(Inputs inputs) {
        int count = Math.min(inputs.count(), MOST_INPUTS);
        var rows = Batch.allocate(count, inputs.shape());
        for (int i = 0; i < count; i++) {
            inputs.read((int) ((long) i * inputs.count() / count), rows, i);
        }
        var quartiles = new double[inputs.shape().size()][];
        for (int column = 0; column < quartiles.length; column++) {
            var values = new double[count];
            for (int i = 0; i < count; i++) {
                values[i] = rows.get(i, column);
            }
            Arrays.sort(values);
            quartiles[column] = new double[] {quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75)};
        }
        return new TableDrawing(quartiles);
    }

    /** Returns a quantile with linear interpolation, as numpy's. */
    static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    @Override
    public String words() {
        return "Bars from the data's medians to the values of";
    }

    @Override
    public long bytes() {
        return 600;
    }

    @Override
    public BufferedImage image(Batch batch, int row) {
        int slot = Math.max(2, WIDTH / quartiles.length);
        var image = Drawing.white(slot * quartiles.length, HEIGHT);
        for (int column = 0; column < quartiles.length; column++) {
            var ends = quartiles[column];
            int left = slot * column;
            fill(image, left, slot - 1, ends[0], ends[2], BAND);
            int inset = slot / 4;
            fill(image, left + inset, slot - 1 - 2 * inset, ends[1], batch.get(row, column), 0);
        }
        return image;
    }

    private static void fill(BufferedImage image, int left, int width, double from, double to, int level) {
        int top = Drawing.line(Math.max(from, to), HEIGHT);
        int bottom = Drawing.line(Math.min(from, to), HEIGHT);
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x < left + Math.max(1, width); x++) {
                image.getRaster().setSample(x, y, 0, level);
            }
        }
    }
}
