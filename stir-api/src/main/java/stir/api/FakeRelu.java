package stir.api;

/**
 * The choice of a ReLU that passes gradients, or a share of them, where it would block them. Its
 * forward value stays the same. In a network without such a ReLU nothing changes, and {@link
 * LayerHook#fakeRelu} is false.
 *
 * <p>The ReLU is found by the computation, not by a backend's names of layers, so that every
 * framework treats a network alike. Operations that pass values on unchanged, such as dropout at
 * inference, are ignored.
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
     * The ReLU that computes the layer, ignoring flattening and other changes of shape: its outputs
     * are the representation's values.
     */
    OF_LAYER,
    /**
     * The ReLU that computes the layer or directly precedes it, with only pooling and changes of
     * shape between. The same ReLU as {@link #OF_LAYER} if that exists.
     */
    BEFORE_LAYER,
    /**
     * {@link #OF_LAYER} if there is such a ReLU. Otherwise the ReLU or ReLU6 that {@link
     * #BEFORE_LAYER} describes passes the share {@link #LEAK} of the gradients that it would block:
     * a gradient for units that are off at all positions, of which a pooled value shows nothing. A
     * backend may leave the second part out.
     */
    LEAKY;

    /** The share of a gradient that {@link #LEAKY} passes where the network blocks it. */
    public static final float LEAK = 0.05f;
}
