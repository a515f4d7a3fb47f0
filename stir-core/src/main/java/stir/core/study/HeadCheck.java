package stir.core.study;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import stir.api.Batch;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.open.Networks;
import stir.core.network.pass.NetworkHead;
import stir.core.score.compute.ComputedRepresentations;
import stir.core.study.plan.PlannedLayer;
import stir.core.study.run.OpenNetwork;

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

    /** The largest difference, relative to the largest output, that is taken for rounding. */
    private static final double ROUNDING = 0.01;

    /**
     * Checks a head.
     *
     * @return the hash of its file
     * @throws UsageException if it does not belong to the network
     */
    String check(NetworkSpec spec) {
        if (layers.size() != 1) {
            throw new UsageException("A head belongs to one layer, but %d layers of %s are measured: choose one."
                    .formatted(layers.size(), network.network().name()));
        }
        if (network.network().lengths().arePresent()) {
            throw new UsageException("A head needs inputs without padding: it would receive positions that %s does not."
                    .formatted(network.network().name()));
        }
        var layer = layers.get(0);
        var opened = opener.open(spec);
        try (var head = NetworkHead.of(opened, layer.shape())) {
            var values = read(layer.name());
            var outputs = head.of(values);
            float[] alone = head.of(values.slice(0, 1)).toArray();
            double difference = largest(alone.length, i -> alone[i] - outputs.get(0, i));
            if (head.drawsRandomNumbers() || !(difference <= ROUNDING * largest(alone.length, i -> alone[i]))) {
                throw new UsageException(
                        "The head %s is not a function of its input: export it in inference mode, after model.eval() in PyTorch."
                                .formatted(opened.name()));
            }
            layer.classLayer().ifPresent(classes -> compare(opened, outputs.toArray(), layer.name(), classes));
        }
        return opened.sha256();
    }

    /** Refuses outputs that are not the network's own. */
    private void compare(Network opened, float[] outputs, String layer, String classes) {
        float[] own = read(classes).toArray();
        if (outputs.length != own.length) {
            int rows = Math.min(INPUTS, inputs.count());
            throw new UsageException(
                    "The head %s has %d outputs, but the network has %d at '%s': use the network's own head."
                            .formatted(opened.name(), outputs.length / rows, own.length / rows, classes));
        }
        double difference = largest(own.length, i -> outputs[i] - own[i]);
        double largest = largest(own.length, i -> own[i]);
        if (!(difference <= ROUNDING * largest)) { // negated so that NaN is refused, too
            throw new UsageException(
                    "The outputs of the head %s differ from the network's at '%s' by up to %.2g, and these are up to %.2g: use the network's own head, from '%s' to its last layer."
                            .formatted(opened.name(), classes, difference, largest, layer));
        }
    }

    private static double largest(int count, IntToDoubleFunction value) {
        return IntStream.range(0, count).mapToDouble(value).map(Math::abs).max().orElse(0);
    }

    /** Reads the values of a layer for inputs from the first to the last. */
    private Batch read(String layer) {
        int count = Math.min(INPUTS, inputs.count());
        int[] chosen = IntStream.range(0, count)
                .map(i -> (int) ((long) i * inputs.count() / count))
                .toArray();
        var cut = network.cut(layer);
        var values = Batch.allocate(count, cut.representationShape());
        new ComputedRepresentations(cut, inputs).read(chosen, values);
        return values;
    }
}
