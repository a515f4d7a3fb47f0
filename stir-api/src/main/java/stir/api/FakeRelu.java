package stir.api;

/**
 * The choice of a ReLU that passes gradients, or a share of them, that it would block. Its forward
 * value stays the same, but with {@link #EXTENDED}. In a network without such a ReLU nothing
 * changes, and {@link LayerHook#fakeRelu} is false.
 *
 * <p>The ReLU is determined from the computation, not from layer names, so every framework treats a
 * network alike. Operations that pass values on unchanged, such as dropout at inference, are
 * ignored.
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
     * a gradient for units that are off at all positions, and so invisible in a pooled value. A
     * backend may leave the second part out.
     */
    LEAKY,
    /**
     * {@link #OF_LAYER} if there is such a ReLU. Otherwise a ReLU or ReLU6 whose mean over all
     * positions is the layer, ignoring changes of shape after the mean, passes its largest input if
     * that is at most 0. So the value of a unit that is off at all positions is not 0 but this
     * input over the number of positions, with its gradient: one continuous function, from which
     * {@code max(0, value)} is the network's value. A backend may leave the second part out.
     */
    EXTENDED;

    /** The share of a gradient that {@link #LEAKY} passes if the network blocks the gradient. */
    public static final float LEAK = 0.05f;
}
