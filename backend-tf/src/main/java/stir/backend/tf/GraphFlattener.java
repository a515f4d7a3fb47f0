package stir.backend.tf;

import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

import stir.api.DataException;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Turns a graph with function calls, as TensorFlow 2 exports it, into one flat graph: {@code
 * Graph.addGradients} can't see through calls.
 *
 * <p>Calls are replaced by the function's nodes, whose names get the call's as a prefix; {@code If}
 * on a constant condition (a switch between training and inference) by the branch that is taken.
 * References of function bodies ({@code node:argument:0}) become those of graphs ({@code node:0}).
 * Nothing that the outputs don't need is kept.
 *
 * <p>Control dependencies order side effects, of which inference has none: they are dropped. Graphs
 * of TensorFlow 1 with {@code Switch} and {@code Merge} keep them, since there they tell which
 * branch a node is in; {@link DeadBranches} resolves these.
 */
final class GraphFlattener {
    private static final Set<String> CALLS = Set.of("PartitionedCall", "StatefulPartitionedCall");
    private static final Set<String> CONDITIONALS = Set.of("If", "StatelessIf");

    /** Calls that TensorFlow named itself: they tell nothing, so they are left out of names. */
    private static final Pattern ANONYMOUS_CALL =
            Pattern.compile("(^|/)(Stateful)?PartitionedCall(_\\d+)?$");

    private final GraphDef graph;
    private final OpRegistry ops;
    private final Map<String, List<Integer>> boundInputs;
    private final Map<String, FunctionDef> functions = new HashMap<>();
    private final boolean keepsControl;
    private final Set<String> names = new HashSet<>();
    private final Map<String, Integer> variables = new HashMap<>();
    private final Scope main;

    /**
     * @param boundInputs for each function, the object graph's nodes whose values its last inputs
     *     are; empty without an object graph
     */
    GraphFlattener(GraphDef graph, Map<String, List<Integer>> boundInputs, OpRegistry ops) {
        this.graph = graph;
        this.ops = ops;
        this.boundInputs = boundInputs;
        for (FunctionDef function : graph.getLibrary().getFunctionList()) {
            functions.put(function.getSignature().getName(), function);
        }
        this.keepsControl =
                graph.getNodeList().stream().anyMatch(node -> node.getOp().equals("Switch"));
        graph.getNodeList().forEach(node -> names.add(node.getName()));
        this.main = new Scope(graph.getNodeList(), "", null);
    }

    /** The tensor of the flat graph that a tensor of the main graph becomes. */
    TensorName flat(TensorName tensor) {
        return main.resolve(tensor.toString()).name();
    }

    /** For each variable's handle in the flat graph, its node in the object graph. */
    Map<String, Integer> variables() {
        return Map.copyOf(variables);
    }

    /** The flat graph of what some tensors of the main graph need. */
    FlatGraph flatten(Collection<TensorName> tensors) {
        var sorted = new LinkedHashMap<String, NodeDef>();
        var visited = new HashSet<String>();
        var open = new ArrayDeque<Visit>();
        for (TensorName tensor : tensors) {
            open.push(new Visit(main.resolve(tensor.toString())));
            while (!open.isEmpty()) {
                var visit = open.peek();
                var name = visit.source.name().node();
                if (visit.inputs == null) {
                    if (!visited.add(name)) {
                        open.pop();
                        continue;
                    }
                    visit.inputs = visit.source.inputs();
                }
                if (visit.next < visit.inputs.size()) {
                    open.push(new Visit(visit.inputs.get(visit.next++)));
                } else {
                    sorted.put(name, visit.source.scope.emit(visit.source.node, visit.inputs));
                    open.pop();
                }
            }
        }
        return new FlatGraph(sorted.values(), library(sorted.values()), graph.getVersions());
    }

    /** The functions that control flow still calls, and those that they call. */
    private FunctionDefLibrary library(Collection<NodeDef> nodes) {
        var called = new LinkedHashSet<String>();
        nodes.forEach(node -> addCallees(node, called));
        var open = new ArrayDeque<>(called);
        while (!open.isEmpty()) {
            for (NodeDef node : function(open.pop(), "").getNodeDefList()) {
                var callees = new LinkedHashSet<String>();
                addCallees(node, callees);
                callees.removeAll(called);
                called.addAll(callees);
                open.addAll(callees);
            }
        }
        var library = FunctionDefLibrary.newBuilder();
        called.forEach(name -> library.addFunction(function(name, "")));
        return library.build();
    }

