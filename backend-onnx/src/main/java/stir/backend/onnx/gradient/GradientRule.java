package stir.backend.onnx.gradient;

import java.util.function.Function;

/** A rule that propagates gradients from an operator's outputs to its inputs. */
@FunctionalInterface
public interface GradientRule {
    /**
     * Adds to the tape the gradients of the inputs that need one.
     *
     * @param node the node, its tensors, and the gradients of its outputs
     * @throws NoGradientException if the rule does not support this use of the operator
     */
    void apply(Backward node);

    /** Returns a rule that computes the gradient of the first input. */
    static GradientRule ofFirst(Function<Backward, Value> gradient) {
        return node -> node.give(0, () -> gradient.apply(node));
    }

    /**
     * Returns a rule that computes the gradient of the first input. It throws a {@link
     * NoGradientException} if another input of the node needs a gradient.
     *
     * @param others the phrase for the other inputs in that message, such as "its scale"
     */
    static GradientRule ofFirstAlone(String others, Function<Backward, Value> gradient) {
        return node -> {
            for (int i = 1; i < node.node().inputs().size(); i++) {
                if (node.wants(i)) {
                    throw node.refuse(others + " depends on the model's input");
                }
            }
            node.give(0, () -> gradient.apply(node));
        };
    }
}
