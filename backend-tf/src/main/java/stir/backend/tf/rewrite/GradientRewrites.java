package stir.backend.tf.rewrite;

import static stir.backend.tf.graph.NodeBuilders.flag;
import static stir.backend.tf.graph.NodeBuilders.node;
import static stir.backend.tf.graph.NodeBuilders.number;
import static stir.backend.tf.graph.NodeBuilders.text;
import static stir.backend.tf.graph.NodeBuilders.type;
import static stir.backend.tf.graph.NodeBuilders.typed;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.GraphEditor;
import stir.backend.tf.graph.OpRegistry;
import stir.backend.tf.graph.TensorName;

/**
 * Replacements of operations whose gradient in TensorFlow's C++ library is missing or wrong by
 * equivalent ones with a correct gradient.
 *
 * <p>Missing there (TensorFlow 2.18), but not in Python: {@code Erfc}, {@code Conv3D}, {@code
 * IdentityN} (custom gradients), {@code EnsureShape} and more. Silently wrong: {@code Conv2D} with
 * dilations, {@code LogSoftmax} of a rank other than 2. Wrong in the forward pass: {@code Einsum}
 * with an ellipsis in oneDNN. Listed but refused: explicit padding, negative axes, and groups
 * without oneDNN.
 */
public final class GradientRewrites {
    private static final Map<String, GraphEditor.Rewrite> REWRITES = rewrites();

    private GradientRewrites() {}

    /**
     * Returns the graph with these operations replaced, and with gradients stopped at values that
     * depend only on the input's shape.
     */
    public static FlatGraph apply(FlatGraph graph, String input, OpRegistry ops) {
        return ShapeGradientStop.apply(GraphEditor.edit(graph, REWRITES, ops), input, ops);
    }

    private static Map<String, GraphEditor.Rewrite> rewrites() {
        var rewrites = new HashMap<String, GraphEditor.Rewrite>();
        rewrites.put("Erfc", GradientRewrites::erfc);
        rewrites.put("IdentityN", GradientRewrites::identityN);
        rewrites.put("EnsureShape", GradientRewrites::identity);
        rewrites.put("Snapshot", GradientRewrites::identity);
        rewrites.put("PlaceholderWithDefault", GradientRewrites::identity);
        rewrites.put("FusedBatchNorm", GradientRewrites::batchNorm);
        rewrites.put("FusedBatchNormV2", GradientRewrites::batchNorm);
        rewrites.put("Gather", GradientRewrites::gather);
        rewrites.put("GatherV2", GradientRewrites::gatherV2);
        rewrites.put("Concat", GradientRewrites::concat);
        rewrites.put("EuclideanNorm", GradientRewrites::euclideanNorm);
        rewrites.put("MulNoNan", GradientRewrites::mulNoNan);
        rewrites.put("Cast", GradientRewrites::cast);
        rewrites.put("FloorMod", GradientRewrites::floorMod);
        rewrites.put("LogSoftmax", GradientRewrites::logSoftmax);
        rewrites.put("Einsum", GradientRewrites::einsum);
        for (String step : List.of("Ceil", "Round", "Rint", "FloorDiv", "TruncateDiv", "OnesLike")) {
            rewrites.put(step, GradientRewrites::constant);
        }
        rewrites.putAll(SpatialRewrites.REWRITES);
        return Map.copyOf(rewrites);
    }

    private static DataType typeOf(NodeDef node, GraphEditor editor) {
        return editor.ops().requiredAttribute(node, "T").getType();
    }

    /** Replaces erfc(x) by 1 - erf(x); GELU is 0.5 x erfc(-x / sqrt 2). */
    private static boolean erfc(NodeDef node, GraphEditor editor) {
        var type = typeOf(node, editor);
        if (type != DataType.DT_FLOAT && type != DataType.DT_DOUBLE) {
            return false;
        }
        var name = node.getName();
        editor.add(number(name + "/stir_one", type, 1));
        editor.add(typed("Erf", name + "/stir_erf", type, node.getInput(0)));
        editor.add(typed("Sub", name, type, name + "/stir_one", name + "/stir_erf"));
        return true;
    }

