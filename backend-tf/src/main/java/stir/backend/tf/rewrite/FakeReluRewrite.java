package stir.backend.tf.rewrite;

import static stir.backend.tf.graph.NodeBuilders.typed;

import org.tensorflow.proto.NodeDef;

import stir.api.FakeRelu;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.GraphEditor;
import stir.backend.tf.graph.OpRegistry;
import stir.backend.tf.graph.TensorName;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rewrite of a hook's ReLU to a fake ReLU, which passes gradients unchanged. */
public final class FakeReluRewrite {
    /** Operations that preserve a ReLU's outputs. */
    private static final Set<String> SHAPE_CHANGES =
            Set.of("Identity", "Reshape", "Squeeze", "ExpandDims", "Transpose");

    private static final Set<String> POOLING = Set.of("MaxPool", "AvgPool", "Mean", "Max");

    private FakeReluRewrite() {}

    /** Returns the selected ReLU of a node; empty if there is none. */
    public static Optional<String> find(FlatGraph graph, String hook, FakeRelu wanted) {
        if (wanted == FakeRelu.NONE) {
            return Optional.empty();
        }
        var node = graph.node(hook);
        while (SHAPE_CHANGES.contains(node.getOp())
                || (wanted == FakeRelu.BEFORE_LAYER && POOLING.contains(node.getOp()))) {
            node = graph.node(TensorName.parse(node.getInput(0)).node());
        }
        return node.getOp().equals("Relu") ? Optional.of(node.getName()) : Optional.empty();
    }

    /**
     * Returns the graph with a ReLU replaced by stop(relu(x)) + (x - stop(x)). The bracket is
     * exactly 0, so the value stays the same bit for bit, and its derivative is 1.
     */
    public static FlatGraph apply(FlatGraph graph, String relu, OpRegistry ops) {
        return GraphEditor.edit(
                graph,
                Map.of(
                        "Relu",
                        (node, editor) -> node.getName().equals(relu) && replace(node, editor)),
                ops);
    }

    private static boolean replace(NodeDef node, GraphEditor editor) {
        var name = node.getName();
        var x = node.getInput(0);
        var type = editor.ops().requiredAttribute(node, "T").getType();
        var relu = editor.add(node.toBuilder().setName(name + "/stir_relu"));
        var value = editor.add(typed("StopGradient", name + "/stir_value", type, relu));
        var same = editor.add(typed("StopGradient", name + "/stir_same", type, x));
        var zero = editor.add(typed("Sub", name + "/stir_zero", type, x, same));
        editor.add(typed("AddV2", name, type, value, zero));
        return true;
    }
}
