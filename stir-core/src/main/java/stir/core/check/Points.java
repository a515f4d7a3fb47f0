package stir.core.check;

import stir.api.Batch;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.math.random.KeyedRandom;
import stir.core.network.Network;
import stir.core.network.pass.PixelTransform;

/**
 * A few inputs in the form that networks take them.
 *
 * @param values one row per input
 * @param spreads the standard deviation of each input's values in [0,1], in units of the network's
 *     values: columns of tables and normalised channels have unlike widths
 */
record Points(Batch values, Batch spreads) {
    private static final int MOST = 8;

    /** The number of values of all points together that large inputs should not exceed. */
    private static final int VALUES = 1 << 21;

    private static final int FEWEST = 2;

    /** The variance below which an input is taken for constant. */
    private static final double CONSTANT = 1e-12;

    /** Returns random inputs with values uniform in [0,1]. */
    static Inputs noise(int count, Shape shape) {
        return Inputs.of("noise", count, shape, (index, into, row) -> {
            var random = KeyedRandom.of(0, index);
            for (int i = 0; i < into.rowSize(); i++) {
                into.set(row, i, random.nextFloat());
            }
        });
    }

    /** Returns the number of inputs of a shape that are used. */
    static int countFor(Shape shape) {
        return Math.max(FEWEST, Math.min(MOST, VALUES / shape.size()));
    }

    /**
     * Returns the first inputs in the form that a network takes them.
     *
     * @throws stir.api.StirException if it does not accept such inputs
     */
    static Points of(Inputs inputs, Network network) {
        var pixels = inputs.read(0, Math.min(inputs.count(), countFor(inputs.shape())));
        var transform = PixelTransform.between(inputs.shape(), network);
        var values = network.sides().withMemory(Batch.allocate(pixels.rows(), transform.modelShape()));
        transform.forward(pixels, values);
        var spreads = spreads(pixels, transform);
        for (int row = 0; row < values.rows(); row++) {
            network.sides().read(row, values, row);
        }
        return new Points(values, spreads);
    }

    /**
     * Returns the distance that the network's values move if each pixel moves by its row's
     * deviation.
     */
    private static Batch spreads(Batch pixels, PixelTransform transform) {
        var ends = Batch.allocate(pixels.rows(), pixels.rowShape());
        var lowest = Batch.allocate(pixels.rows(), transform.modelShape());
        var spreads = Batch.allocate(pixels.rows(), transform.modelShape());
        transform.forward(ends, lowest);
        for (int row = 0; row < ends.rows(); row++) {
            float deviation = (float) deviation(pixels, row);
            for (int i = 0; i < ends.rowSize(); i++) {
                ends.set(row, i, deviation);
            }
        }
        transform.forward(ends, spreads);
        for (int i = 0; i < spreads.buffer().capacity(); i++) {
            spreads.buffer().put(i, spreads.buffer().get(i) - lowest.buffer().get(i));
        }
        return spreads;
    }

    private static double deviation(Batch pixels, int row) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < pixels.rowSize(); i++) {
            sum += pixels.get(row, i);
            squares += (double) pixels.get(row, i) * pixels.get(row, i);
        }
        double mean = sum / pixels.rowSize();
        double variance = squares / pixels.rowSize() - mean * mean;
        return variance > CONSTANT ? Math.sqrt(variance) : 1;
    }

    /** Returns the points of the first rows, sharing memory. */
    Points first(int rows) {
        return new Points(values.slice(0, rows), spreads.slice(0, rows));
    }
}
