package stir.backend.onnx.gradient;

import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;

import java.util.HashSet;
import java.util.Set;

/** Which tensors depend on an input in a way that has a derivative other than 0. */
final class Activity {
    /** Operators whose output is a step function: the derivative is 0 wherever there is one. */
    private static final Set<String> STEPS =
            Set.of(
                    "Floor",
                    "Ceil",
                    "Round",
                    "Sign",
                    "Equal",
                    "Greater",
                    "GreaterOrEqual",
                    "Less",
                    "LessOrEqual",
                    "Not",
                    "And",
                    "Or",
                    "Xor",
                    "ArgMax",
                    "ArgMin",
                    "NonZero",
                    "IsNaN",
                    "IsInf",
                    "Shape",
                    "Size",
                    "ConstantOfShape",
                    "EyeLike");

    private Activity() {}

    /** Returns the active tensors, the input among them. */
    static Set<String> of(Graph graph, String input) {
        var active = new HashSet<String>(Set.of(input));
        for (var node : graph.nodes()) {
            if (passesOn(node) && node.reads().anyMatch(active::contains)) {
                node.writes().forEach(active::add);
            }
        }
        return active;
    }

    private static boolean passesOn(Node node) {
        return !node.domain().isEmpty() || !STEPS.contains(node.operator());
    }
}
