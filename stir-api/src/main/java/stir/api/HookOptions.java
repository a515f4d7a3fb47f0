package stir.api;

import java.util.Objects;

/**
 * The options for cutting a network.
 *
 * @param input the shape of one input as the model expects it, with every dimension known
 * @param fakeRelu the ReLU that is to pass gradients unchanged, if the network has it
 * @param gradients whether gradients are needed. Without them, a hook can also be set at a layer
 *     without gradients, and only {@link LayerHook#represent} may be called.
 * @since 0.1.0
 */
public record HookOptions(Shape input, FakeRelu fakeRelu, boolean gradients) {
    /** Creates the options of a hook with the network's own gradients. */
    public HookOptions(Shape input) {
        this(input, FakeRelu.NONE);
    }

    /** Creates the options of a hook with gradients. */
    public HookOptions(Shape input, FakeRelu fakeRelu) {
        this(input, fakeRelu, true);
    }

    /** Returns the options of a hook that only represents inputs. */
    public static HookOptions withoutGradients(Shape input) {
        return new HookOptions(input, FakeRelu.NONE, false);
    }

    /** Checks that the shape is known. */
    public HookOptions {
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(fakeRelu, "fakeRelu");
        if (!input.isKnown()) {
            throw new IllegalArgumentException("A hook needs the full shape of an input, not " + input);
        }
    }
}
