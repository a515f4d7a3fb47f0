package stir.backend.djl.torchscript;

import java.util.List;
import java.util.TreeMap;
import stir.backend.djl.libtorch.SourceException;

/**
 * A rewriter that makes the inputs of linear layers contiguous in memory. libtorch multiplies a
 * non-contiguous input of three dimensions, such as attention's, row by row, unless weights need
 * gradients (should_fold in ATen's LinearAlgebra.cpp), which they never do here: a pass of
 * torchvision's ViT-B/16 took a quarter longer. A contiguous input is not copied.
 */
final class LinearInputs {
    private LinearInputs() {}

    /** Returns the source of a file with changed linear layers, or broken source unchanged. */
    static String contiguous(String source) {
        try {
            return contiguous(source, Expression.parse(source));
        } catch (SourceException e) {
            return source; // libtorch reports it
        }
    }

    private static String contiguous(String source, List<Expression> expressions) {
        var insertions = new TreeMap<Integer, String>();
        for (var outermost : expressions) {
            outermost.visit(expression -> {
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
