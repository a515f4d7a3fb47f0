package stir.backend.onnx.gradient;

import static stir.backend.onnx.gradient.GradientRule.ofFirst;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import stir.backend.onnx.graph.Attribute;

/** Gradients of operators that select elements by position. */
final class IndexRules {
    private static final Map<String, Attribute> ADDING = Map.of("reduction", new Attribute.OfText("add"));

    private IndexRules() {}

    static void addTo(Map<String, GradientRule> rules) {
        rules.put("Slice", ofFirst(IndexRules::slice));
        rules.put("Gather", ofFirst(IndexRules::gather));
        rules.put("GatherElements", ofFirst(IndexRules::gatherElements));
        rules.put("GatherND", ofFirst(IndexRules::gatherNd));
        rules.put("ScatterElements", node -> scatter(node, "ScatterElements", "GatherElements"));
        rules.put("ScatterND", node -> scatter(node, "ScatterND", "GatherND"));
        rules.put("CumSum", ofFirst(IndexRules::sums));
        rules.put("CumProd", ofFirst(IndexRules::cumulativeProduct));
        rules.put("TopK", ofFirst(IndexRules::topK));
    }

    private static Value slice(Backward node) {
        var x = node.input(0);
        var starts = node.integers(1);
        var ends = node.integers(2);
        var axes = node.has(3) ? Dims.unsorted(x.rank(), node.integers(3)) : Dims.range(0, starts.length);
        var steps = node.has(4) ? node.integers(4) : Dims.filled(starts.length, 1);
        var gradient = node.gradient();
        var before = new int[x.rank()];
        var after = new int[x.rank()];
        for (int i = 0; i < axes.length; i++) {
            int axis = axes[i];
            var selected = Range.of(x.dim(axis), starts[i], ends[i], steps[i]);
            gradient = selected.spread(gradient, axis);
            before[axis] = selected.lowest();
            after[axis] = x.dim(axis) - selected.lowest() - gradient.dim(axis);
        }
        return gradient.pad(before, after);
    }

    /**
     * The indices that a slice selects: {@code count} of them, from {@code first} in steps of
     * {@code step}.
     */
    private record Range(int first, int count, int step) {
        static Range of(int length, int start, int end, int step) {
            int from = clamp(start, length, step);
            int to = clamp(end, length, step);
            int count = step > 0 ? -Math.floorDiv(from - to, step) : -Math.floorDiv(to - from, -step);
            return new Range(from, Math.max(0, count), step);
        }

        private static int clamp(int index, int length, int step) {
            long counted = index < 0 ? (long) index + length : index;
            return (int)
                    (step > 0 ? Math.max(0, Math.min(length, counted)) : Math.max(-1, Math.min(length - 1, counted)));
        }

        int lowest() {
            return step > 0 ? first : first + (count - 1) * step;
        }

        /** Returns the gradient in ascending order of the indices, with zeros at skipped ones. */
        Value spread(Value gradient, int axis) {
            var ascending = step > 0
                    ? gradient
                    : gradient.gather(
                            axis,
                            IntStream.range(0, count).map(i -> count - 1 - i).toArray());
            int stride = Math.abs(step);
            if (stride == 1) {
                return ascending;
            }
            var dims = gradient.dims();
            var head = Arrays.copyOf(dims, axis + 1);
            var tail = Arrays.copyOfRange(dims, axis + 1, dims.length);
            return ascending
                    .reshape(Dims.concat(head, new int[] {1}, tail))
                    .pad(axis + 1, 0, stride - 1)
                    .reshape(Dims.with(dims, axis, count * stride))
                    .pad(axis, 0, 1 - stride);
        }
    }

    private static Value gather(Backward node) {
        var x = node.input(0);
        int rank = x.rank();
        int axis = Dims.unsorted(rank, (int) node.node().integer("axis", 0))[0];
        var indices = node.input(1);
        if (indices.constant().isEmpty()) {
            return gatherByRunTimeIndices(node, axis);
        }
        int length = x.dim(axis);
        var chosen =
                Arrays.stream(node.integers(1)).map(i -> i < 0 ? i + length : i).toArray();
        var gradient = node.gradient().reshape(Dims.with(x.dims(), axis, chosen.length));
        if (isRun(chosen)) {
            return gradient.pad(axis, chosen[0], length - chosen[0] - chosen.length);
        }
        if (Arrays.stream(chosen).distinct().count() == chosen.length) {
            return scatterOnce(gradient, axis, chosen, length);
        }
        return gradient.addTo(axis, chosen, length);
    }

    private static boolean isRun(int[] indices) {
        return IntStream.range(1, indices.length).allMatch(i -> indices[i] == indices[0] + i);
    }

    /**
     * Returns the gradient if each element is selected at most once: an inverse gather, with zeros
     * at unselected elements.
     */
    private static Value scatterOnce(Value gradient, int axis, int[] chosen, int length) {
        var from = Dims.filled(length, chosen.length);
        for (int i = 0; i < chosen.length; i++) {
            from[chosen[i]] = i;
        }
        return gradient.pad(axis, 0, chosen.length < length ? 1 : 0).gather(axis, from);
    }