    /**
     * Replaces Keras's wrapper of functions with a custom gradient; the gradient of the wrapped
     * operations is equivalent.
     */
    private static boolean identityN(NodeDef node, GraphEditor editor) {
        var types = editor.ops().requiredAttribute(node, "T").getList().getTypeList();
        for (int i = 0; i < types.size(); i++) {
            var name = i == 0 ? node.getName() : node.getName() + "/stir_" + i;
            editor.add(typed("Identity", name, types.get(i), node.getInput(i)));
            editor.rename(new TensorName(node.getName(), i), name);
        }
        return true;
    }

    private static boolean identity(NodeDef node, GraphEditor editor) {
        var type = editor.ops().outputType(node, 0);
        editor.add(typed("Identity", node.getName(), type, node.getInput(0)));
        return true;
    }

    private static boolean batchNorm(NodeDef node, GraphEditor editor) {
        editor.add(node.toBuilder()
                .setOp("FusedBatchNormV3")
                .putAttr("T", type(typeOf(node, editor)))
                .putAttr("U", type(DataType.DT_FLOAT)));
        return true;
    }

    private static boolean gather(NodeDef node, GraphEditor editor) {
        editor.add(node(
                        "GatherV2",
                        node.getName(),
                        node.getInput(0),
                        node.getInput(1),
                        editor.addInteger(node.getName() + "/stir_axis", 0))
                .putAttr("Tparams", node.getAttrOrThrow("Tparams"))
                .putAttr("Tindices", node.getAttrOrThrow("Tindices"))
                .putAttr("Taxis", type(DataType.DT_INT32)));
        return true;
    }

    /** Replaces a negative axis by one counted from the front. */
    private static boolean gatherV2(NodeDef node, GraphEditor editor) {
        var axis = editor.integers(node.getInput(2));
        if (axis == null || axis.length != 1 || axis[0] >= 0) {
            return false;
        }
        var name = node.getName();
        editor.add(node("Rank", name + "/stir_rank", node.getInput(0)).putAttr("T", node.getAttrOrThrow("Tparams")));
        editor.addInteger(name + "/stir_offset", axis[0]);
        editor.add(typed("AddV2", name + "/stir_axis", DataType.DT_INT32, name + "/stir_rank", name + "/stir_offset"));
        editor.add(node.toBuilder().setInput(2, name + "/stir_axis").putAttr("Taxis", type(DataType.DT_INT32)));
        return true;
    }

    /** Moves the axis from the first input to the last. */
    private static boolean concat(NodeDef node, GraphEditor editor) {
        var inputs = FlatGraph.inputs(node);
        var builder = node("ConcatV2", node.getName())
                .putAttr("T", node.getAttrOrThrow("T"))
                .putAttr("N", node.getAttrOrThrow("N"))
                .putAttr("Tidx", type(DataType.DT_INT32));
        inputs.subList(1, inputs.size()).forEach(input -> builder.addInput(input.toString()));
        editor.add(builder.addInput(inputs.get(0).toString()));
        return true;
    }

    private static boolean euclideanNorm(NodeDef node, GraphEditor editor) {
        var name = node.getName();
        var type = typeOf(node, editor);
        editor.add(typed("Square", name + "/stir_square", type, node.getInput(0)));
        editor.add(node.toBuilder().setOp("Sum").setName(name + "/stir_sum").setInput(0, name + "/stir_square"));
        editor.add(typed("Sqrt", name, type, name + "/stir_sum"));
        return true;
    }

    /** Replaces x y, which is 0 where y is 0 even if x is not finite. */
    private static boolean mulNoNan(NodeDef node, GraphEditor editor) {
        var name = node.getName();
        var type = typeOf(node, editor);
        if (type != DataType.DT_FLOAT && type != DataType.DT_DOUBLE) {
            return false;
        }
        var zero = editor.add(number(name + "/stir_zero", type, 0));
        var isZero = editor.add(typed("Equal", name + "/stir_equal", type, node.getInput(1), zero));
        var finite = editor.add(typed("SelectV2", name + "/stir_x", type, isZero, zero, node.getInput(0)));
        editor.add(typed("Mul", name, type, finite, node.getInput(1)));
        return true;
    }

