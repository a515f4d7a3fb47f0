package stir.backend.djl.torchscript;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import stir.api.FakeRelu;
import stir.api.Remedy;
import stir.api.UsageException;
import stir.api.support.GraphAnalysis;
import stir.backend.djl.libtorch.FakeReluSource;
import stir.backend.djl.libtorch.HookedSource;
import stir.backend.djl.libtorch.SourceException;

/**
 * A rewriter that adds to a network's source a method that computes the value at a hook and nothing
 * after it.
 *
 * <p>For each call between {@code forward} and the hook, the called method is copied up to that
 * call, which becomes the copy's result. If control flow surrounds a call, the whole statement runs
 * and the values at the hook are collected in a list. Existing methods are not changed, because
 * submodules share classes.
 */
final class HookRewriter {
    private static final String LIST = "_stir_list";
    private static final String RESULT = "_stir_result";
    private static final String TENSOR = "Tensor";

    /** A method whose copy collects values, and the rest of the path to the hook's module. */
    private record Collected(ScriptMethod method, List<String> path) {}

    private final ScriptNetwork network;
    private final HookPath hook;
    private final List<MethodCopy> copies = new ArrayList<>();
    private final Map<Collected, MethodCopy> collecting = new HashMap<>();
    private @Nullable SourceValue hooked;

    private HookRewriter(ScriptNetwork network, HookPath hook) {
        this.network = network;
        this.hook = hook;
    }

    /**
     * Writes the method.
     *
     * @param wanted the ReLU that is to pass gradients, if there is one
     * @throws UsageException if there is no such place in the network
     */
    static HookedSource rewrite(ScriptNetwork network, HookPath hook, FakeRelu wanted) {
        return new HookRewriter(network, hook).rewrite(wanted);
    }

    private HookedSource rewrite(FakeRelu wanted) {
        var frame = network.frame();
        var root = cut(frame, hook.path().isEmpty() ? List.of() : callChain());
        root.begin(network.cloneOfInput());
        var operators = new ScriptOperators(network);
        var open = Optional.ofNullable(hooked)
                .map(network.flow()::source)
                .flatMap(value -> new GraphAnalysis<>(operators).relu(value, wanted));
        var added = new LinkedHashMap<ScriptClass, List<String>>();
        open.ifPresent(relu -> {
            passGradients(root, relu.value());
            var place = relu.value().frame();
            add(
                    added,
                    place.owner(),
                    FakeReluSource.method(
                            place.method().selfType(),
                            relu.share(),
                            operators.activation(relu.value()),
                            relu.mean().map(operators::dimensions)));
        });
        copies.forEach(copy -> add(added, copy.owner(), copy.source()));
        return new HookedSource(network.with(added), root.name(), open.isPresent());
    }

    private static void add(Map<ScriptClass, List<String>> added, ScriptClass owner, String source) {
        added.computeIfAbsent(owner, key -> new ArrayList<>()).add(source);
    }

    private MethodCopy copy(ScriptClass owner, ScriptMethod method) {
        var copy = new MethodCopy(owner, method, "_stir_" + method.name() + "_" + copies.size());
        copies.add(copy);
        return copy;
    }

    /** Returns the chain of calls that leads to the call of the hook's module. */
    private List<MethodCalls.CallSite> callChain() {
        var chains = network.calls().chains(network.root(), network.forward(), hook.path());
        if (chains.isEmpty()) {
            throw new UsageException(network.explainAbsence(hook), Remedy.NAME_LAYER);
        }
        var paths = network.calledPaths(hook.module());
        if (hook.call().isPresent() && paths.size() > 1) {
            throw new UsageException(
                    "%s are aliases of one module, whose calls cannot be numbered: omit #%d to select the last call under a name."
                            .formatted(String.join(" and ", paths), hook.call().getAsInt()));
        }
        int call = hook.call().orElse(chains.size() - 1);
        if (call < chains.size()) {
            return chains.get(call);
        }
        var last = chains.get(chains.size() - 1);
        if (last.stream().noneMatch(HookRewriter::isInControlFlow)) {
            throw new UsageException("%s is called %d times (#0 is the first); there is no call #%d."
                    .formatted(hook.module(), chains.size(), call));
        }
        return last; // a loop may call it any number of times
    }

    private static boolean isInControlFlow(MethodCalls.CallSite step) {
        return step.method().body().get(step.call().line()).isInControlFlow();
    }

