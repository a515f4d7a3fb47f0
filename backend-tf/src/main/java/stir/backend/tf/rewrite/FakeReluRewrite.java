package stir.backend.tf.rewrite;

import static stir.backend.tf.graph.NodeBuilders.cast;
import static stir.backend.tf.graph.NodeBuilders.flag;
import static stir.backend.tf.graph.NodeBuilders.node;
import static stir.backend.tf.graph.NodeBuilders.number;
import static stir.backend.tf.graph.NodeBuilders.typed;

import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

import stir.api.FakeRelu;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.GraphEditor;
import stir.backend.tf.graph.OpRegistry;
import stir.backend.tf.graph.TensorName;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rewrite of a hook's ReLU to a fake ReLU, which passes gradients.
 *
 * @param relu the name of the ReLU or ReLU6
 * @param share the share of the gradients that it would block and now passes
 * @param mean the mean that reads it, if it passes its largest input: {@link FakeRelu#EXTENDED}
 */
public record FakeReluRewrite(String relu, float share, Optional<NodeDef> mean) {
    /** Operations that preserve a ReLU's outputs. */
    private static final Set<String> SHAPE_CHANGES =
            Set.of("Identity", "Reshape", "Squeeze", "ExpandDims", "Transpose");

    private static final Set<String> POOLING = Set.of("MaxPool", "AvgPool", "Mean", "Max");

    private static final Set<String> RELU = Set.of("Relu");
    private static final Set<String> RELU_OR_RELU6 = Set.of("Relu", "Relu6");

    /** Returns the rewrite of the selected ReLU of a node; empty if there is none. */
    public static Optional<FakeReluRewrite> find(FlatGraph graph, String hook, FakeRelu wanted) {
        return switch (wanted) {
            case NONE -> Optional.empty();
            case OF_LAYER -> find(graph, hook, RELU, false);
            case BEFORE_LAYER -> find(graph, hook, RELU, true);
            case LEAKY ->
                    find(graph, hook, RELU, false)
                            .or(
                                    () ->
                                            find(graph, hook, RELU_OR_RELU6, true)
                                                    .map(FakeReluRewrite::leaky));
            case EXTENDED ->
                    find(graph, hook, RELU, false).or(() -> averaged(graph, graph.node(hook)));
        };
    }

    private static Optional<FakeReluRewrite> averaged(FlatGraph graph, NodeDef hook) {
        var mean = hook;
        while (SHAPE_CHANGES.contains(mean.getOp())) {
            mean = graph.node(TensorName.parse(mean.getInput(0)).node());
        }
        if (!mean.getOp().equals("Mean")) {
            return Optional.empty();
        }
        var relu = graph.node(TensorName.parse(mean.getInput(0)).node());
        while (relu.getOp().equals("Identity")) {
            relu = graph.node(TensorName.parse(relu.getInput(0)).node());
        }
        return RELU_OR_RELU6.contains(relu.getOp())
                ? Optional.of(new FakeReluRewrite(relu.getName(), 1, Optional.of(mean)))
                : Optional.empty();
    }

    private static Optional<FakeReluRewrite> find(
            FlatGraph graph, String hook, Set<String> relus, boolean pooled) {
        var node = graph.node(hook);
        while (SHAPE_CHANGES.contains(node.getOp()) || (pooled && POOLING.contains(node.getOp()))) {
            node = graph.node(TensorName.parse(node.getInput(0)).node());
        }
        return relus.contains(node.getOp())
                ? Optional.of(new FakeReluRewrite(node.getName(), 1, Optional.empty()))
                : Optional.empty();
    }

    private FakeReluRewrite leaky() {
        return new FakeReluRewrite(relu, FakeRelu.LEAK, Optional.empty());
    }

    /**
     * Returns the graph with the ReLU replaced by relu(x) + share * ((x - stop(x)) - (relu(x) -
     * stop(relu(x)))). The brackets are exactly 0, so the value stays the same bit for bit; their
     * derivatives are 1 and that of the ReLU. An extended one passes its largest input where this
     * is at most 0.
     */
    public FlatGraph apply(FlatGraph graph, OpRegistry ops) {
        GraphEditor.Rewrite rewrite =
                (node, editor) -> node.getName().equals(relu) && replace(node, editor);
        return GraphEditor.edit(graph, Map.of("Relu", rewrite, "Relu6", rewrite), ops);
    }

    private boolean replace(NodeDef node, GraphEditor editor) {
        var name = node.getName();
        var type = editor.ops().requiredAttribute(node, "T").getType();
        var value = editor.add(node.toBuilder().setName(name + "/stir_relu"));
        if (mean.isPresent()) {
            extend(node, mean.get(), value, editor);
            return true;
        }
        var passed = zero(name + "/stir_passed", node.getInput(0), type, editor);
        var known = zero(name + "/stir_known", value, type, editor);
        var blocked = editor.add(typed("Sub", name + "/stir_blocked", type, passed, known));
        if (share != 1) {
            var single = DataType.DT_FLOAT;
            var factor = editor.add(number(name + "/stir_factor", single, share));
            if (type != single) {
                factor = editor.add(cast(name + "/stir_share", single, type, factor));
            }
            blocked = editor.add(typed("Mul", name + "/stir_leak", type, blocked, factor));
        }
        editor.add(typed("AddV2", name, type, value, blocked));
        return true;
    }

    private static void extend(NodeDef relu, NodeDef mean, String value, GraphEditor editor) {
        var name = relu.getName();
        var type = editor.ops().requiredAttribute(relu, "T").getType();
        var input = relu.getInput(0);
        var x = editor.add(typed("StopGradient", name + "/stir_x", type, input));
        var max = mean.toBuilder().setOp("Max").setName(name + "/stir_largest");
        var largest = editor.add(max.setInput(0, x).putAttr("keep_dims", flag(true)));
        var zero = editor.add(typed("ZerosLike", name + "/stir_zero", type, largest));
        var off = editor.add(typed("LessEqual", name + "/stir_off", type, largest, zero));
        var at = editor.add(typed("Equal", name + "/stir_at", type, x, largest));
        var passed = editor.add(node("LogicalAnd", name + "/stir_passed", off, at));
        editor.add(typed("SelectV2", name, type, passed, input, value));
    }

    /** Adds a value minus itself, which has the value's derivative. */
    private static String zero(String name, String value, DataType type, GraphEditor editor) {
        var same = editor.add(typed("StopGradient", name + "_same", type, value));
        return editor.add(typed("Sub", name, type, value, same));
    }
}
