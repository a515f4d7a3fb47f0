package stir.backend.djl.torchscript;

import java.util.ArrayDeque;
import java.util.Objects;

/**
 * Makes linear layers take their inputs contiguous in memory. An input of three dimensions that is
 * not, as attention hands it on, libtorch multiplies row by row, unless it has to fold it for a
 * gradient by the weights (should_fold in ATen's LinearAlgebra.cpp), which is never asked for here:
 * a pass of torchvision's ViT-B/16 took a quarter longer. A contiguous input is left as it is.
 */
final class LinearInputs {
    private static final String LINEAR = "torch.linear(";
    private static final String CONTIGUOUS = "torch.contiguous(";

    private LinearInputs() {}

    /** The source of a file, with its linear layers changed. */
    static String contiguous(String source) {
        var changed = new StringBuilder();
        var inputs = new ArrayDeque<Integer>(); // the depth of brackets in which each lies
        int depth = 0;
        int at = 0;
        while (at < source.length()) {
            if (source.startsWith(LINEAR, at) && !isWithinName(source, at)) {
                changed.append(LINEAR).append(CONTIGUOUS);
                at += LINEAR.length();
                inputs.push(++depth);
                continue;
            }
            char c = source.charAt(at);
            int next = at + 1;
            if (c == '"' || c == '\'') {
                next = Math.min(source.length(), Expression.afterString(source, at));
            } else if ("([{".indexOf(c) >= 0) {
                depth++;
            } else if (",)]}".indexOf(c) >= 0) {
                if (Objects.equals(inputs.peek(), depth)) {
                    inputs.pop();
                    changed.append(')');
                }
                depth -= c == ',' ? 0 : 1;
            }
            changed.append(source, at, next);
            at = next;
        }
        return changed.toString();
    }

    /** Whether what begins there is the rest of a name, as in {@code __torch__.mytorch.linear}. */
    private static boolean isWithinName(String source, int at) {
        return at > 0
                && (Character.isJavaIdentifierPart(source.charAt(at - 1))
                        || source.charAt(at - 1) == '.');
    }
}
