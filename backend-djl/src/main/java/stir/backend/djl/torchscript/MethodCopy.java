package stir.backend.djl.torchscript;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An edited copy of a method under a new name, to be added to its class. It may call other copies
 * and may end early.
 */
final class MethodCopy {
    private record Edit(int line, Expression.Span span, String text) {}

    private final ScriptClass owner;
    private final ScriptMethod method;
    private final String name;
    private final IdentityHashMap<MethodCalls.Call, MethodCopy> called = new IdentityHashMap<>();
    private final List<Edit> edits = new ArrayList<>();
    private final List<String> head = new ArrayList<>();
    private final List<Supplier<String>> tail = new ArrayList<>();
    private String firstParameters = "";
    private String returns;
    private int kept;

    /** Creates an unchanged copy. */
    MethodCopy(ScriptClass owner, ScriptMethod method, String name) {
        this.owner = owner;
        this.method = method;
        this.name = name;
        this.returns = method.returns();
        this.kept = method.body().size();
    }

    ScriptClass owner() {
        return owner;
    }

    String name() {
        return name;
    }

    /** Adds parameters before those of the method; each declaration ends with a comma. */
    void prepend(String parameters) {
        firstParameters = parameters;
    }

    /**
     * Redirects a call to a copy of the called method.
     *
     * @param arguments the arguments for the copy's first parameters, with a comma after each
     */
    void redirect(MethodCalls.Call call, MethodCopy copy, String arguments) {
        called.put(call, copy);
        var methodName = call.methodName();
        // the opening bracket after the name is replaced, too
        edits.add(new Edit(
                call.line(),
                new Expression.Span(methodName.start(), methodName.end() + 1),
                copy.name + "(" + arguments));
    }

    /** Returns the copy that a call runs, or null if it runs the original. */
    @Nullable
    MethodCopy called(MethodCalls.Call call) {
        return called.get(call);
    }

    void replace(int line, Expression.Span span, String text) {
        edits.add(new Edit(line, span, text));
    }

    /** Adds a line of the outermost level after another. */
    void insertAfter(int line, String text) {
        int end = method.body().get(line).text().length();
        replace(line, new Expression.Span(end, end), "\n    " + text);
    }

    /** Adds a line before another, with the same indentation. */
    void insertBefore(int line, String text) {
        var indentation = " ".repeat(method.body().get(line).indent());
        replace(line, new Expression.Span(0, 0), indentation + text + "\n");
    }

    /** Adds a line at the beginning. */
    void begin(String line) {
        head.add(line);
    }

    /** Adds a line at the end; its text is computed after all edits. */
    void end(Supplier<String> line) {
        tail.add(line);
    }

    /** Drops all lines except the first ones. */
    void keep(int lines) {
        kept = lines;
    }

    void returns(String type) {
        returns = type;
    }

    /** Returns a span of a line with all edits so far. */
    String text(int line, Expression.Span span) {
        var original = method.body().get(line).text();
        var text = new StringBuilder();
        int from = span.start();
        var inside = edits.stream()
                .filter(edit -> edit.line == line && edit.span.start() >= span.start() && edit.span.end() <= span.end())
                .sorted(Comparator.comparingInt(edit -> edit.span.start()))
                .toList();
        for (var edit : inside) {
            text.append(original, from, edit.span.start()).append(edit.text);
            from = edit.span.end();
        }
        return text.append(original, from, span.end()).toString();
    }

    String source() {
        var source = new StringBuilder("  def ");
        source.append(name).append('(').append(method.self()).append(": ");
        source.append(method.selfType()).append(", ").append(firstParameters);
        method.parameters().forEach(p -> source.append(p.declaration()).append(", "));
        source.setLength(source.length() - ", ".length());
        source.append(") -> ").append(returns).append(":\n");
        head.forEach(line -> source.append("    ").append(line).append('\n'));
        for (int i = 0; i < kept; i++) {
            int end = method.body().get(i).text().length();
            source.append(text(i, new Expression.Span(0, end))).append('\n');
        }
        tail.forEach(line -> source.append("    ").append(line.get()).append('\n'));
        return source.toString();
    }

    /**
     * Assigns the method's result to a variable instead of returning it.
     *
     * @return whether it had a result
     */
    boolean keepResultIn(String variable) {
        if (method.result() == null) {
            return false;
        }
        replace(method.body().size() - 1, new Expression.Span(0, "    return ".length()), "    " + variable + " = ");
        return true;
    }
}
