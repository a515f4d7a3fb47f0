package stir.api;

import java.util.OptionalInt;

/**
 * A network cut at one layer: a function from inputs to that layer's representations, and its
 * derivative. Nothing after the layer is computed.
 *
 * <p>All rows are independent of each other, and no call changes the network. Values are
 * single-precision floats.
 *
 * <p><b>What a caller of a backend guarantees.</b> Stir calls a backend's hooks only through a
 * guard of its own, so a backend need not check that
 *
 * <ul>
 *   <li>batches have the shapes and numbers of rows that the methods ask for, and at least one row;
 *   <li>there are exactly {@link #batch} rows where that is fixed;
 *   <li>gradients are only asked for where {@link HookOptions#gradients} said so;
 *   <li>{@link #close} comes once, before the model's, when no other call is going on, and no call
 *       comes after it.
 * </ul>
 *
 * Who calls a backend's hook without Stir keeps to that himself.
 *
 * <p><b>What a backend does.</b> Calls come from several threads at the same time; it may let them
 * wait for each other. It throws {@link BackendException} if its library fails, and lets through
 * what a {@link CotangentRule} throws.
 *
 * <p><b>What users of Stir meet.</b> The hooks of {@code stir.core}'s networks take any number of
 * rows, and throw {@link IllegalArgumentException} if a batch's shape is not the hook's and {@link
 * IllegalStateException} after {@link #close} or where gradients are asked for that were not
 * wanted.
 *
 * @since 0.1.0
 */
public interface LayerHook extends AutoCloseable {
    /** The layer, with the representation's shape, which is known here. */
    Layer layer();

    /** The shape of one input. */
    Shape inputShape();

    /**
     * Whether a ReLU passes gradients unchanged: whether the network has the one that {@link
     * HookOptions#fakeRelu} asked for.
     */
    boolean fakeRelu();

    /**
     * The only number of rows that the methods below take, or empty if they take any, which is the
     * default. A model of a fixed {@link InputSpec#batch} may have hooks that take any.
     */
    default OptionalInt batch() {
        return OptionalInt.empty();
    }

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
     * <p>The rule may call this hook again, in the same thread: so many passes go forward before
     * the first goes back.
     *
     * @param inputs rows of {@link #inputShape}
     * @param rule what makes cotangents of representations
     * @param representations as many rows of the layer's shape, to be written before the rule is
     *     asked
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

    /** Frees what the hook holds. Through Stir's guard a second call does nothing. */
    @Override
    void close();
}
