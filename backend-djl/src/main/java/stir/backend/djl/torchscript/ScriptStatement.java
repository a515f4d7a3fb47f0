package stir.backend.djl.torchscript;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a method, or the head of a block, as {@code if x:}. Lines that PyTorch has broken
 * within brackets count as one.
 *
 * @param text its line
 * @param indent the number of spaces at the beginning of the line
 * @param parent the index in the method's body of the head of its block, for {@code else} of its
 *     {@code if}; -1 for an outermost statement
 * @param expressions all outermost expressions of the line, from left to right
 * @param targets the variables that it assigns
 * @param unpacks whether they are assigned the elements of a tuple
 * @param value the assigned or returned value, or the condition of an {@code if}, without
 *     surrounding brackets; null for another statement, or if it is not a single expression
 */
record ScriptStatement(
        String text,
        int indent,
        int parent,
        List<Expression> expressions,
        List<String> targets,
        boolean unpacks,
        @Nullable Expression value) {
    private static final Pattern ASSIGNMENT = Pattern.compile(" *(\\w+(?:, \\w+)*)(,?)(?: : [^=]+?)? = (.*)");

    /**
     * Parses a line.
     *
     * @param preceding the statements of the method before it
     * @throws stir.backend.djl.libtorch.SourceException if a string or a bracket is not closed
     */
    static ScriptStatement parse(String text, List<ScriptStatement> preceding) {
        int indent = text.length() - text.stripLeading().length();
        int ofBlock = text.startsWith("else:", indent) ? indent + 1 : indent;
        int parent = preceding.size() - 1;
        while (parent >= 0 && preceding.get(parent).indent >= ofBlock) {
            parent = preceding.get(parent).parent;
        }
        var expressions = Expression.parse(text);
        var assignment = ASSIGNMENT.matcher(text);
        if (assignment.matches()) {
            var targets = List.of(assignment.group(1).split(", "));
            boolean unpacks = targets.size() > 1 || !assignment.group(2).isEmpty();
            var value = only(expressions, assignment.start(3));
            return new ScriptStatement(text, indent, parent, expressions, targets, unpacks, value);
        }
        var value = begins(expressions, "return") || begins(expressions, "if")
                ? only(expressions, expressions.get(0).span().end())
                : null;
        return new ScriptStatement(text, indent, parent, expressions, List.of(), false, value);
    }

    private static boolean begins(List<Expression> expressions, String keyword) {
        return !expressions.isEmpty() && expressions.get(0).isName(keyword);
    }

    private static @Nullable Expression only(List<Expression> expressions, int from) {
        var rest =
                expressions.stream().filter(part -> part.span().start() >= from).toList();
        return rest.size() == 1 ? rest.get(0).unwrapped() : null;
    }

    /** Returns whether it begins with a keyword. */
    boolean begins(String keyword) {
        return begins(expressions, keyword);
    }

    /** Returns whether it is or belongs to a branch or a loop. */
    boolean isInControlFlow() {
        return parent >= 0 || text.endsWith(":");
    }
}
