package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;

/**
 * Follows values backwards through the source, from where they are used to where they are computed.
 * Stops at control flow, where a value may come from more than one place.
 */
final class DataFlow {
    private final ModuleCalls calls;

    DataFlow(ModuleCalls calls) {
        this.calls = calls;
    }

    /** What a frame's method returns, or null if that is nothing. */
    @Nullable Value result(Frame frame) {
        int last = frame.method().body().size() - 1;
        if (last < 0 || !frame.method().body().get(last).isReturn()) {
            return null;
        }
        var line = frame.method().body().get(last).lines().get(0);
        return value(frame, last, 0, new Expression.Span("    return ".length(), line.length()));
    }

    /** The value of a stretch of a line, or null if that is more than one expression. */
    static @Nullable Value value(Frame frame, int statement, int line, Expression.Span span) {
        var text = frame.method().body().get(statement).lines().get(line);
        var expression = Expression.parse(text, span);
        return expression == null
                ? null
                : new Value(frame, statement, line, expression.unwrapped());
    }

    /** An argument of the call that a value is, or null. */
    static @Nullable Value argument(Value call, int index) {
        return index < call.expression().items().size()
                ? value(
                        call.frame(),
                        call.statement(),
                        call.line(),
                        call.expression().items().get(index))
                : null;
    }

    /** What was assigned to the name that a value is: within its method or by the caller. */
    @Nullable Value definition(Value name) {
        var frame = name.frame();
        return frame.method().body().get(name.statement()).isCompound()
                ? null
                : definition(frame, name.statement(), name.expression().text());
    }

    /** The value of a variable before a statement. */
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
        var caller = frame.caller();
        var call = frame.call();
        if (caller == null || call == null) {
            return null;
        }
        var parameters = frame.method().parameters();
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).name().equals(variable)) {
                return argument(
                        new Value(caller, call.statement(), call.line(), call.expression()), i);
            }
        }
        return null;
    }

    /** The frame of the module's method that a value is the call of, or null if it is none. */
    @Nullable Frame entered(Value value) {
        var frame = value.frame();
        for (var call : calls.of(frame.method())) {
            if (call.statement() == value.statement()
                    && call.line() == value.line()
                    && call.expression().span().equals(value.expression().span())) {
                var callee = calls.callee(frame.owner(), call);
                var method = calls.calledMethod(frame.owner(), call);
                return callee == null || method == null
                        ? null
                        : new Frame(frame, call, callee, method);
            }
        }
        return null;
    }

    /**
     * The name of the PyTorch function that a value is the call of, without packages; empty if it
     * is no such call.
     */
    String function(Value call) {
        var base = call.expression().base();
        var name = base.dotted();
        if (base.kind() == Expression.Kind.NAME) { // _0 = __torch__.torch.nn.functional.relu
            var definition = definition(call.frame(), call.statement(), base.text());
            name = definition == null ? "" : definition.expression().dotted();
        }
        return name.startsWith("torch.") || name.startsWith("__torch__.torch.nn.functional.")
                ? name.substring(name.lastIndexOf('.') + 1)
                : "";
    }
}
