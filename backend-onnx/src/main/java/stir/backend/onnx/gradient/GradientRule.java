package stir.backend.onnx.gradient;

/** A rule that propagates gradients from an operator's outputs to its inputs. */
@FunctionalInterface
public interface GradientRule {
    /**
     * Computes the gradients of the inputs that need one.
     *
     * @param node the node, its tensors, and the gradients of its outputs
     * @throws NoGradientException if the rule does not support this use of the operator
     */
    void apply(Backward node);
}
