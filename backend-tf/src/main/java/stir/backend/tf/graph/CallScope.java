package stir.backend.tf.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * The main graph, or one call of a function, with its own names. References of function bodies
 * ({@code node:argument:0}) are resolved through arguments and calls to the node that computes the
 * value.
 */
final class CallScope {
    private static final Set<String> CALLS = Set.of("PartitionedCall", "StatefulPartitionedCall");
    private static final Set<String> CONDITIONALS = Set.of("If", "StatelessIf");

    /** Operations that a condition passes unchanged. */
    static final Set<String> PASSING = Set.of("Identity", "PlaceholderWithDefault", "Squeeze");

    /** The maximum number of nodes that pass a condition on. */
    private static final int MAX_CHAIN = 1000;

    /** Names that TensorFlow gave to calls; they are omitted, because they carry no information. */
    private static final Pattern ANONYMOUS_CALL = Pattern.compile("(^|/)(Stateful)?PartitionedCall(_\\d+)?$");

    /** An output of a node that remains, with its scope. */
    record Source(CallScope scope, NodeDef node, int index) {
        TensorName name() {
            return new TensorName(scope.flatName(node.getName()), index);
        }

        List<Source> inputs() {
            var sources = new ArrayList<Source>();
            for (String input : node.getInputList()) {
                if (!input.startsWith("^")) {
                    sources.add(scope.resolve(input));
                } else if (scope.keepsControl()) {
                    scope.control(input).ifPresent(sources::add);
                }
            }
            return sources;
        }
    }

    /** A function call with its arguments, which are the sources of the function's inputs. */
    private record FunctionCall(
            FunctionDef function, CallScope caller, List<String> arguments, Map<String, AttrValue> attributes) {}

    private final Flattening flattening;
    private final Map<String, NodeDef> nodes = new HashMap<>();
    private final Map<String, String> flatNames = new HashMap<>();
    private final Map<String, String> arguments = new HashMap<>();
    private final Map<String, CallScope> callees = new HashMap<>();
    private final String prefix;
    private final @Nullable FunctionCall call;

    /** Returns the main graph. */
    static CallScope main(List<NodeDef> nodes, Flattening flattening) {
        return new CallScope(nodes, "", null, flattening);
    }

    private CallScope(List<NodeDef> nodes, String prefix, @Nullable FunctionCall call, Flattening flattening) {
        this.flattening = flattening;
        nodes.forEach(node -> this.nodes.put(node.getName(), node));
        this.prefix = prefix;
        this.call = call;
        if (call != null) {
            nameArguments(call);
        }
    }

    private void nameArguments(FunctionCall call) {
        int next = 0;
        for (OpDef.ArgDef argument : call.function.getSignature().getInputArgList()) {
            int size = OpRegistry.size(argument, name -> attribute(call, name));
            for (int i = 0; i < size; i++) {
                if (next == call.arguments.size()) {
                    throw TensorFlowMessages.damaged(
                            "a call of " + call.function.getSignature().getName());
                }
                var value = call.arguments.get(next++);
                arguments.put(argument.getName() + ":" + i, value);
                if (i == 0) {
                    arguments.put(argument.getName(), value);
                }
            }
        }
    }

    private AttrValue attribute(FunctionCall call, String name) {
        var value = call.attributes.get(name);
        if (value == null) {
            throw TensorFlowMessages.damaged("the attribute " + name + " in " + prefix);
        }
        return value;
    }

    boolean keepsControl() {
        return call == null && flattening.keepsControl();
    }

    String flatName(String node) {
        return Flattening.requireShort(
                call == null ? node : flatNames.computeIfAbsent(node, name -> flattening.uniqueName(prefix + name)));
    }

    private NodeDef node(String name) {
        var node = nodes.get(name);
        if (node == null) {
            throw TensorFlowMessages.damaged("there is no node " + prefix + name);
        }
        return node;
    }

    /** Returns the node of a control dependency; empty for a call, which becomes many nodes. */
    Optional<Source> control(String reference) {
        var node = node(reference.substring(1));
        return callee(node) == null ? Optional.of(new Source(this, node, TensorName.CONTROL)) : Optional.empty();
    }

    /** Resolves a reference through arguments and calls to the node that computes the value. */
    Source resolve(String reference) {
        var scope = this;
        var wanted = reference;
        while (true) {
            var argument = scope.arguments.get(wanted);
            if (argument != null && scope.call != null) {
                scope = scope.call.caller;
                wanted = argument;
                continue;
            }
            var node = scope.node(wanted.split(":", -1)[0]);
            int index = scope.outputIndex(node, wanted);
            var callee = scope.callee(node);
            if (callee == null) {
                return new Source(scope, node, index);
            }
            wanted = callee.returned(index);
            scope = callee;
        }
    }

    private String returned(int index) {
        if (call == null || index >= call.function.getSignature().getOutputArgCount()) {
            throw TensorFlowMessages.damaged("output " + index + " of the call " + prefix);
        }
        var result = call.function.getSignature().getOutputArg(index).getName();
        return call.function.getRetOrThrow(result);
    }

