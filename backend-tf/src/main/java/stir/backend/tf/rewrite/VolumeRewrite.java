package stir.backend.tf.rewrite;

import static stir.backend.tf.graph.NodeBuilders.integer;
import static stir.backend.tf.graph.NodeBuilders.integers;
import static stir.backend.tf.graph.NodeBuilders.node;
import static stir.backend.tf.graph.NodeBuilders.shapeOf;
import static stir.backend.tf.graph.NodeBuilders.type;
import static stir.backend.tf.graph.NodeBuilders.typed;

import java.util.List;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import stir.backend.tf.graph.GraphEditor;

/**
 * The replacement of {@code Conv3D}, which has no gradient in TensorFlow's C++ library, by one
 * {@code Conv2D} per depth of the filter, whose results are added up. The slices of the volume are
 * the rows of those convolutions.
 */
final class VolumeRewrite {
    /** The bits of all dimensions but the depth. */
    private static final int ALL_BUT_DEPTH = 0b11101;

    private final NodeDef node;
    private final GraphEditor editor;
    private final DataType type;
    private final Shape input;
    private final Shape filter;
    private final Shape output;
    private final List<Long> strides;

    private VolumeRewrite(NodeDef node, GraphEditor editor) {
        this.node = node;
        this.editor = editor;
        this.type = editor.ops().requiredAttribute(node, "T").getType();
        this.input = editor.shape(node.getInput(0));
        this.filter = editor.shape(node.getInput(1));
        this.output = editor.shape(node.getName());
        this.strides = editor.ops().requiredAttribute(node, "strides").getList().getIList();
    }

    static boolean apply(NodeDef node, GraphEditor editor) {
        var rewrite = new VolumeRewrite(node, editor);
        if (!rewrite.isPossible()) {
            return false;
        }
        rewrite.add();
        return true;
    }

    private String word(String attribute) {
        return editor.ops().requiredAttribute(node, attribute).getS().toStringUtf8();
    }

    private boolean isPossible() {
        var dilations =
                editor.ops().requiredAttribute(node, "dilations").getList().getIList();
        return word("data_format").equals("NDHWC")
                && dilations.stream().allMatch(dilation -> dilation == 1)
                && isKnown(input)
                && isKnown(filter)
                && isKnown(output)
                && input.get(4) == filter.get(3);
    }

    /** Returns whether all sizes but the first, the number of rows, are known. */
    private static boolean isKnown(Shape shape) {
        return !shape.isUnknown() && !shape.tail().hasUnknownDimension();
    }

    private static int size(Shape shape, int dimension) {
        return Math.toIntExact(shape.get(dimension));
    }

    private void add() {
        var name = node.getName();
        int depths = size(filter, 0);
        int slices = size(output, 1);
        int step = Math.toIntExact(strides.get(1));
        var volume = padded((slices - 1) * step + depths);
        var sum = node("AddN", name + "/stir_sum").putAttr("T", type(type));
        for (int depth = 0; depth < depths; depth++) {
            var at = name + "/stir_depth_" + depth;
            var slice = slices(at, volume, depth, depth + (slices - 1) * step + 1, step);
            var rows = reshape(at + "_rows", slice, -1, size(input, 2), size(input, 3), size(input, 4));
            sum.addInput(editor.add(typed("Conv2D", at, type, rows, filter(at + "_filter", depth))
                    .putAttr("strides", integers(List.of(1L, strides.get(2), strides.get(3), 1L)))
                    .putAttr("padding", node.getAttrOrThrow("padding"))));
        }
        var added = editor.add(sum.putAttr("N", integer(depths)));
        reshape(name, added, -1, slices, size(output, 2), size(output, 3), size(output, 4));
    }

    /** Returns the volume with as many slices as are read, as SAME pads it. */
    private String padded(int read) {
        int missing = read - size(input, 1);
        if (missing <= 0 || !word("padding").equals("SAME")) {
            return node.getInput(0);
        }
        var name = node.getName() + "/stir_padded";
        int before = missing / 2;
        int[] paddings = {0, 0, before, missing - before, 0, 0, 0, 0, 0, 0};
        var amounts = editor.add(integers(name + "_by", shapeOf(5, 2), paddings));
        return editor.add(
                typed("Pad", name, type, node.getInput(0), amounts).putAttr("Tpaddings", type(DataType.DT_INT32)));
    }

    private String slices(String at, String volume, int from, int to, int step) {
        return editor.add(typed(
                        "StridedSlice",
                        at + "_slices",
                        type,
                        volume,
                        editor.addIntegers(at + "_from", 0, from, 0, 0, 0),
                        editor.addIntegers(at + "_to", 0, to, 0, 0, 0),
                        editor.addIntegers(at + "_step", 1, step, 1, 1, 1))
                .putAttr("Index", type(DataType.DT_INT32))
                .putAttr("begin_mask", integer(ALL_BUT_DEPTH))
                .putAttr("end_mask", integer(ALL_BUT_DEPTH)));
    }

    private String filter(String name, int depth) {
        int[] sizes = {1, size(filter, 1), size(filter, 2), size(filter, 3), size(filter, 4)};
        int[] from = {depth, 0, 0, 0, 0};
        var slice = SpatialRewrites.slice(editor, name + "_slice", type, node.getInput(1), from, sizes);
        return reshape(name, slice, sizes[1], sizes[2], sizes[3], sizes[4]);
    }

    private String reshape(String name, String values, int... sizes) {
        return SpatialRewrites.reshape(editor, name, type, values, sizes);
    }
}
