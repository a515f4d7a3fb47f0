package stir.api;

import java.util.Objects;

/**
 * How a network is to be cut.
 *
 * @param input the shape of one input as the model takes it, every dimension known
 * @param fakeRelu whether a ReLU that directly precedes the layer (or is it), pooling and
 *     flattening aside, passes gradients unchanged where it would block them. Its value forwards
 *     stays as it is. Without such a ReLU it changes nothing. Source: the "fake ReLU" of Engstrom
 *     et al., Adversarial Robustness as a Prior for Learned Representations, 2019.
 * @param gradients whether gradients are wanted. Without them a hook can be set also where the
 *     network has none, and {@link LayerHook#represent} is all that may be called.
 * @since 0.1.0
 */
public record HookOptions(Shape input, boolean fakeRelu, boolean gradients) {
    /** Options of a hook with gradients. */
    public HookOptions(Shape input, boolean fakeRelu) {
        this(input, fakeRelu, true);
    }

    /** Options of a hook that represents inputs, and no more. */
    public static HookOptions withoutGradients(Shape input) {
        return new HookOptions(input, false, false);
    }

    /** Checks that the shape is known. */
    public HookOptions {
        Objects.requireNonNull(input, "input");
        if (!input.isKnown()) {
            throw new IllegalArgumentException(
                    "A hook needs the whole shape of an input, not " + input);
        }
    }
}
