package stir.core.network.pass;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.network.Network;

/**
 * A head: a network from the values of another network's layer to its outputs, without
 * preprocessing and gradients. Owns its hook, not the network.
 */
public final class NetworkHead implements AutoCloseable {
    private final LayerHook hook;

    private NetworkHead(LayerHook hook) {
        this.hook = hook;
    }

    /**
     * Cuts a head at its last layer.
     *
     * @param network the head's network. The caller retains ownership
     * @param values the shape of the layer's values of one input
     * @throws UsageException if it does not take such values, or does not end with a vector of at
     *     least two values per input
     */
    public static NetworkHead of(Network network, Shape values) {
        var taken = network.input().shape();
        if (taken.isKnown() && taken.rank() > 0 && !taken.equals(values)) {
            throw new UsageException(
                    "The head %s takes inputs of shape %s, but the layer's values have shape %s: export it from that layer."
                            .formatted(network.name(), taken, values));
        }
        LayerHook hook;
        try {
            var last = network.layers(values).stream()
                    .filter(Layer::measurable)
                    .reduce((before, after) -> after)
                    .orElseThrow(() -> new UsageException(
                            "The head %s has no named layer: put a single module into another, such as nn.Sequential."
                                    .formatted(network.name())));
            hook = network.model().hook(last.name(), HookOptions.withoutGradients(values));
        } catch (DataException e) {
            throw new UsageException("Head for values of shape %s: %s".formatted(values, e.getMessage()), e);
        }
        var shape = hook.layer().shape();
        if (shape.rank() != 1 || shape.size() < 2) {
            hook.close();
            throw new UsageException(
                    "The head %s ends with %s per input at '%s': it needs a vector of at least two values, one per class."
                            .formatted(network.name(), shape, hook.layer().name()));
        }
        return new NetworkHead(hook);
    }

    /**
     * Computes outputs.
     *
     * @param values rows of the layer's values
     */
    public Batch of(Batch values) {
        var outputs = Batch.allocate(values.rows(), hook.layer().shape());
        hook.represent(values, outputs);
        return outputs;
    }

    /** Returns whether a pass has drawn random numbers: {@link LayerHook#drawsRandomNumbers}. */
    public boolean drawsRandomNumbers() {
        return hook.drawsRandomNumbers();
    }

    @Override
    public void close() {
        hook.close();
    }
}
