package stir.backend.djl.torchscript;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls in modules' methods of methods of their submodules, or of their own. */
final class MethodCalls {
    /**
     * A call in a method.
     *
     * @param line the index of its statement in the method's body
     * @param expression the call
     * @param path the submodule's path from the calling object; empty for that object itself
     * @param method the called method's name
     */
    record Call(int line, Expression expression, List<String> path, String method) {
        /** Returns the span of the called method's name in the line. */
        Expression.Span methodName() {
            int end = expression.base().span().end();
            return new Expression.Span(end - method.length(), end);
        }
    }

    /** A call and its calling method; several form a chain from {@code forward} inwards. */
    record CallSite(ScriptClass owner, ScriptMethod method, Call call) {}

    /** A method of a class; several classes may share the source of a method. */
    record ClassMethod(ScriptClass owner, ScriptMethod method) {}

    private final ScriptCode code;
    private final IdentityHashMap<ScriptMethod, List<Call>> callsOf = new IdentityHashMap<>();

    MethodCalls(ScriptCode code) {
        this.code = code;
    }

    /** Returns the calls in a method, in the order of evaluation. */
    synchronized List<Call> of(ScriptMethod method) {
        return callsOf.computeIfAbsent(method, MethodCalls::find);
    }

    private static List<Call> find(ScriptMethod method) {
        var objects = new HashMap<String, List<String>>();
        objects.put(method.self(), List.of());
        var calls = new ArrayList<Call>();
        for (int i = 0; i < method.body().size(); i++) {
            int line = i;
            var statement = method.body().get(i);
            for (var expression : statement.expressions()) {
                expression.visit(part -> {
                    var path = calledObject(part, objects);
                    if (path != null) {
                        calls.add(new Call(line, part, path, part.base().text()));
                    }
                });
            }
            var path = statement.value() == null ? null : object(statement.value(), objects);
            if (path != null) {
                statement.targets().forEach(target -> objects.put(target, path));
            }
        }
        return calls;
    }

    private static @Nullable List<String> calledObject(Expression expression, Map<String, List<String>> objects) {
        return expression.kind() == Expression.Kind.CALL && expression.base().kind() == Expression.Kind.ATTRIBUTE
                ? object(expression.base().base(), objects)
                : null;
    }

    /** Returns the path of the object that an expression denotes, or null. */
    private static @Nullable List<String> object(Expression expression, Map<String, List<String>> objects) {
        var bare = expression.unwrapped();
        return switch (bare.kind()) {
            case NAME -> objects.get(bare.text());
            case ATTRIBUTE -> below(object(bare.base(), objects), bare.text());
            case CALL ->
                bare.base().isName("getattr")
                                && bare.parts().size() == 2
                                && bare.parts().get(1).kind() == Expression.Kind.STRING
                        ? below(
                                object(bare.parts().get(0), objects),
                                bare.parts().get(1).text())
                        : null;
            default -> null;
        };
    }

    private static @Nullable List<String> below(@Nullable List<String> path, String name) {
        return path == null ? null : concat(path, List.of(name));
    }

    static <T> List<T> concat(List<T> front, List<T> back) {
        var joined = new ArrayList<T>(front);
        joined.addAll(back);
        return List.copyOf(joined);
    }

    /** Returns whether a function creates a named tuple: it has the name of the class. */
    boolean createsTuple(String function) {
        return code.find(function) != null;
    }

    /** Returns the method that a call runs, or null if the archive's source does not contain it. */
    @Nullable
    ClassMethod called(ScriptClass owner, Call call) {
        var callee = code.find(owner, call.path());
        var method = callee == null ? null : callee.methods().get(call.method());
        return callee == null || method == null ? null : new ClassMethod(callee, method);
    }

    /**
     * Returns the frame of the method that a call in a frame runs, or null if the archive's source
     * does not contain it.
     */
    @Nullable
    Frame enter(Frame frame, Call call) {
        var called = called(frame.owner(), call);
        return called == null ? null : new Frame(frame, call, called.owner(), called.method());
    }

    /** Returns the frames that a frame's method enters, in the order of evaluation. */
    List<Frame> within(Frame frame) {
        var entered = new ArrayList<Frame>();
        for (var call : of(frame.method())) {
            var inner = enter(frame, call);
            if (inner != null) {
                entered.add(inner);
            }
        }
        return entered;
    }

    /**
     * Returns all chains of calls from a method to the submodule at a path, in the order of
     * evaluation.
     *
     * @param owner the class of the method
     * @param path the submodule's path from the object of that class; not empty
     */
    List<List<CallSite>> chains(ScriptClass owner, ScriptMethod method, List<String> path) {
        var chains = new ArrayList<List<CallSite>>();
        for (var call : of(method)) {
            var head = call.path();
            if (head.size() > path.size() || !path.subList(0, head.size()).equals(head)) {
                continue;
            }
            var step = new CallSite(owner, method, call);
            if (head.size() == path.size()) {
                chains.add(List.of(step));
                continue;
            }
            var called = called(owner, call);
            if (called != null) {
                var inside = path.subList(head.size(), path.size());
                for (var rest : chains(called.owner(), called.method(), inside)) {
                    chains.add(concat(List.of(step), rest));
                }
            }
        }
        return chains;
    }
}
