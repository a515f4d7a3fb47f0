package stir.api;

import java.util.Objects;

/**
 * How a network is to be cut.
 *
 * @param input the shape of one input as the model takes it, every dimension known
 * @param fakeRelu which ReLU is to pass gradients unchanged, if the network has it
 * @param gradients whether gradients are wanted. Without them a hook can be set also where the
 *     network has none, and {@link LayerHook#represent} is all that may be called.
 * @since 0.1.0
 */
public record HookOptions(Shape input, FakeRelu fakeRelu, boolean gradients) {
    /** Options of a hook with the network's own gradients. */
    public HookOptions(Shape input) {
        this(input, FakeRelu.NONE);
    }

    /** Options of a hook with gradients. */
    public HookOptions(Shape input, FakeRelu fakeRelu) {
        this(input, fakeRelu, true);
    }

    /** Options of a hook that represents inputs, and no more. */
    public static HookOptions withoutGradients(Shape input) {
        return new HookOptions(input, FakeRelu.NONE, false);
    }

    /** Checks that the shape is known. */
    public HookOptions {
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(fakeRelu, "fakeRelu");
        if (!input.isKnown()) {
            throw new IllegalArgumentException(
                    "A hook needs the whole shape of an input, not " + input);
        }
    }
}