    /** Returns a copy of a frame's method that ends at the hook and returns its value. */
    private MethodCopy cut(Frame frame, List<MethodCalls.CallSite> chain) {
        var copy = copy(frame.owner(), frame.method());
        copy.returns(TENSOR);
        if (chain.isEmpty()) {
            cutAtVariable(copy, frame);
            return copy;
        }
        var call = chain.get(0).call();
        if (isInControlFlow(chain.get(0))) {
            collect(copy, frame, chain);
            return copy;
        }
        copy.keep(call.line());
        if (chain.size() == 1 && hook.variable() == null) {
            cutAtCall(copy, frame, call);
        } else {
            var inner = cut(enter(frame, call), chain.subList(1, chain.size()));
            copy.redirect(call, inner, "");
            end(copy, frame, call, call.expression().span());
        }
        return copy;
    }

    private Frame enter(Frame frame, MethodCalls.Call call) {
        var entered = network.calls().enter(frame, call);
        if (entered == null) {
            throw new SourceException("The source of " + hook.module() + " is missing");
        }
        return entered;
    }

    private void cutAtCall(MethodCopy copy, Frame frame, MethodCalls.Call call) {
        if (hook.input()) {
            var arguments = call.expression().items();
            var called = network.calls().called(frame.owner(), call);
            int input = called == null ? 0 : network.inputs().of(called.method());
            if (input >= arguments.size()) {
                throw new UsageException(hook.module() + " is called without an input.");
            }
            hooked = ReachingDefinitions.argument(new SourceValue(frame, call.line(), call.expression()), input);
            end(copy, frame, call, arguments.get(input));
            return;
        }
        checkType(enter(frame, call).method().returns());
        var span = call.expression().span();
        if (hook.element() == null) {
            hooked = new SourceValue(frame, call.line(), call.expression());
            end(copy, frame, call, span);
        } else {
            copy.end(() -> RESULT + " = " + copy.text(call.line(), span));
            copy.end(() -> "return " + asFloat(frame, element(RESULT)));
        }
    }

    private static void end(MethodCopy copy, Frame frame, MethodCalls.Call call, Expression.Span span) {
        copy.end(() -> "return " + asFloat(frame, copy.text(call.line(), span)));
    }

    /** Converts the result of the outermost copy to float32 (type 6), the type of hooks. */
    private static String asFloat(Frame frame, String value) {
        return frame.caller() == null ? "torch.to(" + value.strip() + ", 6)" : value.strip();
    }

    private String element(String value) {
        return hook.element() == null ? value : "(" + value + ")" + hook.element();
    }

    /** Refuses a module whose result does not match the hook's form. */
    private void checkType(String type) {
        var name = hook.module();
        if (type.equals("NoneType")) {
            throw new UsageException("%s has no effect in this archive, so tracing omitted it: use the layer before it."
                    .formatted(name));
        }
        if (!ResultType.of(type, hook.element()).equals(TENSOR)) {
            var tensors = ResultType.tensors(type).stream().map(name::concat).toList();
            var item = type.startsWith("Dict") ? "[\"out\"]" : "[0]";
            throw new UsageException(
                    tensors.size() > 1
                            ? "%s returns several tensors: use one of %s.".formatted(name, String.join(", ", tensors))
                            : "%s returns %s: pick a tensor of it, as in %s%s.".formatted(name, type, name, item));
        }
    }

    private void cutAtVariable(MethodCopy copy, Frame frame) {
        var variable = variable();
        int after = frame.method().afterAssignment(variable);
        if (after >= 0) {
            copy.keep(after);
            var definitions = network.flow().definitions(frame, after, -1, variable);
            hooked = definitions.size() == 1 ? definitions.get(0) : null;
            copy.end(() -> "return " + asFloat(frame, element(variable)));
            return;
        }
        for (var call : network.calls().of(frame.method())) { // a method of the module itself
            var own = call.path().isEmpty() ? enter(frame, call) : null;
            if (own != null
                    && own.method().afterAssignment(variable) >= 0
                    && !isInControlFlow(new MethodCalls.CallSite(frame.owner(), frame.method(), call))) {
                copy.keep(call.line());
                copy.redirect(call, cut(own, List.of()), "");
                end(copy, frame, call, call.expression().span());
                return;
            }
        }
        throw new UsageException(noVariable(frame.method()));
    }

    private String variable() {
        if (hook.variable() == null) {
            throw new IllegalStateException("No variable is hooked");
        }
        return hook.variable();
    }

