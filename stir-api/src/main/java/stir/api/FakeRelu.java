package stir.api;

/**
 * Which ReLU passes gradients unchanged where it would block them. Its value forwards stays as it
 * is. Where the network has no such ReLU nothing changes, and {@link LayerHook#fakeRelu} says so.
 *
 * <p>It is found in what the network computes, not by what a backend calls the layer, so that a
 * network is treated alike in every framework: dropout, which is off at inference, and whatever
 * else hands values on as they are stand for nothing.
 *
 * <p>Source: the "fake ReLU" of Engstrom et al., Adversarial Robustness as a Prior for Learned
 * Representations, 2019.
 *
 * @since 0.1.0
 */
public enum FakeRelu {
    /** None: gradients are the network's own. */
    NONE,
    /**
     * The ReLU that computes the layer, flattening and other changes of shape aside: its outputs
     * are the representation's values.
     */
    OF_LAYER,
    /**
     * The ReLU that computes the layer or directly precedes it, with nothing but pooling and
     * changes of shape between. Where there is one {@link #OF_LAYER} it is that.
     */
    BEFORE_LAYER
}