    private static Value gatherByRunTimeIndices(Backward node, int axis) {
        var x = node.input(0);
        var indices = node.input(1);
        int depth = indices.rank();
        var order = Dims.concat(
                Dims.range(axis, axis + depth), Dims.range(0, axis), Dims.range(axis + depth, x.rank() - 1 + depth));
        var back = Dims.concat(new int[] {axis}, Dims.range(0, axis), Dims.range(axis + 1, x.rank()));
        var rows = Arrays.stream(back).map(x::dim).toArray();
        var operands = List.of(
                node.tape().zeros(rows),
                indices.reshape(Dims.concat(indices.dims(), new int[] {1})),
                node.gradient().transpose(order));
        return node.emit("ScatterND", operands, ADDING, rows).transpose(Dims.inverse(back));
    }

    private static Value gatherElements(Backward node) {
        var settings = new AttributeBuilder()
                .with("axis", node.node().integer("axis", 0))
                .with("reduction", "add");
        return scatterInto(node, "ScatterElements", settings.done(), node.input(1));
    }

    /**
     * Propagates through {@code TopK}: scatters the gradient to the positions of the selected
     * elements.
     */
    private static Value topK(Backward node) {
        var axis = AttributeBuilder.of("axis", node.node().integer("axis", -1));
        return scatterInto(node, "ScatterElements", axis, node.output(1));
    }

    private static Value gatherNd(Backward node) {
        if (node.node().integer("batch_dims", 0) != 0) {
            throw node.refuse("it has batch dimensions");
        }
        return scatterInto(node, "ScatterND", ADDING, node.input(1));
    }

    /** Scatters the gradient into zeros of the input's dimensions. */
    private static Value scatterInto(Backward node, String operator, Map<String, Attribute> settings, Value places) {
        var dims = node.input(0).dims();
        var operands = List.of(node.tape().zeros(dims), places, node.gradient());
        return node.emit(operator, operands, settings, dims);
    }

    /** Gathers the gradient of the updates. The gradient of overwritten elements is 0. */
    private static void scatter(Backward node, String scatter, String gather) {
        var reduction = node.node().text("reduction", "none");
        if (!reduction.equals("none") && !reduction.equals("add")) {
            throw node.refuse("its reduction is '" + reduction + "'");
        }
        var attributes = node.node().without("reduction").attributes();
        var updates = node.input(2).dims();
        node.give(0, () -> {
            if (reduction.equals("add")) {
                return node.gradient();
            }
            var zeros = node.tape().zeros(updates);
            var operands = List.of(node.gradient(), node.input(1), zeros);
            return node.emit(scatter, operands, attributes, node.input(0).dims());
        });
        var selected = List.of(node.gradient(), node.input(1));
        node.give(2, () -> node.emit(gather, selected, attributes, updates));
    }

    /**
     * Propagates through cumulative products without a division, which would fail at 0. With
     * elements x_i and gradients g_i of the products, the gradient of x_i is (x_1 ... x_(i-1)) s_i,
     * where s_i = g_i + x_(i+1) s_(i+1). A parallel scan computes all s_i: each round doubles the
     * distance over which the recurrence is unrolled.
     */
    private static Value cumulativeProduct(Backward node) {
        var x = node.input(0);
        int axis = Dims.unsorted(x.rank(), node.integers(1))[0];
        boolean exclusive = node.node().integer("exclusive", 0) != 0;
        boolean reverse = node.node().integer("reverse", 0) != 0;
        var before = exclusive ? node.output(0) : productsBefore(node);
        var gradient = node.gradient();
        var sums = exclusive ? shifted(gradient, axis, 1, reverse) : gradient;
        var factors = shifted(x, axis, 1, reverse);
        for (int distance = 1; distance < x.dim(axis); distance *= 2) {
            sums = sums.plus(factors.times(shifted(sums, axis, distance, reverse)));
            factors = factors.times(shifted(factors, axis, distance, reverse));
        }
        return before.times(sums);
    }

    private static Value productsBefore(Backward node) {
        var attributes = node.node().with("exclusive", new Attribute.OfInt(1)).attributes();
        var operands = List.of(node.input(0), node.input(1));
        return node.emit("CumProd", operands, attributes, node.input(0).dims());
    }

    /**
     * Returns the elements moved towards the start of an axis by a distance, or towards its end if
     * reversed; zeros fill the gap.
     */
    private static Value shifted(Value value, int axis, int distance, boolean reverse) {
        if (distance >= value.dim(axis)) {
            return value.tape().zeros(value.dims());
        }
        int step = reverse ? -distance : distance;
        return value.pad(axis, -step, step);
    }

    private static Value sums(Backward node) {
        var settings = new AttributeBuilder()
                .with("exclusive", node.node().integer("exclusive", 0))
                .with("reverse", 1 - node.node().integer("reverse", 0));
        var operands = List.of(node.gradient(), node.input(1));
        return node.emit("CumSum", operands, settings.done(), node.input(0).dims());
    }
}
