package stir.backend.onnx.rewrite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/**
 * The positions of its inputs that a node depends on when only some positions of its output are
 * needed; all of them for unsupported operators.
 */
record Positions(Map<String, TensorType> types, Map<String, Tensor> initialisers) {
    private static final Set<String> ELEMENTWISE =
            Set.of(("Abs Add Cast Celu Clip Div Elu Erf Exp Gelu HardSigmoid HardSwish"
                            + " Identity LeakyRelu Log Max Min Mish Mul Neg PRelu Pow Reciprocal"
                            + " Relu Selu Sigmoid Softplus Softsign Sqrt Sub Sum Tanh"
                            + " ThresholdedRelu Where")
                    .split(" ", -1));

    /**
     * Returns the ranges of a node's inputs that the needed output depends on.
     *
     * @param node a node with one output
     * @param range the needed positions of its output
     * @return one range per input, empty for one that is needed whole; empty altogether if the node
     *     can't compute a part of its output
     */
    Optional<List<Optional<AxisRange>>> of(Node node, AxisRange range) {
        var out = types.get(node.output(0));
        if (!node.domain().isEmpty()
                || node.writes().count() != 1
                || out == null
                || !node.reads().allMatch(this::isKnown)) {
            return Optional.empty();
        }
        int rank = out.dims().size();
        int axis = range.axis();
        if (ELEMENTWISE.contains(node.operator())) {
            return Optional.of(broadcast(node, range, rank));
        }
        return switch (node.operator()) {
            case "LayerNormalization", "RMSNormalization" ->
                axis < axis(node, rank) ? first(node, range) : Optional.empty();
            case "Softmax", "LogSoftmax" -> axis != axis(node, rank) ? first(node, range) : Optional.empty();
            case "MatMul" -> product(node, range, rank);
            case "Gemm" ->
                axis == 0 && node.integer("transA", 0) == 0 && dims(node, 2).size() < 2
                        ? first(node, range)
                        : Optional.empty();
            case "Transpose" -> first(node, range.on(permutation(node, rank)[axis]));
            case "Reshape", "Flatten", "Squeeze", "Unsqueeze" -> view(node, range, out);
            default -> Optional.empty();
        };
    }

    private boolean isKnown(String tensor) {
        var type = types.get(tensor);
        return initialisers.containsKey(tensor) || (type != null && type.isStatic());
    }

    private List<Long> dims(Node node, int input) {
        var name = node.input(input);
        var initialiser = initialisers.get(name);
        var type = initialiser == null ? types.get(name) : initialiser.type();
        return type == null ? List.of() : type.dims();
    }

    private static int axis(Node node, int rank) {
        int axis = (int) node.integer("axis", -1);
        return axis < 0 ? axis + rank : axis;
    }

    private static int[] permutation(Node node, int rank) {
        var reversed = new int[rank];
        for (int i = 0; i < rank; i++) {
            reversed[i] = rank - 1 - i;
        }
        return node.integers("perm", reversed);
    }

    private static Optional<List<Optional<AxisRange>>> first(Node node, AxisRange range) {
        var ranges = new ArrayList<Optional<AxisRange>>(
                Collections.nCopies(node.inputs().size(), Optional.empty()));
        ranges.set(0, Optional.of(range));
        return Optional.of(ranges);
    }

    /**
     * Returns the ranges for an element-wise node: inputs that are not broadcast along the axis are
     * needed where the output is.
     */
    private List<Optional<AxisRange>> broadcast(Node node, AxisRange range, int rank) {
        var ranges = new ArrayList<Optional<AxisRange>>();
        for (int i = 0; i < node.inputs().size(); i++) {
            var dims = dims(node, i);
            int axis = range.axis() - rank + dims.size();
            ranges.add(axis >= 0 && dims.get(axis) > 1 ? Optional.of(range.on(axis)) : Optional.empty());
        }
        return ranges;
    }

    private Optional<List<Optional<AxisRange>>> product(Node node, AxisRange range, int rank) {
        int left = dims(node, 0).size();
        if (range.axis() == rank - 2 && left > 1 && dims(node, 1).size() > 1) {
            return first(node, range.on(left - 2));
        }
        return Optional.empty();
    }

    /**
     * Returns the range of the input of a view, if the needed output is contiguous and consists of
     * whole positions of the input.
     */
    private Optional<List<Optional<AxisRange>>> view(Node node, AxisRange range, TensorType out) {
        var in = dims(node, 0);
        long outer = product(out.dims().subList(0, range.axis()));
        long inner = product(out.dims().subList(range.axis() + 1, out.dims().size()));
        for (int axis = 0; axis < in.size(); axis++) {
            long each = product(in.subList(axis + 1, in.size()));
            long from = range.from() * inner;
            long to = range.to() * inner;
            if (in.get(axis) > 1 && product(in.subList(0, axis)) == outer && from % each == 0 && to % each == 0) {
                return first(node, new AxisRange(axis, (int) (from / each), (int) (to / each)));
            }
        }
        return Optional.empty();
    }

    private static long product(List<Long> dims) {
        return dims.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    }
}
