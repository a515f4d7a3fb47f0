package stir.api;

/**
 * A network cut at one layer: a function from inputs to that layer's representations, and its
 * derivative. Nothing after the layer is computed.
 *
 * <p>All rows are independent of each other, any number of rows is taken (a backend with a fixed
 * batch size runs several times and pads), and no call changes the network. Calls may come from
 * several threads; a backend may let them wait for each other. Values are single-precision floats.
 *
 * <p>Every method throws {@link IllegalArgumentException} if a batch's shape is not the hook's,
 * {@link IllegalStateException} after {@link #close}, and {@link BackendException} if the backend
 * fails.
 */
public interface LayerHook extends AutoCloseable {
    /** The layer, with the representation's shape, which is known here. */
    Layer layer();

    /** The shape of one input. */
    Shape inputShape();

    /**
     * Whether there is a ReLU before the layer that passes gradients unchanged: {@link
     * HookOptions#fakeRelu}.
     */
    boolean fakeRelu();

    /**
     * Computes representations.
     *
     * @param inputs rows of {@link #inputShape}
     * @param representations as many rows of the layer's shape, to be written
     */
    void represent(Batch inputs, Batch representations);

    /**
     * Computes the vector-Jacobian product: for row {@code i}, the gradient by the input of {@code
     * <cotangents_i, h(inputs_i)>}, {@code h} being this hook.
     *
     * @param inputs rows of {@link #inputShape}
     * @param cotangents as many rows of the layer's shape
     * @param gradients as many rows of {@link #inputShape}, to be written
     */
    void pullback(Batch inputs, Batch cotangents, Batch gradients);

    /**
     * Computes representations, lets a rule turn them into cotangents and pulls these back, in one
     * forward and one backward pass where the backend can do that. This default runs {@link
     * #represent} and then {@link #pullback}.
     *
     * @param inputs rows of {@link #inputShape}
     * @param rule what makes cotangents of representations
     * @param representations as many rows of the layer's shape, to be written
     * @param gradients as many rows of {@link #inputShape}, to be written
     */
    default void pullback(
            Batch inputs, CotangentRule rule, Batch representations, Batch gradients) {
        represent(inputs, representations);
        var cotangents = Batch.allocate(inputs.rows(), layer().shape());
        rule.apply(representations, cotangents);
        pullback(inputs, cotangents, gradients);
    }

    /**
     * Computes each row's distance {@code ||h(inputs_i) - targets_i||_p} and its gradient by the
     * input. The gradient is 0 where the distance is 0. A backend with a static graph computes both
     * in one run; this default uses {@link #pullback(Batch, CotangentRule, Batch, Batch)}.
     *
     * @param inputs rows of {@link #inputShape}
     * @param targets as many rows of the layer's shape
     * @param norm the distance's norm
     * @param distances receives one value a row; at least as long as there are rows
     * @param gradients as many rows of {@link #inputShape}, to be written
     */
    default void distance(
            Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        var representations = Batch.allocate(inputs.rows(), layer().shape());
        pullback(
                inputs,
                (found, cotangents) -> norm.derivatives(found, targets, distances, cotangents),
                representations,
                gradients);
    }

    /** Frees what the hook holds. A second call does nothing. */
    @Override
    void close();
}
