package stir.backend.onnx.rewrite;

import java.util.ArrayList;
import stir.backend.onnx.graph.TensorType;

/**
 * Consecutive positions along one axis of a tensor.
 *
 * @param from the first position
 * @param to the position after the last
 */
record AxisRange(int axis, int from, int to) {
    /** Returns the smallest range that contains both. */
    AxisRange hull(AxisRange other) {
        return new AxisRange(axis, Math.min(from, other.from), Math.max(to, other.to));
    }

    /** Returns whether these are all positions of a tensor. */
    boolean isAllOf(TensorType type) {
        return from == 0 && to == type.dims().get(axis);
    }

    /** Returns the same positions on another axis. */
    AxisRange on(int other) {
        return new AxisRange(other, from, to);
    }

    /** Returns the type of this part of a tensor. */
    TensorType of(TensorType type) {
        var dims = new ArrayList<>(type.dims());
        dims.set(axis, (long) to - from);
        return new TensorType(type.type(), dims, true);
    }
}
