package stir.backend.onnx.gradient;

import java.util.HashSet;
import java.util.Set;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;

/** The tensors whose derivative with respect to an input is not zero everywhere. */
final class Activity {
    /** Operators whose output is piecewise constant: its derivative is 0 wherever it exists. */
    private static final Set<String> STEPS =
            Set.of(("Floor Ceil Round Sign Equal Greater GreaterOrEqual Less LessOrEqual"
                            + " Not And Or Xor ArgMax ArgMin NonZero IsNaN IsInf Shape Size"
                            + " ConstantOfShape EyeLike")
                    .split(" ", -1));

    private Activity() {}

    /** Returns the active tensors, including the input. */
    static Set<String> of(Graph graph, String input) {
        var active = new HashSet<String>(Set.of(input));
        for (var node : graph.nodes()) {
            if (isDifferentiable(node) && node.reads().anyMatch(active::contains)) {
                node.writes().forEach(active::add);
            }
        }
        return active;
    }

    private static boolean isDifferentiable(Node node) {
        return !node.domain().isEmpty() || !STEPS.contains(node.operator());
    }
}
