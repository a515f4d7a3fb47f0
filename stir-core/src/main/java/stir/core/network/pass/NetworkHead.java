package stir.core.network.pass;

import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Shape;
import stir.api.StirException;
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
            throw unfit(network, values, "it takes " + taken);
        }
        LayerHook hook;
        try {
            var last =
                    network.layers(values).stream()
                            .filter(Layer::measurable)
                            .reduce((before, after) -> after)
                            .orElseThrow(() -> unfit(network, values, "it has no layer"));
            hook = network.model().hook(last.name(), HookOptions.withoutGradients(values));
        } catch (UsageException e) {
            throw e;
        } catch (StirException e) {
            throw unfit(network, values, e.getMessage());
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

    private static UsageException unfit(Network network, Shape values, String reason) {
        return new UsageException(
                "The head %s does not take the layer's values of shape %s: %s."
                        .formatted(network.name(), values, reason.replaceFirst("\\.$", "")));
    }

    /** Returns the number of outputs, at least 2. */
    public int outputs() {
        return hook.layer().shape().size();
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

    @Override
    public void close() {
        hook.close();
    }
}
