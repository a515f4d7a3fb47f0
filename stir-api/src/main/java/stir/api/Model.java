package stir.api;

import java.util.List;
import java.util.Optional;

/**
 * A network that is open, in inference mode for good: no call changes its weights or statistics. It
 * may be used from several threads; a backend may let them wait for each other.
 */
public interface Model extends AutoCloseable {
    /** What the model takes. */
    InputSpec input();

    /**
     * The layers at which a hook can be set, in the order in which the network computes them.
     *
     * @param input the shape of one input, as {@link InputSpec#shape}; with unknown dimensions the
     *     layers' shapes may be unknown too
     * @throws DataException if the model does not take inputs of that shape
     */
    List<Layer> layers(Shape input);

    /**
     * The layer that is measured when the user names none: the last one before the classifier whose
     * representation is a vector; empty if the backend can't tell.
     */
    Optional<String> defaultLayer();

    /**
     * Cuts the network at a layer. The hook's owner closes it before the model.
     *
     * @throws UsageException if there is no such layer; the message names the nearest ones
     * @throws DataException if the model does not take inputs of the hook's shape, or if gradients
     *     are wanted and an operator before the layer has none; the message names it
     */
    LayerHook hook(String layer, HookOptions options);

    /** Frees what the model holds, hooks included. A second call does nothing. */
    @Override
    void close();
}
