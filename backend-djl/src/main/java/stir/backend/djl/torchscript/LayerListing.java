package stir.backend.djl.torchscript;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import stir.backend.djl.libtorch.FusedAttention;
import stir.backend.djl.libtorch.HookedSource;

/**
 * A rewriter that adds to a network's source a method that runs the whole network and returns one
 * line of text per value at which a hook can be set, in the order of computation.
 */
final class LayerListing {
    private static final String LINES = "_stir_lines";
    private static final String PATH = "_stir_path";
    private static final String RESULT = "_stir_result";
    private static final String LISTING = "List[str]";

    private final ScriptNetwork network;
    private final Map<ScriptClass, List<String>> added = new LinkedHashMap<>();
    private final Set<ScriptMethod> copied = new HashSet<>();

    private LayerListing(ScriptNetwork network) {
        this.network = network;
    }

    static HookedSource write(ScriptNetwork network) {
        return new LayerListing(network).write();
    }

    private HookedSource write() {
        var root = network.root();
        var forward = network.forward();
        copy(root, forward);
        var method = new MethodCopy(root, forward, "_stir_layers");
        method.keep(0);
        method.returns(LISTING);
        method.begin(network.cloneOfInput());
        method.begin(LINES + " = annotate(List[str], [])");
        var arguments = new StringBuilder(LINES + ", \"\", ");
        forward.parameters().forEach(p -> arguments.append(p.name()).append(", "));
        method.begin("%s = (%s).%s(%s)".formatted(RESULT, forward.self(), name(forward), arguments));
        method.end(() -> "return " + LINES);
        add(root, method);
        return new HookedSource(network.with(added), method.name(), false);
    }

    private static String name(ScriptMethod method) {
        return "_stir_listing_" + method.name();
    }

    private void add(ScriptClass owner, MethodCopy copy) {
        added.computeIfAbsent(owner, key -> new ArrayList<>()).add(copy.source());
    }

    private void copy(ScriptClass owner, ScriptMethod method) {
        if (!copied.add(method)) {
            return;
        }
        var copy = new MethodCopy(owner, method, name(method));
        copy.prepend(LINES + ": List[str], " + PATH + ": str, ");
        for (var call : network.calls().of(method)) {
            var called = network.calls().called(owner, call);
            if (called != null && called.owner().isModule()) {
                copy(called.owner(), called.method());
                copy.redirect(
                        call,
                        new MethodCopy(called.owner(), called.method(), name(called.method())),
                        LINES + ", " + below(call.path()) + ", ");
            }
        }
        markFusedAttention(copy, method);
        if (network.isFrozen()) {
            recordVariables(copy, method);
        } else if (network.isCalledForModules(method)) {
            record(copy, method);
        }
        add(owner, copy);
    }

    private static String below(List<String> path) {
        return path.isEmpty() ? PATH : "torch.add(%s, \"%s.\")".formatted(PATH, String.join(".", path));
    }

    /** Records the tensor variables of a network without submodules. */
    private static void recordVariables(MethodCopy copy, ScriptMethod method) {
        for (var variable : method.variables()) {
            copy.insertAfter(
                    method.afterAssignment(variable) - 1,
                    "if isinstance(%s, Tensor):\n      %s\n    else:\n      pass"
                            .formatted(variable, append(":" + variable, variable)));
        }
    }

    private void record(MethodCopy copy, ScriptMethod method) {
        int input = network.inputs().of(method);
        if (input < method.parameters().size()
                && method.parameters().get(input).type().equals("Tensor")) {
            copy.begin(append("@in", method.parameters().get(input).name()));
        }
        if (copy.keepResultIn(RESULT)) {
            recordResult(copy, method.returns());
            copy.end(() -> "return " + RESULT);
        }
    }

    private void recordResult(MethodCopy copy, String type) {
        for (var element : ResultType.tensors(type)) {
            copy.end(() -> append(element, "(" + RESULT + ")" + element));
        }
        if (type.equals("Dict[str, Tensor]")) {
            copy.end(() -> "for _stir_key in torch.keys(" + RESULT + "):");
            copy.end(() ->
                    "  _stir_appended = torch.append(%1$s, torch.format(\"{}[\\\"{}\\\"] {} {}\", %2$s, _stir_key, (%3$s)[_stir_key].requires_grad, torch.size((%3$s)[_stir_key])))"
                            .formatted(LINES, PATH, RESULT));
        }
    }

    private static String append(String suffix, String value) {
        return "_stir_appended = torch.append(%s, torch.format(\"{}%s {} {}\", %s, (%s).requires_grad, torch.size(%s)))"
                .formatted(LINES, suffix, PATH, value, value);
    }

    /** Marks the list where fused attention begins, after which there are no gradients. */
    private static void markFusedAttention(MethodCopy copy, ScriptMethod method) {
        for (int i = 0; i < method.body().size(); i++) {
            var line = method.body().get(i).text();
            if (line.contains("torch." + FusedAttention.OPERATOR + "(")
                    || line.contains("torch." + FusedAttention.ENCODER + "(")) {
                copy.insertBefore(i, "_stir_appended = torch.append(%s, \"%s\")".formatted(LINES, FusedAttention.MARK));
            }
        }
    }
}
