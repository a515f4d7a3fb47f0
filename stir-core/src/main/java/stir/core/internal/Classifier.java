package stir.core.internal;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Layer;
import stir.api.Shape;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The classes that a network predicts: the largest value at the last layer, behind the one that is
 * measured, whose representation is a vector.
 */
final class Classifier implements AutoCloseable {
    private final HookedNetwork classes;
    private final String layer;

    private Classifier(HookedNetwork classes, String layer) {
        this.classes = classes;
        this.layer = layer;
    }

    /**
     * Cuts a network at its classes.
     *
     * @param measured the network at the layer that is measured; stays its owner's
     * @param pixels the shape of an input
     * @return empty if there is no such layer
     * @throws DataException if the network can't be cut there
     */
    static Optional<Classifier> of(HookedNetwork measured, Shape pixels) {
        var network = measured.network();
        return lastVector(network.layers(measured.modelShape()), network.layer())
                .map(
                        layer ->
                                new Classifier(
                                        HookedNetwork.of(
                                                network,
                                                layer.name(),
                                                pixels,
                                                measured.batchSize(),
                                                false),
                                        layer.name()));
    }

    private static Optional<Layer> lastVector(List<Layer> layers, String measured) {
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

    /** The layer that tells the classes. */
    String layer() {
        return layer;
    }

    /**
     * The predicted classes.
     *
     * @param rows where the pixels come from
     * @param from the index of the first row
     * @param count how many there are
     * @return a class from 0 for each; empty where no value is finite
     */
    OptionalInt[] predict(Rows rows, int from, int count) {
        var outputs = Batch.allocate(count, classes.representationShape());
        classes.represent(rows, from, outputs);
        var predicted = new OptionalInt[count];
        for (int row = 0; row < count; row++) {
            predicted[row] = largest(outputs, row);
        }
        return predicted;
    }

    private static OptionalInt largest(Batch outputs, int row) {
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

    @Override
    public void close() {
        classes.close();
    }
}