    /** Returns the index of the output that a reference selects. */
    private int outputIndex(NodeDef node, String reference) {
        var parts = reference.split(":", -1);
        try {
            if (call == null || parts.length < 2) {
                return parts.length < 2 ? 0 : Integer.parseInt(parts[1]);
            }
            int first = 0;
            var definition = functions().contains(node.getOp())
                    ? functions().get(node.getOp(), prefix).getSignature()
                    : ops().definition(node);
            for (OpDef.ArgDef output : definition.getOutputArgList()) {
                if (output.getName().equals(parts[1])) {
                    return first + (parts.length > 2 ? Integer.parseInt(parts[2]) : 0);
                }
                first += OpRegistry.size(output, name -> own(node, name));
            }
        } catch (NumberFormatException e) {
            throw TensorFlowMessages.damaged("the reference " + reference);
        }
        throw TensorFlowMessages.damaged("there is no output " + reference);
    }

    /** Returns an attribute of a node, with the call's attributes inserted. */
    private AttrValue own(NodeDef node, String name) {
        return bind(ops().requiredAttribute(node, name));
    }

    private AttrValue bind(AttrValue value) {
        return value.hasPlaceholder() && call != null ? attribute(call, value.getPlaceholder()) : value;
    }

    /** Returns the scope that replaces a call; null if the node is not a call. */
    private @Nullable CallScope callee(NodeDef node) {
        var known = callees.get(node.getName());
        if (known != null) {
            return known;
        }
        NameAttrList called = null;
        int skipped = 0;
        if (functions().contains(node.getOp())) {
            called = NameAttrList.newBuilder().setName(node.getOp()).build();
        } else if (CALLS.contains(node.getOp())) {
            called = ops().requiredAttribute(node, "f").getFunc();
        } else if (CONDITIONALS.contains(node.getOp())) {
            var condition = constant(resolve(node.getInput(0)));
            if (condition != null) {
                called = ops().requiredAttribute(node, condition ? "then_branch" : "else_branch")
                        .getFunc();
                skipped = 1;
            }
        }
        if (called == null) {
            return null;
        }
        var callee = open(node, called, skipped);
        callees.put(node.getName(), callee);
        bindVariables(called.getName(), callee);
        callee.addChanges(callee.nodes.values());
        return callee;
    }

    /** Adds the changes of variables by nodes that run, whether or not their results are read. */
    private void addChanges(Collection<NodeDef> run) {
        for (NodeDef node : run) {
            if (functions().changes(node) && callee(node) == null) {
                flattening.changes().add(node, this);
            }
        }
    }

    /** Adds the changes by the nodes that tensors of the main graph depend on or wait for. */
    void addChanges(List<String> tensors) {
        var run = new HashMap<String, NodeDef>();
        var open = new ArrayDeque<>(tensors);
        while (!open.isEmpty()) {
            var name = TensorName.parse(open.pop()).node();
            var node = nodes.get(name);
            if (node != null && run.put(name, node) == null) {
                open.addAll(node.getInputList());
            }
        }
        addChanges(run.values());
    }

    private CallScope open(NodeDef node, NameAttrList called, int skipped) {
        flattening.countCall();
        var function = functions().get(called.getName(), prefix + node.getName());
        var attributes = new HashMap<String, AttrValue>();
        node.getAttrMap().forEach((name, value) -> attributes.put(name, bind(value)));
        called.getAttrMap().forEach((name, value) -> attributes.put(name, bind(value)));
        var values = node.getInputList().stream()
                .filter(input -> !input.startsWith("^"))
                .skip(skipped)
                .toList();
        var full = Flattening.requireShort(prefix + node.getName());
        var path = ANONYMOUS_CALL.matcher(full).replaceFirst("");
        return new CallScope(
                function.getNodeDefList(),
                path.isEmpty() || path.endsWith("/") ? path : path + "/",
                new FunctionCall(function, this, values, attributes),
                flattening);
    }

    private void bindVariables(String function, CallScope callee) {
        var bound = flattening.boundInputs().getOrDefault(function, List.of());
        var values = callee.call == null ? List.<String>of() : callee.call.arguments;
        int first = values.size() - bound.size();
        for (int i = 0; i < bound.size() && first >= 0; i++) {
            var source = resolve(values.get(first + i));
            if (source.node.getOp().equals("VarHandleOp")) {
                flattening.variables().putIfAbsent(source.name().node(), bound.get(i));
            }
        }
    }

    /** Returns the value of a constant condition; null if it is computed when the graph runs. */
    private static @Nullable Boolean constant(Source condition) {
        var source = condition;
        int steps = 0;
        while (PASSING.contains(source.node.getOp())) {
            if (++steps > MAX_CHAIN) {
                throw TensorFlowMessages.damaged("the node " + source.node.getName() + " depends on itself");
            }
            source = source.scope.resolve(source.node.getInput(0));
        }
        return Constants.flag(source.node);
    }

    NodeDef emit(NodeDef node, List<Source> inputs) {
        ops().definition(node); // otherwise the import would fail with an internal message
        var flat = node.toBuilder().clearInput().clearExperimentalDebugInfo().setDevice("");
        flat.setName(flatName(node.getName()));
        inputs.forEach(input -> flat.addInput(input.name().toString()));
        node.getAttrMap().forEach((name, value) -> flat.putAttr(name, bind(value)));
        return flat.removeAttr("_class")
                .removeAttr("_gradient_op_type")
                .removeAttr("_output_shapes")
                .build();
    }

    private OpRegistry ops() {
        return flattening.ops();
    }

    private FunctionLibrary functions() {
        return flattening.functions();
    }
}
