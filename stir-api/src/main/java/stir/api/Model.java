package stir.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An open network, permanently in inference mode: no call changes its weights or statistics.
 * Thread-safe; a backend may serialise calls.
 *
 * <p>Stir calls a backend's models only through a guard of its own: {@link #close} is called once,
 * when all hooks are closed and no other call is running, and no call follows it. For users of
 * {@code stir.core}, closing a network closes its hooks and is idempotent; any later call throws
 * {@link IllegalStateException}.
 *
 * @since 0.1.0
 */
public interface Model extends AutoCloseable {
    /** Returns the description of the model's input. */
    InputSpec input();

    /**
     * Returns whether the model's input consists of integers, such as token ids; other values are
     * rounded. Such a model has no gradients, so its inputs are compared in given pairs and never
     * searched. False by default.
     */
    @Experimental
    default boolean takesWholeNumbers() {
        return false;
    }

    /**
     * Returns the layers for {@link #hook}, in the order of their computation.
     *
     * @param input the shape of one input, as {@link InputSpec#shape}; with unknown dimensions, the
     *     layers' shapes may also be unknown
     * @throws DataException if the model does not accept inputs of that shape
     */
    List<Layer> layers(Shape input);

    /**
     * Returns the layer that is measured by default: the input of the classifier, or the output of
     * a network that ends with a hidden layer; empty if the backend can't determine it, or if
     * classifiers receive different tensors. {@link stir.api.support.GraphAnalysis} finds it for
     * all formats alike.
     */
    Optional<String> defaultLayer();

    /**
     * Returns the facts that determine the last bits of results, by name: {@code library}, with its
     * version ("ONNX Runtime 1.29.0"), {@code cpu}, the processor with its instructions, and, on a
     * GPU, {@code gpu}, {@code cuda}, {@code cudnn} and {@code tf32}. {@link
     * stir.api.support.RuntimeFacts#of} returns all of them for a library and a device.
     *
     * <p>Equal facts mean bit-identical results, as far as the backend can determine. Versions are
     * the native code's own. The same on every call. A backend's model returns at least {@code
     * library} and {@code cpu}, as {@code stir.api.contract.BackendContract} tests. The default, no
     * facts, is for models that a program builds for itself.
     */
    default Map<String, String> runtime() {
        return Map.of();
    }

    /**
     * Returns the recorded provenance of the model's file: facts by name, in display order, for
     * example {@code format} ("ONNX"), {@code exporter} ("pytorch 2.7.1") and {@code opset} ("17").
     * The same on every call; empty by default.
     */
    default Map<String, String> origin() {
        return Map.of();
    }

    /**
     * Cuts the network at a layer.
     *
     * @throws UsageException if there is no such layer; the message names the nearest ones
     * @throws DataException if the model does not accept inputs of the hook's shape, or if
     *     gradients are needed and an operator before the layer has none; the message names it
     */
    LayerHook hook(String layer, HookOptions options);

    /** Frees the model's resources; its hooks are closed already. */
    @Override
    void close();
}
