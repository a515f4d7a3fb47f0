package stir.core.check;

import stir.api.Batch;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.math.random.KeyedRandom;
import stir.core.network.Network;
import stir.core.network.pass.PixelTransform;

/** A few inputs in the form that networks take them. */
final class Points {
    private static final int MOST = 8;

    /** The number of values of all points together that large inputs should not exceed. */
    private static final int VALUES = 1 << 21;

    private static final int FEWEST = 2;

    private Points() {}

    /** Returns random inputs with values uniform in [0,1]. */
    static Inputs noise(int count, Shape shape) {
        return Inputs.of(
                "noise",
                count,
                shape,
                (index, into, row) -> {
                    var random = KeyedRandom.of(0, index);
                    for (int i = 0; i < into.rowSize(); i++) {
                        into.set(row, i, random.nextFloat());
                    }
                });
    }

    /** Returns how many inputs of a shape are used. */
    static int countFor(Shape shape) {
        return Math.max(FEWEST, Math.min(MOST, VALUES / shape.size()));
    }

    /**
     * Returns the first inputs in the form that a network takes them.
     *
     * @throws stir.api.StirException if it does not accept such inputs
     */
    static Batch of(Inputs inputs, Network network) {
        var pixels = inputs.read(0, Math.min(inputs.count(), countFor(inputs.shape())));
        var transform = PixelTransform.between(inputs.shape(), network);
        var taken =
                network.sides().withMemory(Batch.allocate(pixels.rows(), transform.modelShape()));
        transform.forward(pixels, taken);
        for (int row = 0; row < taken.rows(); row++) {
            network.sides().read(row, taken, row);
        }
        return taken;
    }
}
