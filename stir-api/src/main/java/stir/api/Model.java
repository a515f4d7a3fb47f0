package stir.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network that is open, in inference mode for good: no call changes its weights or statistics. It
 * may be used from several threads; a backend may let them wait for each other.
 *
 * <p>Stir calls a backend's models only through a guard of its own: {@link #close} comes once, when
 * all hooks are closed and no other call is going on, and no call comes after it. To users of
 * {@code stir.core} closing a network closes its hooks, a second time does nothing, and any call
 * after it throws {@link IllegalStateException}.
 *
 * @since 0.1.0
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
     * What computes: facts that decide the last bits of results, by name, for example {@code
     * library} ("ONNX Runtime 1.23.2"), {@code cpu} ({@code stir.api.support.Processor#describe})
     * and, where a GPU computes, {@code gpu}. Where all facts are equal, so are results, bit for
     * bit, as far as the backend can tell. Versions are those that the native code reports. The
     * same at every call; empty by default, which promises nothing.
     */
    default Map<String, String> runtime() {
        return Map.of();
    }

    /**
     * How the model's file came to be, as far as it tells: facts by name, in the order in which
     * they are shown, for example {@code format} ("ONNX"), {@code exporter} ("pytorch 2.7.1") and
     * {@code opset} ("17"). The same at every call; empty by default.
     */
    default Map<String, String> origin() {
        return Map.of();
    }

    /**
     * Cuts the network at a layer.
     *
     * @throws UsageException if there is no such layer; the message names the nearest ones
     * @throws DataException if the model does not take inputs of the hook's shape, or if gradients
     *     are wanted and an operator before the layer has none; the message names it
     */
    LayerHook hook(String layer, HookOptions options);

    /** Frees what the model holds; its hooks are closed. */
    @Override
    void close();
}
