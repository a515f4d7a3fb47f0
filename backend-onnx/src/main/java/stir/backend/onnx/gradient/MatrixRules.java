package stir.backend.onnx.gradient;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Gradients of products of matrices and tensors. */
final class MatrixRules {
    private MatrixRules() {}

    static void addTo(Map<String, GradientRule> rules) {
        rules.put("MatMul", MatrixRules::matMul);
        rules.put("Gemm", MatrixRules::gemm);
        rules.put("Einsum", MatrixRules::einsum);
    }

    /** Propagates through a product; vectors are matrices of one row or column. */
    private static void matMul(Backward node) {
        var a = matrix(node.input(0), true);
        var b = matrix(node.input(1), false);
        var batch = Dims.broadcast(Arrays.copyOf(a.dims(), a.rank() - 2), Arrays.copyOf(b.dims(), b.rank() - 2));
        var gradient =
                node.gradient().reshape(Dims.concat(batch, new int[] {a.dim(a.rank() - 2), b.dim(b.rank() - 1)}));
        node.give(
                0,
                () -> gradient.matmul(b.swapLast())
                        .sumTo(a.dims())
                        .reshape(node.input(0).dims()));
        node.give(
                1,
                () -> a.swapLast()
                        .matmul(gradient)
                        .sumTo(b.dims())
                        .reshape(node.input(1).dims()));
    }

    private static Value matrix(Value value, boolean row) {
        if (value.rank() > 1) {
            return value;
        }
        return row ? value.reshape(1, value.size()) : value.reshape(value.size(), 1);
    }

    private static void gemm(Backward node) {
        var a = node.input(0);
        var b = node.input(1);
        boolean flippedA = node.node().integer("transA", 0) != 0;
        boolean flippedB = node.node().integer("transB", 0) != 0;
        node.give(
                0,
                () -> flippedA
                        ? product(node, b, flippedB, node.gradient(), true, a.dims())
                        : product(node, node.gradient(), false, b, !flippedB, a.dims()));
        node.give(
                1,
                () -> flippedB
                        ? product(node, node.gradient(), true, a, flippedA, b.dims())
                        : product(node, a, !flippedA, node.gradient(), false, b.dims()));
        node.give(2, () -> node.gradient().times(node.node().real("beta", 1)));
    }

    private static Value product(Backward node, Value a, boolean flipA, Value b, boolean flipB, int[] dims) {
        var settings = new AttributeBuilder()
                .with("alpha", node.node().real("alpha", 1))
                .with("transA", flipA ? 1L : 0L)
                .with("transB", flipB ? 1L : 0L);
        return node.emit("Gemm", List.of(a, b), settings.done(), dims);
    }

    /**
     * Propagates through an Einstein sum: the gradient of a factor is again such a sum, of the
     * output's gradient and the other factors.
     */
    private static void einsum(Backward node) {
        var equation = node.node().text("equation", "").replace(" ", "");
        if (equation.contains(".")) {
            throw node.refuse("its equation '" + equation + "' has an ellipsis");
        }
        var sides = equation.split("->", -1);
        var terms = List.of(sides[0].split(",", -1));
        var result = sides.length > 1 ? sides[1] : implicit(terms);
        var lengths = new HashMap<Character, Integer>();
        for (int i = 0; i < terms.size(); i++) {
            for (int axis = 0; axis < terms.get(i).length(); axis++) {
                lengths.put(terms.get(i).charAt(axis), node.input(i).dim(axis));
            }
        }
        for (int i = 0; i < terms.size(); i++) {
            int factor = i;
            node.give(i, () -> factorGradient(node, terms, result, lengths, factor));
        }
    }

    private static String implicit(List<String> terms) {
        var all = String.join("", terms);
        return all.chars()
                .filter(letter -> all.indexOf(letter) == all.lastIndexOf(letter))
                .sorted()
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    private static Value factorGradient(
            Backward node, List<String> terms, String result, Map<Character, Integer> lengths, int factor) {
        var term = terms.get(factor);
        if (term.chars().distinct().count() != term.length()) {
            throw node.refuse("its equation takes a diagonal");
        }
        var names = new StringBuilder(result);
        var operands = new ArrayList<>(List.of(node.gradient()));
        for (int i = 0; i < terms.size(); i++) {
            if (i != factor) {
                names.append(',').append(terms.get(i));
                operands.add(node.input(i));
            }
        }
        var others = names.toString();
        var keptLetters = term.chars()
                .filter(letter -> others.indexOf(letter) >= 0)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        var settings = new AttributeBuilder()
                .with("equation", others + "->" + keptLetters)
                .done();
        var dims =
                keptLetters.chars().map(c -> lengths.getOrDefault((char) c, 1)).toArray();
        var product = node.emit("Einsum", operands, settings, dims);
        // Summed axes that occur in no other factor have a constant gradient.
        var kept = term.chars()
                .map(c -> keptLetters.indexOf(c) >= 0 ? lengths.getOrDefault((char) c, 1) : 1)
                .toArray();
        return product.reshape(kept).expand(node.input(factor).dims());
    }
}
