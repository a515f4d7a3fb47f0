package stir.backend.tf.rewrite;

import static stir.backend.tf.graph.NodeBuilders.integers;
import static stir.backend.tf.graph.NodeBuilders.node;
import static stir.backend.tf.graph.NodeBuilders.number;
import static stir.backend.tf.graph.NodeBuilders.shapeOf;
import static stir.backend.tf.graph.NodeBuilders.text;
import static stir.backend.tf.graph.NodeBuilders.type;
import static stir.backend.tf.graph.NodeBuilders.typed;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import stir.backend.tf.graph.GraphEditor;
import stir.backend.tf.graph.NodeBuilders;
import stir.backend.tf.graph.TensorName;

/** The {@link GradientRewrites} of convolution, pooling and padding. */
public final class SpatialRewrites {
    static final Map<String, GraphEditor.Rewrite> REWRITES = Map.of(
            "Conv2D", SpatialRewrites::convolution,
            "Conv3D", VolumeRewrite::apply,
            "MaxPool", SpatialRewrites::maxPool,
            "MaxPoolWithArgmax", SpatialRewrites::maxPoolWithArgmax,
            "Pad", SpatialRewrites::pad,
            "PadV2", SpatialRewrites::pad,
            "MirrorPad", SpatialRewrites::pad);

    private SpatialRewrites() {}

    private static boolean hasExplicitPadding(NodeDef node, GraphEditor editor) {
        return editor.ops()
                .requiredAttribute(node, "padding")
                .getS()
                .toStringUtf8()
                .equals("EXPLICIT");
    }

    /** Adds the explicit paddings of a node as integers and returns their name. */
    private static String addPaddings(NodeDef node, GraphEditor editor) {
        var values = node.getAttrOrThrow("explicit_paddings").getList().getIList();
        return editor.add(integers(
                node.getName() + "/stir_paddings",
                shapeOf(values.size() / 2, 2),
                values.stream().mapToInt(Math::toIntExact).toArray()));
    }

    private static boolean isChannelsFirst(NodeDef node, GraphEditor editor) {
        var format = editor.ops().requiredAttribute(node, "data_format").getS();
        return format.toStringUtf8().equals("NCHW");
    }

    /**
     * Pads separately from the convolution, whose gradient does not support explicit padding;
     * replaces dilations, which the gradient ignores, by zeros in the filter; and splits groups
     * where the gradient refuses them.
     */
    private static boolean convolution(NodeDef node, GraphEditor editor) {
        var dilations =
                editor.ops().requiredAttribute(node, "dilations").getList().getIList();
        boolean dilated = dilations.stream().anyMatch(dilation -> dilation != 1);
        boolean padded = hasExplicitPadding(node, editor);
        var filter = editor.shape(node.getInput(1));
        boolean known = !filter.isUnknown() && !filter.hasUnknownDimension();
        int groups = known ? groupsToSplit(node, filter, editor) : 1;
        if ((!dilated && !padded && groups == 1) || (dilated && !known)) {
            return false;
        }
        var type = editor.ops().requiredAttribute(node, "T").getType();
        var replacement = node.toBuilder();
        if (padded) {
            var name = node.getName() + "/stir_padded";
            editor.add(typed("Pad", name, type, node.getInput(0), addPaddings(node, editor))
                    .putAttr("Tpaddings", type(DataType.DT_INT32)));
            replacement.setInput(0, name).putAttr("padding", text("VALID")).removeAttr("explicit_paddings");
        }
        int[] apart = {1, 1};
        if (dilated) {
            int height = isChannelsFirst(node, editor) ? 2 : 1;
            apart[0] = Math.toIntExact(dilations.get(height));
            apart[1] = Math.toIntExact(dilations.get(height + 1));
            var spread = spread(node, editor, type, filter.asArray(), apart[0], apart[1]);
            replacement.setInput(1, spread).putAttr("dilations", NodeBuilders.integers(Collections.nCopies(4, 1L)));
        }
        if (groups == 1) {
            editor.add(replacement);
        } else if (filter.get(2) == 1 && hasEqualStrides(node, editor)) {
            int height = Math.toIntExact(filter.get(0) - 1) * apart[0] + 1;
            int width = Math.toIntExact(filter.get(1) - 1) * apart[1] + 1;
            var name = node.getName() + "/stir_by_channel";
            var byChannel = reshape(
                    editor,
                    name,
                    type,
                    replacement.getInput(1),
                    height,
                    width,
                    groups,
                    Math.toIntExact(filter.get(3)) / groups);
            editor.add(depthwise(replacement, byChannel));
        } else {
            addGroups(replacement, type, groups, editor);
        }
        return true;
    }

    /** Returns the number of groups to split a convolution into; 1 if it can stay as it is. */
    private static int groupsToSplit(NodeDef node, Shape filter, GraphEditor editor) {
        var input = editor.shape(node.getInput(0));
        long channels = input.isUnknown() ? Shape.UNKNOWN_SIZE : input.get(isChannelsFirst(node, editor) ? 1 : 3);
        return channels <= filter.get(2) || editor.ops().differentiatesGroups()
                ? 1
                : Math.toIntExact(channels / filter.get(2));
    }

    private static boolean hasEqualStrides(NodeDef node, GraphEditor editor) {
        var strides = editor.ops().requiredAttribute(node, "strides").getList().getIList();
        int height = isChannelsFirst(node, editor) ? 2 : 1;
        return strides.get(height).equals(strides.get(height + 1));
    }

