package stir.backend.djl.torchscript;

import java.util.List;
import java.util.TreeMap;

/**
 * Makes linear layers take their inputs contiguous in memory. An input of three dimensions that is
 * not, as attention hands it on, libtorch multiplies row by row, unless it has to fold it for a
 * gradient by the weights (should_fold in ATen's LinearAlgebra.cpp), which is never asked for here:
 * a pass of torchvision's ViT-B/16 took a quarter longer. A contiguous input is left as it is.
 */
final class LinearInputs {
    private LinearInputs() {}

    /** Returns the source of a file, with its linear layers changed; left as it is if it is broken. */
    static String contiguous(String source) {
        try {
            return contiguous(source, Expression.parse(source));
        } catch (SourceException e) {
            return source; // libtorch tells
        }
    }

    private static String contiguous(String source, List<Expression> expressions) {
        var insertions = new TreeMap<Integer, String>();
        for (var outermost : expressions) {
            outermost.visit(
                    expression -> {
                        if (isLinear(expression)) {
                            var input = expression.items().get(0);
                            insertions.put(input.start(), "torch.contiguous(");
                            insertions.put(input.end(), ")");
                        }
                    });
        }
        var changed = new StringBuilder(source);
        insertions.descendingMap().forEach(changed::insert);
        return changed.toString();
    }

    private static boolean isLinear(Expression expression) {
        return expression.kind() == Expression.Kind.CALL
                && expression.base().dotted().equals("torch.linear")
                && !expression.items().isEmpty();
    }
}
