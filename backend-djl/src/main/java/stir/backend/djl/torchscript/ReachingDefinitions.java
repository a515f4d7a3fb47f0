package stir.backend.djl.torchscript;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A backward analysis of values in the source, from their use to their computation.
 *
 * @param input the network's name of the searched input
 */
record ReachingDefinitions(MethodCalls calls, String input) {
    /** Returns the result of a frame's method, or null if it has none. */
    @Nullable
    SourceValue result(Frame frame) {
        var result = frame.method().result();
        return result == null || result.value() == null
                ? null
                : new SourceValue(frame, frame.method().body().size() - 1, result.value());
    }

    /** Returns an argument of a call, or an element; null if it is not a single expression. */
    static @Nullable SourceValue argument(SourceValue call, int index) {
        var argument = call.expression().item(index);
        return argument == null ? null : new SourceValue(call.frame(), call.line(), argument);
    }

    /** Returns the value that a name stands for, or the last name if its value is unknown. */
    SourceValue origin(SourceValue value) {
        var current = value;
        while (current.expression().kind() == Expression.Kind.NAME) {
            var assigned = definitions(current);
            if (assigned.size() != 1) {
                return current;
            }
            current = assigned.get(0);
        }
        return current;
    }

    /** Returns the call of a function that computes a value, through names and modules. */
    SourceValue source(SourceValue value) {
        var current = value;
        while (true) {
            current = origin(current);
            var entered = entered(current);
            var result = entered == null ? null : result(entered);
            if (result == null) {
                return current;
            }
            current = result;
        }
    }

    /** Returns whether a value is a tuple, named or not, a list or a dictionary in the source. */
    boolean listsElements(SourceValue value) {
        var expression = value.expression();
        return expression.kind() == Expression.Kind.GROUP
                || (expression.kind() == Expression.Kind.CALL
                        && calls.createsTuple(expression.base().dotted()));
    }

    /** Returns whether a value is the network's own input. */
    boolean isInput(SourceValue value) {
        var origin = origin(value);
        return origin.frame().caller() == null
                && origin.expression().isName(input)
                && !assigns(origin.frame(), 0, origin.line(), input);
    }

    private static boolean assigns(Frame frame, int from, int to, String variable) {
        return frame.method().body().subList(from, to).stream()
                .anyMatch(statement -> statement.targets().contains(variable));
    }

    /**
     * Returns the values that a name may stand for, assigned in its method or by the caller:
     * several for an {@code if} that the caller's arguments do not decide. Empty if one of them is
     * unknown, such as that of a loop, or if nothing assigns it.
     */
    List<SourceValue> definitions(SourceValue name) {
        return definitions(
                name.frame(),
                name.line(),
                name.statement().parent(),
                name.expression().text());
    }

    /** Returns the values of a variable before a line of a block, whose head is given, or -1. */
    List<SourceValue> definitions(Frame frame, int before, int block, String variable) {
        var body = frame.method().body();
        int end = before;
        for (int i = before - 1; i > block; i--) {
            if (body.get(i).parent() == block) {
                if (assigns(frame, i, end, variable)) {
                    return i + 1 == end ? assigned(frame, i, variable) : ofBranches(frame, i, end, variable);
                }
                end = i;
            }
        }
        int head =
                block >= 0 && body.get(block).begins("else") ? body.get(block).parent() : block;
        if (head < 0) {
            return given(frame, variable);
        }
        boolean repeated = !body.get(head).begins("if") && assigns(frame, head, end(frame, head), variable);
        return repeated ? List.of() : definitions(frame, head, body.get(head).parent(), variable);
    }

    private List<SourceValue> assigned(Frame frame, int line, String variable) {
        var statement = frame.method().body().get(line);
        if (statement.value() == null) {
            return List.of();
        }
        var value = new SourceValue(frame, line, statement.value());
        if (!statement.unpacks()) {
            return List.of(value);
        }
        var tuple = source(value);
        var element = listsElements(tuple) ? argument(tuple, statement.targets().indexOf(variable)) : null;
        return element == null ? List.of() : List.of(element);
    }

    /** Returns the caller's argument for a parameter. */
    private static List<SourceValue> given(Frame frame, String parameter) {
        var parameters = frame.method().parameters();
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).name().equals(parameter)) {
                var argument = frame.argument(i);
                return argument == null ? List.of() : List.of(argument);
            }
        }
        return List.of();
    }

    /** Returns the index after the block of a head. */
    private static int end(Frame frame, int head) {
        var body = frame.method().body();
        int end = head + 1;
        while (end < body.size() && body.get(end).indent() > body.get(head).indent()) {
            end++;
        }
        return end;
    }

    /** Returns the values of a variable after an {@code if}; none after another block. */
    private List<SourceValue> ofBranches(Frame frame, int head, int after, String variable) {
        var branch = frame.method().body().get(head);
        if (!branch.begins("if")) {
            return List.of();
        }
        int otherwise = end(frame, head);
        var condition = branch.value() == null ? null : origin(new SourceValue(frame, head, branch.value()));
        var branches = new ArrayList<List<SourceValue>>();
        if (condition == null || !condition.expression().isName("False")) {
            branches.add(definitions(frame, otherwise, head, variable));
        }
        if (condition == null || !condition.expression().isName("True")) {
            branches.add(
                    otherwise < after
                            ? definitions(frame, after, otherwise, variable)
                            : definitions(frame, head, branch.parent(), variable));
        }
        return branches.contains(List.of())
                ? List.of()
                : branches.stream().flatMap(List::stream).toList();
    }

    /** Returns the frame of the module's method that a value calls, or null. */
    @Nullable
    Frame entered(SourceValue value) {
        var frame = value.frame();
        for (var call : calls.of(frame.method())) {
            if (call.line() == value.line()
                    && call.expression().span().equals(value.expression().span())) {
                return calls.enter(frame, call);
            }
        }
        return null;
    }

    /** Returns the PyTorch function that a value calls, without packages, or an empty string. */
    String function(SourceValue call) {
        // the base may be a variable: _0 = __torch__.torch.nn.functional.relu
        var base = origin(
                new SourceValue(call.frame(), call.line(), call.expression().base()));
        var name = base.expression().dotted();
        return name.startsWith("torch.") || name.startsWith("__torch__.torch.nn.functional.")
                ? name.substring(name.lastIndexOf('.') + 1)
                : "";
    }
}
