package stir.backend.onnx.gradient;

import java.util.List;
import java.util.Map;
import stir.backend.onnx.graph.Tensor;

/** Gradients of interpolation. */
final class ResizeRules {
    private ResizeRules() {}

    static void addTo(Map<String, GradientRule> rules) {
        rules.put("Resize", GradientRule.ofFirst(ResizeRules::resize));
    }

    /**
     * Propagates through a resize, which is linear along each axis. The runtime itself provides the
     * matrix by resizing an identity, once, when the graph is loaded.
     */
    private static Value resize(Backward node) {
        if (node.node().text("coordinate_transformation_mode", "").equals("tf_crop_and_resize")
                || !node.node().text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
            throw node.refuse("it crops, or keeps an aspect ratio");
        }
        var x = node.input(0);
        var gradient = node.gradient();
        for (int axis = 0; axis < x.rank(); axis++) {
            int from = x.dim(axis);
            int to = gradient.dim(axis);
            if (from != to) {
                gradient = pullBack(node, gradient, axis, from, to);
            }
        }
        return gradient;
    }

    private static Value pullBack(Backward node, Value gradient, int axis, int from, int to) {
        var identity = new float[from * from];
        for (int i = 0; i < from; i++) {
            identity[i * from + i] = 1;
        }
        var units = node.tape().constant(Tensor.floats(identity, 1, from, from, 1));
        var matrix = node.emit(
                        "Resize",
                        operands(node, units, axis, to),
                        node.node().without("axes").attributes(),
                        new int[] {1, from, to, 1})
                .reshape(from, to);
        var order = Dims.range(0, gradient.rank());
        order[axis] = gradient.rank() - 1;
        order[gradient.rank() - 1] = axis;
        var moved = gradient.transpose(order);
        var rows = moved.reshape(moved.size() / to, to).matmul(matrix.swapLast());
        return rows.reshape(Dims.with(moved.dims(), moved.rank() - 1, from)).transpose(order);
    }

    /**
     * Returns the operands of the resize, with the node's own scale if it states one, which may
     * differ from to / from.
     */
    private static List<Value> operands(Backward node, Value units, int axis, int to) {
        var none = new Value(node.tape(), "", units.type());
        if (node.has(3)) {
            var sizes = units.dims();
            sizes[2] = to;
            return List.of(units, none, none, node.tape().integers(sizes));
        }
        var scales = node.input(2)
                .constant()
                .orElseThrow(() -> node.refuse("its scales depend on the model's input"))
                .toFloats();
        var axes = Dims.unsorted(node.input(0).rank(), node.node().integers("axes", Dims.range(0, scales.length)));
        var used = new float[] {1, 1, 1, 1};
        for (int i = 0; i < axes.length; i++) {
            if (axes[i] == axis) {
                used[2] = scales[i];
            }
        }
        return List.of(units, none, node.tape().constant(Tensor.floats(used, 4)));
    }
}
