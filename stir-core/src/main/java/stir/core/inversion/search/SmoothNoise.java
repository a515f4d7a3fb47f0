package stir.core.inversion.search;

import java.util.Arrays;
import java.util.Random;
import stir.api.Batch;
import stir.api.Shape;

/**
 * Standard normal noise after a Gaussian filter, for images. At the border the filter goes on at
 * the opposite side, so that all pixels have the same distribution, with variance 1.
 */
final class SmoothNoise {
    /**
     * The filter's standard deviation in pixels; with 1 networks of digits keep 1.3 times the
     * residual.
     */
    private static final double DEVIATION = 2;

    private static final int REACH = 6;

    private SmoothNoise() {}

    /** Writes the noise of an image into a row. */
    static void write(Shape shape, Random random, Batch into, int row) {
        var noise = new double[shape.size()];
        Arrays.setAll(noise, i -> random.nextGaussian());
        int width = shape.dimension(2);
        var smooth = filter(filter(noise, 1, width), width, shape.dimension(1));
        for (int i = 0; i < smooth.length; i++) {
            into.set(row, i, (float) smooth[i]);
        }
    }

    /** Filters images along an axis of a length, whose neighbours are a stride apart. */
    private static double[] filter(double[] images, int stride, int length) {
        var weights = weights(length);
        var filtered = new double[images.length];
        for (int i = 0; i < images.length; i++) {
            int place = i / stride % length;
            int first = i - place * stride;
            for (int j = 0; j < weights.length; j++) {
                int other = Math.floorMod(place + j - REACH, length);
                filtered[i] += weights[j] * images[first + other * stride];
            }
        }
        return filtered;
    }

    /** Returns the weights of neighbours, some of which are the same pixel in small images. */
    private static double[] weights(int length) {
        var weights = new double[2 * REACH + 1];
        var sums = new double[length];
        for (int j = 0; j < weights.length; j++) {
            double distance = (j - REACH) / DEVIATION;
            weights[j] = StrictMath.exp(-0.5 * distance * distance);
            sums[j % length] += weights[j];
        }
        double squares = 0;
        for (double sum : sums) {
            squares += sum * sum;
        }
        double norm = Math.sqrt(squares);
        return Arrays.stream(weights).map(weight -> weight / norm).toArray();
    }
}
