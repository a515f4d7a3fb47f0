package stir.core.score.compute;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import stir.api.Batch;
import stir.api.Layer;

/**
 * The classes that a network predicts: the largest value at the last layer, after the measured one,
 * whose representation is a vector.
 *
 * @param layer the layer of the classes
 * @param before its representations of the inputs
 * @param after its representations of the invariant inputs
 */
public record PredictedClasses(String layer, Representations before, Representations after) {
    /**
     * Returns the layer of a network's classes.
     *
     * @param layers all its layers, in order
     * @return empty if there is none after it
     */
    public static Optional<Layer> layerOf(List<Layer> layers, String measured) {
        for (int i = layers.size() - 1; i >= 0; i--) {
            var layer = layers.get(i);
            if (layer.name().equals(measured)) {
                return Optional.empty();
            }
            var shape = layer.shape();
            if (layer.obstacle().isEmpty() && shape.rank() == 1 && shape.dimension(0) > 1) {
                return Optional.of(layer);
            }
        }
        return Optional.empty();
    }

    /** Returns per input a class from 0; empty where no value is finite. */
    static OptionalInt[] of(Representations outputs, int[] inputs) {
        var values = Batch.allocate(inputs.length, outputs.shape());
        outputs.read(inputs, values);
        var predicted = new OptionalInt[inputs.length];
        for (int row = 0; row < inputs.length; row++) {
            predicted[row] = largest(values, row);
        }
        return predicted;
    }

    /** Returns the index of a row's largest value; empty where no value is finite. */
    public static OptionalInt largest(Batch outputs, int row) {
        int largest = -1;
        float value = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < outputs.rowSize(); i++) {
            if (outputs.get(row, i) > value) {
                value = outputs.get(row, i);
                largest = i;
            }
        }
        return largest < 0 ? OptionalInt.empty() : OptionalInt.of(largest);
    }
}
