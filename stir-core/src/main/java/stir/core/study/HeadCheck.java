package stir.core.study;

import stir.api.Batch;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.open.Networks;
import stir.core.network.pass.NetworkHead;
import stir.core.score.compute.ComputedRepresentations;
import stir.core.score.compute.PredictedClasses;
import stir.core.study.plan.PlannedLayer;
import stir.core.study.run.OpenNetwork;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The check that a head belongs to a network: to its only measured layer, and, if the network has
 * classes after it, to its outputs.
 *
 * @param opener the opener of heads
 * @param network the network. The caller retains ownership
 * @param layers its measured layers
 */
record HeadCheck(Networks opener, OpenNetwork network, List<PlannedLayer> layers, Inputs inputs) {
    /** The most inputs whose outputs are compared. */
    private static final int INPUTS = 16;

    /** The largest difference of outputs, relative to the largest output, of other runtimes. */
    private static final double ROUNDING = 0.01;

    /**
     * Checks a head.
     *
     * @return the hash of its file
     * @throws UsageException if it does not belong to the network
     */
    String check(NetworkSpec spec) {
        if (layers.size() != 1) {
            throw new UsageException(
                    "A head belongs to one layer, but %d layers of %s are measured: choose one."
                            .formatted(layers.size(), network.network().name()));
        }
        var layer = layers.get(0);
        var opened = opener.open(spec);
        try (var head = NetworkHead.of(opened, layer.shape())) {
            layer.classLayer().ifPresent(classes -> compare(opened, head, layer.name(), classes));
        }
        return opened.sha256();
    }

    /** Refuses outputs that differ from the network's own by more than scale or rounding. */
    private void compare(Network opened, NetworkHead head, String layer, String classes) {
        var own = read(classes);
        var outputs = head.of(read(layer));
        if (outputs.rowSize() != own.rowSize()) {
            throw new UsageException(
                    "The head %s has %d outputs, but the network has %d at '%s': use the network's own head."
                            .formatted(opened.name(), outputs.rowSize(), own.rowSize(), classes));
        }
        double difference = 0;
        double largest = 0;
        int others = 0;
        for (int row = 0; row < own.rows(); row++) {
            for (int i = 0; i < own.rowSize(); i++) {
                difference = Math.max(difference, Math.abs(outputs.get(row, i) - own.get(row, i)));
                largest = Math.max(largest, Math.abs(own.get(row, i)));
            }
            boolean isSame =
                    PredictedClasses.largest(outputs, row)
                            .equals(PredictedClasses.largest(own, row));
            others += isSame ? 0 : 1;
        }
        // A softmax in one of the two changes the outputs, and not which is the largest.
        if (others > 0 && difference > ROUNDING * largest) {
            throw new UsageException(
                    "The outputs of the head %s are not those of the network at '%s': the largest one is another for %d of %d inputs. Use the network's own head, from the layer '%s'."
                            .formatted(opened.name(), classes, others, own.rows(), layer));
        }
    }

    /** Reads the values of a layer for inputs from the first to the last. */
    private Batch read(String layer) {
        int count = Math.min(INPUTS, inputs.count());
        int[] chosen =
                IntStream.range(0, count)
                        .map(i -> (int) ((long) i * inputs.count() / count))
                        .toArray();
        var cut = network.cut(layer);
        var values = Batch.allocate(count, cut.representationShape());
        new ComputedRepresentations(cut, inputs).read(chosen, values);
        return values;
    }
}
