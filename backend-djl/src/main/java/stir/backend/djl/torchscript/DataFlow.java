package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * A backward analysis of values in the source, from their use to their computation. {@link
 * #definition} stops at control flow, where a value may have several sources; {@link #definitions}
 * returns all of them.
 *
 * @param input the network's name of the searched input
 */
record DataFlow(ModuleCalls calls, String input) {
    private static final String IF = "if ";

    /** Returns the result of a frame's method, or null if it has none. */
    @Nullable Value result(Frame frame) {
        int last = frame.method().body().size() - 1;
        if (last < 0 || !frame.method().body().get(last).isReturn()) {
            return null;
        }
        var line = frame.method().body().get(last).lines().get(0);
        return value(frame, last, 0, new Expression.Span("    return ".length(), line.length()));
    }

    /** Returns the value of a span of a line, or null if it is not a single expression. */
    static @Nullable Value value(Frame frame, int statement, int line, Expression.Span span) {
        var text = frame.method().body().get(statement).lines().get(line);
        var expression = Expression.parse(text, span);
        return expression == null
                ? null
                : new Value(frame, statement, line, expression.unwrapped());
    }

    /** Returns an argument of a call, or null. */
    static @Nullable Value argument(Value call, int index) {
        return index < call.expression().items().size()
                ? value(
                        call.frame(),
                        call.statement(),
                        call.line(),
                        call.expression().items().get(index))
                : null;
    }

    /** Returns the value assigned to a name, in its method or by the caller, if it is unique. */
    @Nullable Value definition(Value name) {
        var frame = name.frame();
        return frame.method().body().get(name.statement()).isCompound()
                ? null
                : definition(frame, name.statement(), name.expression().text());
    }

    /** Returns the value that a name stands for, or the name's own if its value is unknown. */
    @Nullable Value origin(@Nullable Value value) {
        var found = value;
        while (found != null && found.expression().kind() == Expression.Kind.NAME) {
            var assigned = definition(found);
            if (assigned == null) {
                return found;
            }
            found = assigned;
        }
        return found;
    }

    /** Returns whether a value is the network's own input. */
    boolean isInput(@Nullable Value value) {
        var found = origin(value);
        if (found == null || found.frame().caller() != null) {
            return false;
        }
        var method = found.frame().method();
        return found.expression().isName(input)
                && method.body().stream()
                        .limit(found.statement())
                        .noneMatch(statement -> statement.assigns(found.expression().text()));
    }

    /** Returns the value of a variable before a statement. */
    @Nullable Value definition(Frame frame, int before, String variable) {
        var body = frame.method().body();
        for (int i = before - 1; i >= 0; i--) {
            if (body.get(i).assigns(variable)) {
                var assignment =
                        body.get(i).isCompound()
                                ? null
                                : ScriptMethod.assignment(body.get(i).lines().get(0));
                return assignment == null ? null : value(frame, i, 0, assignment.value());
            }
        }
        return given(frame, variable);
    }

    /** Returns the caller's argument for a parameter, or null. */
    private static @Nullable Value given(Frame frame, String parameter) {
        var parameters = frame.method().parameters();
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).name().equals(parameter)) {
                return frame.argument(i);
            }
        }
        return null;
    }

    /**
     * Returns the values that may have been assigned to a name by the branches of an {@code if}
     * that the caller's arguments do not decide. Empty if a loop assigns it, or nothing does.
     */
    List<Value> definitions(Value name) {
        int indent = indent(name.sourceLine());
        return definitions(
                name.frame(), name.statement(), name.line(), indent, name.expression().text());
    }

    /** Returns the values of a variable before a line, in a block of an indentation. */
    private List<Value> definitions(
            Frame frame, int statement, int before, int indent, String variable) {
        var lines = frame.method().body().get(statement).lines();
        int block = indent;
        for (int i = before - 1; i >= 0; i--) {
            if (indent(lines.get(i)) < block) { // the statement that contains the block
                i = head(lines, i);
                if (!isBranch(lines.get(i))) {
                    return List.of();
                }
                block = indent(lines.get(i));
                continue;
            }
            int end = i;
            while (indent(lines.get(i)) > block || isElse(lines.get(i))) { // a preceding block
                i--;
            }
            boolean assigned =
                    new ScriptMethod.Statement(lines.subList(i, end + 1)).assigns(variable);
            if (assigned) {
                return i == end
                        ? assigned(frame, statement, i)
                        : ofBranches(frame, statement, i, end + 1, variable);
            }
        }
        if (statement > 0) {
            int previous = statement - 1;
            int end = frame.method().body().get(previous).lines().size();
            int outermost = indent(frame.method().body().get(previous).lines().get(0));
            return definitions(frame, previous, end, outermost, variable);
        }
        var given = given(frame, variable);
        return given == null ? List.of() : List.of(given);
    }

    private static List<Value> assigned(Frame frame, int statement, int line) {
        var assignment =
                ScriptMethod.assignment(frame.method().body().get(statement).lines().get(line));
        var value = assignment == null ? null : value(frame, statement, line, assignment.value());
        return value == null ? List.of() : List.of(value);
    }

    /** Returns the values of a variable after the lines of an {@code if}. */
    private List<Value> ofBranches(Frame frame, int statement, int from, int to, String variable) {
        var lines = frame.method().body().get(statement).lines();
        if (!isBranch(lines.get(from))) {
            return List.of();
        }
        int indent = indent(lines.get(from));
        int other = from + 1;
        while (other < to && indent(lines.get(other)) > indent) {
            other++;
        }
        var decided = decided(frame, statement, from);
        var found = new ArrayList<Value>();
        if (!decided.equals("False")) {
            int inside = indent(lines.get(from + 1));
            found.addAll(definitions(frame, statement, other, inside, variable));
        }
        if (!decided.equals("True")) {
            found.addAll(
                    other < to
                            ? definitions(frame, statement, to, indent(lines.get(to - 1)), variable)
                            : definitions(frame, statement, from, indent, variable));
        }
        return found;
    }

    /** Returns the condition of a branch in this call: a literal, or another text. */
    private String decided(Frame frame, int statement, int line) {
        var text = frame.method().body().get(statement).lines().get(line);
        var condition = new Expression.Span(text.indexOf(IF) + IF.length(), text.lastIndexOf(':'));
        var value = value(frame, statement, line, condition);
        while (value != null && value.expression().kind() == Expression.Kind.NAME) {
            var before = definitions(value);
            if (before.size() != 1) {
                return value.expression().text();
            }
            value = before.get(0);
        }
        return "";
    }

    /** Returns the line of the {@code if} or the loop whose block contains a line. */
    private static int head(List<String> lines, int line) {
        int head = line;
        while (isElse(lines.get(head)) || indent(lines.get(head)) > indent(lines.get(line))) {
            head--;
        }
        return head;
    }

    private static boolean isBranch(String line) {
        return line.startsWith(IF, indent(line));
    }

    private static boolean isElse(String line) {
        return line.strip().equals("else:");
    }

    private static int indent(String line) {
        return line.length() - line.stripLeading().length();
    }

    /** Returns the frame of the module's method that a value calls, or null. */
    @Nullable Frame entered(Value value) {
        var frame = value.frame();
        for (var call : calls.of(frame.method())) {
            if (call.statement() == value.statement()
                    && call.line() == value.line()
                    && call.expression().span().equals(value.expression().span())) {
                return calls.enter(frame, call);
            }
        }
        return null;
    }

    /** Returns the PyTorch function that a value calls, without packages, or an empty string. */
    String function(Value call) {
        var base = call.expression().base();
        var name = base.dotted();
        if (base.kind()
                == Expression.Kind.NAME) { // for example _0 = __torch__.torch.nn.functional.relu
            var definition = definition(call.frame(), call.statement(), base.text());
            name = definition == null ? "" : definition.expression().dotted();
        }
        return name.startsWith("torch.") || name.startsWith("__torch__.torch.nn.functional.")
                ? name.substring(name.lastIndexOf('.') + 1)
                : "";
    }
}
