package stir.backend.tf.rewrite;

import static stir.backend.tf.graph.NodeBuilders.cast;
import static stir.backend.tf.graph.NodeBuilders.flag;
import static stir.backend.tf.graph.NodeBuilders.node;
import static stir.backend.tf.graph.NodeBuilders.number;
import static stir.backend.tf.graph.NodeBuilders.typed;

import java.util.Map;
import java.util.Optional;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import stir.api.FakeRelu;
import stir.api.support.GraphAnalysis;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.GraphEditor;
import stir.backend.tf.graph.GraphOperators;
import stir.backend.tf.graph.OpRegistry;
import stir.backend.tf.graph.TensorName;

/**
 * The rewrite of a hook's ReLU to a fake ReLU, which passes gradients.
 *
 * @param relu the name of the ReLU or ReLU6
 * @param share the share of the gradients that it would block and now passes
 * @param mean the mean that reads it, if it passes its largest input: {@link FakeRelu#EXTENDED}
 */
public record FakeReluRewrite(String relu, float share, Optional<NodeDef> mean) {
    /** Returns the rewrite of the selected ReLU of a node; empty if there is none. */
    public static Optional<FakeReluRewrite> find(FlatGraph graph, String hook, FakeRelu wanted) {
        return new GraphAnalysis<>(new GraphOperators(graph))
                .relu(new TensorName(hook, 0), wanted)
                .map(open -> new FakeReluRewrite(
                        open.value().node(), open.share(), open.mean().map(mean -> graph.node(mean.node()))));
    }

    /**
     * Returns the graph with the ReLU replaced by relu(x) + share * ((x - stop(x)) - (relu(x) -
     * stop(relu(x)))). The brackets are exactly 0, so the value stays the same bit for bit; their
     * derivatives are 1 and that of the ReLU. An extended one passes its largest input where this
     * is at most 0.
     */
    public FlatGraph apply(FlatGraph graph, OpRegistry ops) {
        GraphEditor.Rewrite rewrite = (node, editor) -> node.getName().equals(relu) && replace(node, editor);
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