    private String noVariable(ScriptMethod method) {
        return "%s has no variable '%s': it has %s."
                .formatted(
                        hook.path().isEmpty() ? "The network" : hook.module(),
                        hook.variable(),
                        method.variables().isEmpty() ? "none" : String.join(", ", method.variables()));
    }

    /** Ends a copy after the control flow that contains the call of the hook's module. */
    private void collect(MethodCopy copy, Frame frame, List<MethodCalls.CallSite> chain) {
        var path = chain.stream().flatMap(step -> step.call().path().stream()).toList();
        int last = -1;
        for (var call : network.calls().of(frame.method())) {
            var collector = collector(frame.owner(), call, path);
            if (collector != null) {
                copy.redirect(call, collector, LIST + ", ");
                last = Math.max(last, call.line());
            }
        }
        if (last < 0) {
            throw new UsageException(hook.module() + " has no such value in its loop or branch.");
        }
        copy.begin(LIST + " = annotate(List[Tensor], [])");
        int end = frame.method().end(last);
        copy.keep(end);
        if (end == frame.method().body().size()) {
            copy.keepResultIn(RESULT);
        }
        int index = hook.call().orElse(-1);
        copy.end(() -> "return " + asFloat(frame, "(" + LIST + ")[" + index + "]"));
        if (hook.variable() == null && !hook.input() && hook.element() == null) {
            var inner = frame;
            for (var step : chain) {
                inner = enter(inner, step.call());
            }
            hooked = network.flow().result(inner);
        }
    }

    /** Returns a copy of a called method that collects the hook's values, or null. */
    private @Nullable MethodCopy collector(ScriptClass owner, MethodCalls.Call call, List<String> path) {
        var head = call.path();
        var called = network.calls().called(owner, call);
        if (head.size() > path.size() || !path.subList(0, head.size()).equals(head) || called == null) {
            return null;
        }
        var method = called.method();
        var rest = path.subList(head.size(), path.size());
        var known = collecting.get(new Collected(method, rest));
        if (known != null) {
            return known;
        }
        if (!rest.isEmpty()
                && network.calls().chains(called.owner(), method, rest).isEmpty()) {
            return null;
        }
        var copy = copy(called.owner(), method);
        copy.prepend(LIST + ": List[Tensor], ");
        collecting.put(new Collected(method, rest), copy);
        if (rest.isEmpty()) {
            collectHere(copy, method);
        } else {
            for (var inner : network.calls().of(method)) {
                var collector = collector(called.owner(), inner, rest);
                if (collector != null) {
                    copy.redirect(inner, collector, LIST + ", ");
                }
            }
        }
        return copy;
    }

    private void collectHere(MethodCopy copy, ScriptMethod method) {
        if (hook.variable() != null) {
            int after = method.afterAssignment(hook.variable());
            if (after < 0) {
                throw new UsageException(noVariable(method));
            }
            copy.insertAfter(after - 1, append(element(hook.variable())));
        } else if (hook.input()) {
            if (method.parameters().isEmpty()) {
                throw new UsageException(hook.module() + " is called without an input.");
            }
            copy.begin(
                    append(method.parameters().get(network.inputs().of(method)).name()));
        } else {
            checkType(method.returns());
            copy.keepResultIn(RESULT);
            copy.end(() -> append(element(RESULT)));
            copy.end(() -> "return " + RESULT);
        }
    }

    /** Returns a statement that appends a clone, since later code may change the value. */
    private static String append(String value) {
        return "_stir_appended = torch.append(%s, torch.clone(%s))".formatted(LIST, value);
    }

    /** Replaces the call of a ReLU in the copies by a ReLU that passes gradients. */
    private void passGradients(MethodCopy root, SourceValue relu) {
        var copy = root;
        var frame = network.frame();
        for (var call : relu.frame().calls()) {
            frame = enter(frame, call);
            var inner = copy.called(call);
            if (inner == null) {
                inner = copy(frame.owner(), frame.method());
                copy.redirect(call, inner, "");
            }
            copy = inner;
        }
        var call = relu.expression().span();
        var input = relu.expression().items().get(0);
        copy.replace(
                relu.line(),
                new Expression.Span(call.start(), input.start()),
                "(" + frame.method().self() + ")." + FakeReluSource.NAME + "(");
        copy.replace(relu.line(), new Expression.Span(input.end(), call.end()), ")");
    }
}
