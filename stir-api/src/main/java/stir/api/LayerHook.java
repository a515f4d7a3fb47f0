package stir.api;

import java.util.OptionalInt;

/**
 * A network cut at one layer: a function from inputs to that layer's representations, and its
 * derivative. Nothing after the layer is computed.
 *
 * <p>All rows are independent of each other, and no call changes the network. Values are
 * single-precision floats.
 *
 * <p><b>Duties of the caller.</b> Stir calls a backend's hooks only through its own guard, so a
 * backend need not check that
 *
 * <ul>
 *   <li>batches have the shapes and numbers of rows that the methods ask for, and at least one row;
 *   <li>there are exactly {@link #batch} rows if that is fixed;
 *   <li>gradients are requested only if {@link HookOptions#gradients} is true;
 *   <li>{@link #close} is called once, before the model's, when no other call is running, and no
 *       call follows it.
 * </ul>
 *
 * Callers that bypass Stir must observe these rules.
 *
 * <p><b>Duties of the backend.</b> Calls come from several threads at the same time; it may
 * serialise them. It throws {@link BackendException} if its library fails, and does not catch
 * exceptions of a {@link CotangentRule}.
 *
 * <p><b>What users of Stir observe.</b> The hooks of {@code stir.core}'s networks accept any number
 * of rows. They throw {@link IllegalArgumentException} if a batch's shape is not the hook's, and
 * {@link IllegalStateException} after {@link #close} or if gradients are requested from a hook
 * without them.
 *
 * @since 0.1.0
 */
public interface LayerHook extends AutoCloseable {
    /** Returns the layer; the shape of its representation is fully known. */
    Layer layer();

    /** Returns the shape of one input. */
    Shape inputShape();

    /**
     * Returns whether a ReLU passes gradients, or a share of them, that it would block: whether the
     * network has the ReLU that {@link HookOptions#fakeRelu} selects.
     */
    boolean fakeRelu();

    /**
     * Returns the only number of rows that the methods below accept, or empty if they accept any,
     * which is the default. A model of a fixed {@link InputSpec#batch} may have hooks that accept
     * any.
     */
    default OptionalInt batch() {
        return OptionalInt.empty();
    }

    /**
     * Computes representations.
     *
     * @param inputs rows of {@link #inputShape}
     * @param representations the batch that receives the same number of rows of the layer's shape
     */
    void represent(Batch inputs, Batch representations);

    /**
     * Computes the vector-Jacobian product: for row {@code i}, the gradient of {@code
     * <cotangents_i, h(inputs_i)>} with respect to the input, where {@code h} is this hook.
     *
     * @param inputs rows of {@link #inputShape}
     * @param cotangents the cotangents, the same number of rows of the layer's shape
     * @param gradients the batch that receives the same number of rows of {@link #inputShape}
     */
    void pullback(Batch inputs, Batch cotangents, Batch gradients);

    /**
     * Computes representations, lets a rule turn them into cotangents and pulls these back, in one
     * forward and one backward pass if the backend supports that. This default runs {@link
     * #represent} and then {@link #pullback}.
     *
     * <p>The rule may call this hook again in the same thread, so several forward passes may
     * precede the first backward pass.
     *
     * @param inputs rows of {@link #inputShape}
     * @param rule the rule that computes cotangents from representations
     * @param representations the batch that receives the same number of rows of the layer's shape,
     *     before the rule is applied
     * @param gradients the batch that receives the same number of rows of {@link #inputShape}
     */
    default void pullback(Batch inputs, CotangentRule rule, Batch representations, Batch gradients) {
        represent(inputs, representations);
        var cotangents = Batch.allocate(inputs.rows(), layer().shape());
        rule.apply(representations, cotangents);
        pullback(inputs, cotangents, gradients);
    }

    /**
     * Computes each row's distance {@code ||h(inputs_i) - targets_i||_p} and its gradient with
     * respect to the input. The gradient is 0 if the distance is 0. A backend with a static graph
     * computes distances and gradients in one run; this default uses {@link #pullback(Batch,
     * CotangentRule, Batch, Batch)}.
     *
     * @param inputs rows of {@link #inputShape}
     * @param targets the targets, the same number of rows of the layer's shape
     * @param norm the distance's norm
     * @param distances the array that receives one value per row; its length is at least the number
     *     of rows
     * @param gradients the batch that receives the same number of rows of {@link #inputShape}
     */
    default void distance(Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        var representations = Batch.allocate(inputs.rows(), layer().shape());
        pullback(
                inputs,
                (representation, cotangents) -> norm.derivatives(representation, targets, distances, cotangents),
                representations,
                gradients);
    }

    /**
     * Returns whether a pass since the previous call has drawn random numbers, if the library shows
     * this; {@code false} by default. Such a network is not a function of its input, however rarely
     * the numbers matter.
     */
    default boolean drawsRandomNumbers() {
        return false;
    }

    /** Frees the hook's resources. Idempotent through Stir's guard. */
    @Override
    void close();
}