    /** Stops gradients at integers. */
    private static boolean cast(NodeDef node, GraphEditor editor) {
        var from = editor.ops().requiredAttribute(node, "SrcT").getType();
        var to = editor.ops().requiredAttribute(node, "DstT").getType();
        return OpRegistry.isFloating(to) && !OpRegistry.isFloating(from) && constant(node, editor);
    }

    /** Stops gradients at a step function, whose gradient is 0. */
    private static boolean constant(NodeDef node, GraphEditor editor) {
        var type = editor.ops().outputType(node, 0);
        if (!OpRegistry.isFloating(type)) {
            return false;
        }
        var raw = node.getName() + "/stir_raw";
        editor.add(node.toBuilder().setName(raw));
        editor.add(typed("StopGradient", node.getName(), type, raw));
        return true;
    }

    /** Replaces the remainder by x - floor(x / y) y with a constant quotient. */
    private static boolean floorMod(NodeDef node, GraphEditor editor) {
        var type = typeOf(node, editor);
        if (!OpRegistry.isFloating(type)) {
            return false;
        }
        var name = node.getName();
        var x = node.getInput(0);
        var y = node.getInput(1);
        var quotient = editor.add(typed("FloorDiv", name + "/stir_quotient", type, x, y));
        var fixed = editor.add(typed("StopGradient", name + "/stir_fixed", type, quotient));
        var whole = editor.add(typed("Mul", name + "/stir_whole", type, fixed, y));
        editor.add(typed("Sub", name, type, x, whole));
        return true;
    }

    /**
     * Replaces the logarithm of softmax by x - max - log sum exp(x - max), since the C++ gradient
     * sums over axis 1 instead of the last.
     */
    private static boolean logSoftmax(NodeDef node, GraphEditor editor) {
        var name = node.getName();
        var type = typeOf(node, editor);
        var last = editor.addIntegers(name + "/stir_axis", -1);
        var max = editor.add(reduction("Max", name + "/stir_max", type, node.getInput(0), last));
        var fixed = editor.add(typed("StopGradient", name + "/stir_fixed", type, max));
        var shifted = editor.add(typed("Sub", name + "/stir_shifted", type, node.getInput(0), fixed));
        var exp = editor.add(typed("Exp", name + "/stir_exp", type, shifted));
        var sum = editor.add(reduction("Sum", name + "/stir_sum", type, exp, last));
        var log = editor.add(typed("Log", name + "/stir_log", type, sum));
        editor.add(typed("Sub", name, type, shifted, log));
        return true;
    }

    private static NodeDef.Builder reduction(String operation, String name, DataType type, String values, String axes) {
        return typed(operation, name, type, values, axes)
                .putAttr("keep_dims", flag(true))
                .putAttr("Tidx", type(DataType.DT_INT32));
    }

    /**
     * Replaces the ellipsis in {@code ...c,cd->...d} by letters, since oneDNN computes some such
     * equations wrongly.
     */
    private static boolean einsum(NodeDef node, GraphEditor editor) {
        var equation = editor.ops()
                .requiredAttribute(node, "equation")
                .getS()
                .toStringUtf8()
                .replace(" ", "");
        if (!equation.contains("...")) {
            return false;
        }
        var sides = equation.split("->", 2);
        var terms = sides[0].split(",", -1);
        if (sides.length < 2 || terms.length != node.getInputCount()) {
            return false;
        }
        int dots = -1;
        for (int i = 0; i < terms.length; i++) {
            if (terms[i].contains("...")) {
                var shape = editor.shape(node.getInput(i));
                int covered = shape.numDimensions() - (terms[i].length() - "...".length());
                if (shape.isUnknown() || (dots >= 0 && covered != dots)) {
                    return false; // ellipses of different ranks are broadcast
                }
                dots = covered;
            }
        }
        var free = new StringBuilder();
        for (char letter = 'A'; letter <= 'Z' && free.length() < dots; letter++) {
            if (equation.indexOf(letter) < 0) {
                free.append(letter);
            }
        }
        var spelt = String.join(
                        ",",
                        Arrays.stream(terms).map(t -> t.replace("...", free)).toList())
                + "->"
                + sides[1].replace("...", free);
        editor.add(node.toBuilder().putAttr("equation", text(spelt)));
        return true;
    }
}