    private static NodeDef.Builder depthwise(NodeDef.Builder convolution, String filter) {
        var depthwise = node("DepthwiseConv2dNative", convolution.getName(), convolution.getInput(0), filter);
        for (String attribute : List.of("T", "strides", "padding", "data_format", "dilations")) {
            var value = convolution.getAttrMap().get(attribute);
            if (value != null) {
                depthwise.putAttr(attribute, value);
            }
        }
        return depthwise;
    }

    /** Adds one convolution per group and joins their results. */
    private static void addGroups(NodeDef.Builder node, DataType type, int groups, GraphEditor editor) {
        var name = node.getName();
        var axis = editor.addInteger(name + "/stir_axis", isChannelsFirst(node.build(), editor) ? 1 : 3);
        var outputs = editor.addInteger(name + "/stir_outputs", 3);
        var count = NodeBuilders.integer(groups);
        var inputs = editor.add(typed("Split", name + "/stir_inputs", type, axis, node.getInput(0))
                .putAttr("num_split", count));
        var filters = editor.add(typed("Split", name + "/stir_filters", type, outputs, node.getInput(1))
                .putAttr("num_split", count));
        var joined = typed("ConcatV2", name, type);
        for (int i = 0; i < groups; i++) {
            joined.addInput(editor.add(node.clone()
                    .setName(name + "/stir_group_" + i)
                    .setInput(0, new TensorName(inputs, i).toString())
                    .setInput(1, new TensorName(filters, i).toString())));
        }
        editor.add(joined.addInput(axis).putAttr("N", count).putAttr("Tidx", type(DataType.DT_INT32)));
    }

    /** Returns a filter with zeros between its values, of width (k - 1) d + 1 instead of k. */
    private static String spread(NodeDef node, GraphEditor editor, DataType type, long[] shape, int dy, int dx) {
        var name = node.getName() + "/stir_filter";
        int height = Math.toIntExact(shape[0]);
        int width = Math.toIntExact(shape[1]);
        int in = Math.toIntExact(shape[2]);
        int out = Math.toIntExact(shape[3]);
        var apart = reshape(editor, name + "_apart", type, node.getInput(1), height, 1, width, 1, in * out);
        var zeros = editor.add(integers(name + "_zeros", shapeOf(5, 2), 0, 0, 0, dy - 1, 0, 0, 0, dx - 1, 0, 0));
        var filled = editor.add(
                typed("Pad", name + "_filled", type, apart, zeros).putAttr("Tpaddings", type(DataType.DT_INT32)));
        var wide = reshape(editor, name + "_wide", type, filled, height * dy, width * dx, in, out);
        int[] sizes = {(height - 1) * dy + 1, (width - 1) * dx + 1, in, out};
        return slice(editor, name, type, wide, new int[sizes.length], sizes);
    }

    /** Adds the part of values from a place on. */
    static String slice(GraphEditor editor, String name, DataType type, String values, int[] from, int[] size) {
        var begin = editor.addIntegers(name + "_begin", from);
        var sizes = editor.addIntegers(name + "_size", size);
        return editor.add(typed("Slice", name, type, values, begin, sizes).putAttr("Index", type(DataType.DT_INT32)));
    }

    /** Adds a view of values of another shape. */
    static String reshape(GraphEditor editor, String name, DataType type, String values, int... shape) {
        var sizes = editor.addIntegers(name + "/stir_shape", shape);
        return editor.add(typed("Reshape", name, type, values, sizes).putAttr("Tshape", type(DataType.DT_INT32)));
    }

    /** Replaces explicit padding by a separate one with the lowest number. */
    private static boolean maxPool(NodeDef node, GraphEditor editor) {
        var type = editor.ops().requiredAttribute(node, "T").getType();
        if (!hasExplicitPadding(node, editor) || type != DataType.DT_FLOAT) {
            return false;
        }
        var name = node.getName() + "/stir_padded";
        editor.add(typed(
                        "PadV2",
                        name,
                        type,
                        node.getInput(0),
                        addPaddings(node, editor),
                        editor.add(number(name + "_by", type, -Float.MAX_VALUE)))
                .putAttr("Tpaddings", type(DataType.DT_INT32)));
        editor.add(node.toBuilder()
                .setInput(0, name)
                .putAttr("padding", text("VALID"))
                .removeAttr("explicit_paddings"));
        return true;
    }

    /** Removes the positions if nothing reads them. */
    private static boolean maxPoolWithArgmax(NodeDef node, GraphEditor editor) {
        if (editor.isUsed(node, 1)) {
            return false;
        }
        var replacement = node("MaxPool", node.getName(), node.getInput(0));
        for (String attribute : List.of("T", "ksize", "strides", "padding")) {
            replacement.putAttr(attribute, editor.ops().requiredAttribute(node, attribute));
        }
        editor.add(replacement);
        return true;
    }

    /** Converts 64-bit paddings to 32 bits, the only type that the gradient supports. */
    private static boolean pad(NodeDef node, GraphEditor editor) {
        if (editor.ops().requiredAttribute(node, "Tpaddings").getType() != DataType.DT_INT64) {
            return false;
        }
        var name = node.getName() + "/stir_paddings";
        editor.add(NodeBuilders.cast(name, DataType.DT_INT64, DataType.DT_INT32, node.getInput(1)));
        editor.add(node.toBuilder().setInput(1, name).putAttr("Tpaddings", type(DataType.DT_INT32)));
        return true;
    }
}
