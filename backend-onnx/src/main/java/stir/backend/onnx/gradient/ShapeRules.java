package stir.backend.onnx.gradient;

import static stir.backend.onnx.gradient.GradientRule.ofFirst;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Gradients of operators that rearrange elements without selecting among them. */
final class ShapeRules {
    private ShapeRules() {}

    static void addTo(Map<String, GradientRule> rules) {
        for (var operator : new String[] {"Reshape", "Flatten", "Squeeze", "Unsqueeze"}) {
            rules.put(
                    operator,
                    ofFirst(node -> node.gradient().reshape(node.input(0).dims())));
        }
        rules.put("Transpose", ofFirst(ShapeRules::transpose));
        rules.put("Concat", ShapeRules::concat);
        rules.put("Split", ofFirst(ShapeRules::split));
        rules.put("Pad", ofFirst(ShapeRules::pad));
        rules.put("Expand", ofFirst(Backward::gradient));
        rules.put("Tile", ofFirst(ShapeRules::tile));
        rules.put("DepthToSpace", ofFirst(ShapeRules::depthToSpace));
        rules.put("SpaceToDepth", ofFirst(ShapeRules::spaceToDepth));
        rules.put("Trilu", ofFirst(ShapeRules::triangle));
    }

    private static Value transpose(Backward node) {
        int rank = node.input(0).rank();
        var reversed = IntStream.range(0, rank).map(i -> ~i).toArray();
        var order = Dims.unsorted(rank, node.node().integers("perm", reversed));
        return node.gradient().transpose(Dims.inverse(order));
    }

    private static int axis(Backward node, int otherwise) {
        int axis = (int) node.node().integer("axis", otherwise);
        return axis < 0 ? axis + node.input(0).rank() : axis;
    }

    private static void concat(Backward node) {
        int axis = axis(node, 0);
        int start = 0;
        for (int i = 0; i < node.node().inputs().size(); i++) {
            int from = start;
            int to = from + node.input(i).dim(axis);
            node.give(i, () -> node.gradient().slice(axis, from, to));
            start = to;
        }
    }

    private static Value split(Backward node) {
        var parts = new ArrayList<Value>();
        for (int i = 0; i < node.node().outputs().size(); i++) {
            var dims = node.output(i).dims();
            parts.add(node.gradient(i).orElseGet(() -> node.tape().zeros(dims)));
        }
        return joined(node, axis(node, 0), parts, node.input(0).dims());
    }

    private static Value joined(Backward node, int axis, List<Value> parts, int... dims) {
        return node.emit("Concat", parts, AttributeBuilder.of("axis", axis), dims);
    }

    private static Value pad(Backward node) {
        int rank = node.input(0).rank();
        var given = node.integers(1);
        var axes = node.has(3) ? Dims.unsorted(rank, node.integers(3)) : Dims.range(0, rank);
        var before = new int[rank];
        var after = new int[rank];
        for (int i = 0; i < axes.length; i++) {
            before[axes[i]] = given[i];
            after[axes[i]] = given[i + axes.length];
        }
        var mode = node.node().text("mode", "constant");
        var gradient = node.gradient();
        if (mode.equals("constant")) {
            return gradient.pad(negative(before), negative(after));
        }
        for (int axis = 0; axis < rank; axis++) {
            if (before[axis] != 0 || after[axis] != 0) {
                gradient = unpad(node, gradient, mode, axis, before[axis]);
            }
        }
        return gradient;
    }

    private static int[] negative(int[] values) {
        return Arrays.stream(values).map(value -> -value).toArray();
    }

    /** Sums the gradients of all copies of an element. */
    private static Value unpad(Backward node, Value gradient, String mode, int axis, int before) {
        int length = node.input(0).dim(axis);
        int after = gradient.dim(axis) - before - length;
        if (mode.equals("edge") && length > 2 && before >= 0 && after >= 0) {
            return unrepeat(node, gradient, axis, before, length);
        }
        var sources = IntStream.range(-before, gradient.dim(axis) - before)
                .map(at -> switch (mode) {
                    case "edge" -> Math.max(0, Math.min(length - 1, at));
                    case "wrap" -> Math.floorMod(at, length);
                    case "reflect" -> reflected(at, length);
                    default -> throw node.refuse("its mode is '" + mode + "'");
                })
                .toArray();
        return gradient.addTo(axis, sources, length);
    }

    /** Sums, at both ends, the gradients of the copies of the first and the last element. */
    private static Value unrepeat(Backward node, Value gradient, int axis, int before, int length) {
        int last = before + length - 1;
        var parts = List.of(
                gradient.slice(axis, 0, before + 1).sum(axis),
                gradient.slice(axis, before + 1, last),
                gradient.slice(axis, last, gradient.dim(axis)).sum(axis));
        return joined(node, axis, parts, Dims.with(gradient.dims(), axis, length));
    }

    private static int reflected(int at, int length) {
        int period = Math.max(1, 2 * (length - 1));
        int within = Math.floorMod(at, period);
        return within < length ? within : period - within;
    }

    private static Value tile(Backward node) {
        var repeats = node.integers(1);
        var dims = node.input(0).dims();
        var split = new int[2 * dims.length];
        for (int i = 0; i < dims.length; i++) {
            split[2 * i] = repeats[i];
            split[2 * i + 1] = dims[i];
        }
        var axes = IntStream.range(0, dims.length).map(i -> 2 * i).toArray();
        return node.gradient().reshape(split).sum(axes).reshape(dims);
    }

    private static Value depthToSpace(Backward node) {
        var x = node.input(0);
        int block = (int) node.node().integer("blocksize", 1);
        int channels = x.dim(1) / (block * block);
        int height = x.dim(2);
        int width = x.dim(3);
        boolean depthFirst = node.node().text("mode", "DCR").equals("DCR");
        var order = depthFirst ? new int[] {0, 3, 5, 1, 2, 4} : new int[] {0, 1, 3, 5, 2, 4};
        return node.gradient()
                .reshape(x.dim(0), channels, height, block, width, block)
                .transpose(order)
                .reshape(x.dims());
    }

    private static Value spaceToDepth(Backward node) {
        var block = AttributeBuilder.of("blocksize", node.node().integer("blocksize", 1));
        return node.emit(
                "DepthToSpace", List.of(node.gradient()), block, node.input(0).dims());
    }

    private static Value triangle(Backward node) {
        var operands = node.has(1) ? List.of(node.gradient(), node.input(1)) : List.of(node.gradient());
        return node.emit(
                "Trilu", operands, node.node().attributes(), node.input(0).dims());
    }
}