    private void addCallees(NodeDef node, Set<String> callees) {
        if (functions.containsKey(node.getOp())) {
            callees.add(node.getOp());
        }
        for (AttrValue value : node.getAttrMap().values()) {
            if (value.hasFunc() && functions.containsKey(value.getFunc().getName())) {
                callees.add(value.getFunc().getName());
            }
            for (NameAttrList function : value.getList().getFuncList()) {
                callees.add(function.getName());
            }
        }
    }

    private FunctionDef function(String name, String caller) {
        var function = functions.get(name);
        if (function == null) {
            throw damaged("the function " + name + " that " + caller + " calls is missing");
        }
        return function;
    }

    private static DataException damaged(String what) {
        return new DataException("The graph is damaged (" + what + "): export the model again.");
    }

    private String uniqueName(String wanted) {
        var name = wanted;
        for (int i = 1; !names.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }

    /** A node on its way into the flat graph, after its inputs. */
    private static final class Visit {
        private final Source source;
        private @Nullable List<Source> inputs;
        private int next;

        Visit(Source source) {
            this.source = source;
        }
    }

    /** A node that stays, in the scope that it stands in, and one of its outputs. */
    private record Source(Scope scope, NodeDef node, int index) {
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

    /** The arguments of a call: where a function's inputs come from. */
    private record Call(
            FunctionDef function,
            Scope caller,
            List<String> arguments,
            Map<String, AttrValue> attributes) {}

    /** The main graph, or one call of one function. */
    private final class Scope {
        private final Map<String, NodeDef> nodes = new HashMap<>();
        private final Map<String, String> flatNames = new HashMap<>();
        private final Map<String, String> arguments = new HashMap<>();
        private final Map<String, Scope> callees = new HashMap<>();
        private final String prefix;
        private final @Nullable Call call;

        Scope(List<NodeDef> nodes, String prefix, @Nullable Call call) {
            nodes.forEach(node -> this.nodes.put(node.getName(), node));
            this.prefix = prefix;
            this.call = call;
            if (call != null) {
                nameArguments(call);
            }
        }

        private void nameArguments(Call call) {
            int next = 0;
            for (OpDef.ArgDef argument : call.function.getSignature().getInputArgList()) {
                int size = OpRegistry.size(argument, name -> attribute(call, name));
                for (int i = 0; i < size; i++) {
                    if (next == call.arguments.size()) {
                        throw damaged("a call of " + call.function.getSignature().getName());
                    }
                    var value = call.arguments.get(next++);
                    arguments.put(argument.getName() + ":" + i, value);
                    if (i == 0) {
                        arguments.put(argument.getName(), value);
                    }
                }
            }
        }

        private AttrValue attribute(Call call, String name) {
            var value = call.attributes.get(name);
            if (value == null) {
                throw damaged("the attribute " + name + " in " + prefix);
            }
            return value;
        }

        boolean keepsControl() {
            return call == null && keepsControl;
        }

        String flatName(String node) {
            return call == null
                    ? node
                    : flatNames.computeIfAbsent(node, name -> uniqueName(prefix + name));
        }

        private NodeDef node(String name) {
            var node = nodes.get(name);
            if (node == null) {
                throw damaged("there is no node " + prefix + name);
            }
            return node;
        }

        /** The node that a control dependency names; a call has become many nodes, so none. */
        Optional<Source> control(String reference) {
            var node = node(reference.substring(1));
            return callee(node) == null
                    ? Optional.of(new Source(this, node, TensorName.CONTROL))
                    : Optional.empty();
        }

        /** Follows a reference through arguments and calls to the node that makes the value. */
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
                throw damaged("output " + index + " of the call " + prefix);
            }
            var result = call.function.getSignature().getOutputArg(index).getName();
            return call.function.getRetOrThrow(result);
        }

        /** Which output of a node a reference means. */
        private int outputIndex(NodeDef node, String reference) {
            var parts = reference.split(":", -1);
            try {
                if (call == null || parts.length < 2) {
                    return parts.length < 2 ? 0 : Integer.parseInt(parts[1]);
                }
                int first = 0;
                var function = functions.get(node.getOp());
                var definition = function == null ? ops.definition(node) : function.getSignature();
                for (OpDef.ArgDef output : definition.getOutputArgList()) {
                    if (output.getName().equals(parts[1])) {
                        return first + (parts.length > 2 ? Integer.parseInt(parts[2]) : 0);
                    }
                    first += OpRegistry.size(output, name -> own(node, name));
                }
            } catch (NumberFormatException e) {
                throw damaged("the reference " + reference);
            }
            throw damaged("there is no output " + reference);
        }

        /** An attribute of a node, those of the function put in. */
        private AttrValue own(NodeDef node, String name) {
            return bind(ops.requiredAttribute(node, name));
        }

        private AttrValue bind(AttrValue value) {
            return value.hasPlaceholder() && call != null
                    ? attribute(call, value.getPlaceholder())
                    : value;
        }

        /** What replaces a node that is a call; null if the node stays. */
        private @Nullable Scope callee(NodeDef node) {
            var known = callees.get(node.getName());
            if (known != null) {
                return known;
            }
            NameAttrList called = null;
            int skipped = 0;
            if (functions.containsKey(node.getOp())) {
                called = NameAttrList.newBuilder().setName(node.getOp()).build();
            } else if (CALLS.contains(node.getOp())) {
                called = ops.requiredAttribute(node, "f").getFunc();
            } else if (CONDITIONALS.contains(node.getOp())) {
                var condition = constant(resolve(node.getInput(0)));
                if (condition != null) {
                    called =
                            ops.requiredAttribute(node, condition ? "then_branch" : "else_branch")
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
            return callee;
        }

        private Scope open(NodeDef node, NameAttrList called, int skipped) {
            var function = function(called.getName(), prefix + node.getName());
            var attributes = new HashMap<String, AttrValue>();
            node.getAttrMap().forEach((name, value) -> attributes.put(name, bind(value)));
            called.getAttrMap().forEach((name, value) -> attributes.put(name, bind(value)));
            var values =
                    node.getInputList().stream()
                            .filter(input -> !input.startsWith("^"))
                            .skip(skipped)
                            .toList();
            var path = ANONYMOUS_CALL.matcher(prefix + node.getName()).replaceFirst("");
            return new Scope(
                    function.getNodeDefList(),
                    path.isEmpty() || path.endsWith("/") ? path : path + "/",
                    new Call(function, this, values, attributes));
        }

        private void bindVariables(String function, Scope callee) {
            var bound = boundInputs.getOrDefault(function, List.of());
            var values = callee.call == null ? List.<String>of() : callee.call.arguments;
            int first = values.size() - bound.size();
            for (int i = 0; i < bound.size() && first >= 0; i++) {
                var source = resolve(values.get(first + i));
                if (source.node.getOp().equals("VarHandleOp")) {
                    variables.putIfAbsent(source.name().node(), bound.get(i));
                }
            }
        }

        /** The value of a constant condition; null if it is known only when the graph runs. */
        private static @Nullable Boolean constant(Source condition) {
            var source = condition;
            while (source.node.getOp().equals("Identity")
                    || source.node.getOp().equals("PlaceholderWithDefault")) {
                source = source.scope.resolve(source.node.getInput(0));
            }
            return Constants.flag(source.node);
        }

        NodeDef emit(NodeDef node, List<Source> inputs) {
            ops.definition(node); // or the import would fail with a message for programmers
            var flat = node.toBuilder().clearInput().clearExperimentalDebugInfo().setDevice("");
            flat.setName(flatName(node.getName()));
            inputs.forEach(input -> flat.addInput(input.name().toString()));
            node.getAttrMap().forEach((name, value) -> flat.putAttr(name, bind(value)));
            return flat.removeAttr("_class")
                    .removeAttr("_gradient_op_type")
                    .removeAttr("_output_shapes")
                    .build();
        }
    }
}
