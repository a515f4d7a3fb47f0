package stir.backend.onnx.gradient;

/** How a gradient passes from an operator's outputs to its inputs. */
@FunctionalInterface
public interface GradientRule {
    /**
     * Gives each input that wants one its gradient.
     *
     * @param node the node, its tensors, and the gradients of its outputs
     * @throws NoGradientException if the node uses the operator in a way that the rule does not
     *     know
     */
    void apply(Backward node);
}
