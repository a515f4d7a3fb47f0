package stir.backend.djl.torchscript;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A method of a class in an archive's source.
 *
 * @param self its name for the object that it belongs to
 * @param selfType that object's type
 * @param parameters the parameters after the object
 * @param returns the type of its result
 */
record ScriptMethod(
        String name,
        String self,
        String selfType,
        List<Parameter> parameters,
        String returns,
        List<Statement> body) {
    private static final Pattern ASSIGNMENT = Pattern.compile(" *(\\w+)(?: : [^=]+?)? = (.*)");
    private static final Pattern UNPACKING = Pattern.compile(" *((?:\\w+, )+(?:\\w+)?,?) ?= .*");

    /**
     * Returns the hash of the method's and its class's names, since that of all code takes long.
     */
    @Override
    public int hashCode() {
        return 31 * selfType.hashCode() + name.hashCode();
    }

    /** A parameter; the declaration is the whole text, including a default value. */
    record Parameter(String name, String type, String declaration) {}

    /**
     * A statement of the outermost level with all its lines: several for an {@code if} or a loop.
     * Lines that PyTorch has broken within brackets count as one.
     */
    record Statement(List<String> lines) {
        boolean isCompound() {
            return lines.size() > 1;
        }

        boolean isReturn() {
            return lines.get(0).startsWith("    return ");
        }

        /** Returns whether one of its lines assigns a variable. */
        boolean assigns(String variable) {
            return lines.stream().anyMatch(line -> assigns(line, variable));
        }

        private static boolean assigns(String line, String variable) {
            var assignment = ASSIGNMENT.matcher(line);
            if (assignment.matches()) {
                return assignment.group(1).equals(variable);
            }
            return unpacked(line).contains(variable);
        }

        private static List<String> unpacked(String line) {
            var unpacking = UNPACKING.matcher(line);
            return unpacking.matches() ? List.of(unpacking.group(1).split(", ?")) : List.of();
        }

        /** Returns the variables that its first line assigns the elements of a tuple to. */
        List<String> unpacked() {
            return unpacked(lines.get(0));
        }
    }

    /** An assignment of a value to a single variable. */
    record Assignment(String variable, Expression.Span value) {}

    /** Returns the assignment that a line consists of, or null. */
    static @org.jspecify.annotations.Nullable Assignment assignment(String line) {
        Matcher matcher = ASSIGNMENT.matcher(line);
        return matcher.matches()
                ? new Assignment(
                        matcher.group(1), new Expression.Span(matcher.start(2), matcher.end(2)))
                : null;
    }

    /** Returns the index of the last outermost statement that assigns a variable, or -1. */
    int lastAssignment(String variable) {
        for (int i = body.size() - 1; i >= 0; i--) {
            if (body.get(i).assigns(variable)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the variables that outermost statements assign results of calls to. */
    List<String> variables() {
        return body.stream()
                .filter(statement -> !statement.isCompound())
                .map(statement -> statement.lines().get(0))
                .filter(line -> line.contains("(") && !line.contains(" = getattr("))
                .map(ScriptMethod::assignment)
                .filter(java.util.Objects::nonNull)
                .map(Assignment::variable)
                .distinct()
                .toList();
    }
}
