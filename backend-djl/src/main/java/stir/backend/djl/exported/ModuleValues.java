package stir.backend.djl.exported;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import stir.api.support.GraphAnalysis;
import stir.backend.djl.libtorch.AtenFunctions;

/**
 * The values of a program's graph by the modules that compute them. A module's result is the tensor
 * that an operator within it computes and that an operator outside it, or the output, reads. If
 * there are several, each is a layer whose name ends with its own, as in {@code path:tanh}, because
 * a program does not record their order in the module's result.
 */
public final class ModuleValues {
    /** A numbered call, and the rest of the name. */
    private static final Pattern NUMBERED = Pattern.compile("([^#]*)#(\\d{1,6})(.*)");

    private final ProgramGraph graph;
    private final Map<String, Integer> definitions;
    private final Map<String, List<Integer>> readers = new HashMap<>();
    private final Map<String, List<CalledModule>> calls;
    private final Map<String, LayerValue> layers = new LinkedHashMap<>();
    private final Optional<String> defaultLayer;

    /**
     * A value with a name of its own.
     *
     * @param variable its name in the graph
     * @param kind the class of the module, or {@code Module input}
     */
    public record LayerValue(String variable, String kind) {}

    /** A call of a module with the indices of its operators. */
    private record CalledModule(GraphNode.ModuleStackEntry module, Set<Integer> nodes) {}

    ModuleValues(ProgramGraph graph, ProgramOperators operators) {
        this.graph = graph;
        this.definitions = graph.definitions();
        var nodes = graph.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            for (var name : nodes.get(i).inputs()) {
                readers.computeIfAbsent(name, unused -> new ArrayList<>()).add(i);
            }
        }
        this.calls = calls();
        var namedValues = new ArrayList<Map.Entry<String, LayerValue>>();
        calls.values().forEach(all -> addResults(all, namedValues));
        var analysis = new GraphAnalysis<>(operators);
        var measured = analysis.measured(graph.outputs());
        this.defaultLayer = measured.map(value -> name(value, analysis, namedValues));
        measured.ifPresent(value -> {
            var name = defaultLayer.orElseThrow();
            var kind = name.endsWith("@in") ? "Module input" : "variable";
            namedValues.add(Map.entry(name, new LayerValue(value.value(), kind)));
        });
        namedValues.stream()
                .sorted(Comparator.comparingInt(layer -> definition(layer.getValue())))
                .forEach(layer -> layers.putIfAbsent(layer.getKey(), layer.getValue()));
    }

    private void addResults(List<CalledModule> all, List<Map.Entry<String, LayerValue>> namedValues) {
        for (int i = 0; i < all.size(); i++) {
            var call = all.get(i);
            var path = call.module().path() + (i < all.size() - 1 ? "#" + i : "");
            var results = results(call.nodes());
            for (var result : results) {
                namedValues.add(Map.entry(
                        results.size() == 1 ? path : path + ":" + result,
                        new LayerValue(result, call.module().type() + place(result))));
            }
        }
    }

    /** Returns the name of the value that is measured by default. */
    private String name(
            GraphAnalysis.Measured<String> measured,
            GraphAnalysis<String> analysis,
            List<Map.Entry<String, LayerValue>> modules) {
        return analysis.name(measured.value(), tensor -> module(tensor, modules))
                .or(() -> measured.classifier()
                        .flatMap(classifier -> receiver(classifier))
                        .filter(path -> input(path, -1).map(analysis::source).equals(Optional.of(measured.value())))
                        .map(path -> path + "@in"))
                .orElse(":" + measured.value());
    }

    /** Returns the outermost module whose last call returns a tensor. */
    private static Optional<String> module(String tensor, List<Map.Entry<String, LayerValue>> modules) {
        return modules.stream()
                .filter(layer -> layer.getValue().variable().equals(tensor))
                .map(Map.Entry::getKey)
                .filter(name -> name.indexOf('#') < 0)
                .min(Comparator.comparingInt(String::length));
    }

    /** Returns the innermost module that computes a value. */
    private Optional<String> receiver(String value) {
        var calls = producer(value).map(GraphNode::calls).orElse(List.of());
        return calls.isEmpty()
                ? Optional.empty()
                : Optional.of(calls.get(calls.size() - 1).path());
    }

    /** Returns the values by the layers' names, in the order of computation. */
    Map<String, LayerValue> layers() {
        return Collections.unmodifiableMap(layers);
    }

    /** Returns the value of a layer, whose last call may have a number; empty if there is none. */
    Optional<LayerValue> find(String layer) {
        var numbered = NUMBERED.matcher(layer);
        boolean isLast = numbered.matches()
                && Integer.parseInt(numbered.group(2))
                        == calls.getOrDefault(numbered.group(1), List.of()).size() - 1;
        return Optional.ofNullable(layers.get(isLast ? numbered.group(1) + numbered.group(3) : layer));
    }

    /** Returns the layer that is measured by default; empty if there is none. */
    Optional<String> defaultLayer() {
        return defaultLayer;
    }

    /** Returns which of a recurrent function's results a value is. */
    private String place(String result) {
        return producer(result)
                .filter(node -> AtenFunctions.isRecurrent(node.function()))
                .map(node -> AtenFunctions.resultAt(node.tensors().indexOf(result)))
                .orElse("");
    }

    private int definition(LayerValue value) {
        return definitions.getOrDefault(value.variable(), -1);
    }

    /** Returns the calls of each module by its path, inner modules before those around them. */
    private Map<String, List<CalledModule>> calls() {
        var byKey = new LinkedHashMap<List<String>, CalledModule>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            for (var module : innermostFirst(graph.nodes().get(i).calls())) {
                byKey.computeIfAbsent(
                                List.of(module.key(), module.path()),
                                unused -> new CalledModule(module, new HashSet<>()))
                        .nodes()
                        .add(i);
            }
        }
        var byPath = new LinkedHashMap<String, List<CalledModule>>();
        for (var call : byKey.values()) {
            byPath.computeIfAbsent(call.module().path(), unused -> new ArrayList<>())
                    .add(call);
        }
        return byPath;
    }

    private static List<GraphNode.ModuleStackEntry> innermostFirst(List<GraphNode.ModuleStackEntry> calls) {
        var reversed = new ArrayList<>(calls);
        Collections.reverse(reversed);
        return reversed;
    }

    /**
     * Returns the tensors of the given operators that others read, or the last one if none is read.
     */
    private List<String> results(Set<Integer> nodes) {
        var tensors = nodes.stream().sorted().flatMap(i -> graph.nodes().get(i).tensors().stream());
        var all = tensors.toList();
        var results = all.stream().filter(name -> isReadOutside(name, nodes)).toList();
        return results.isEmpty() && !all.isEmpty() ? List.of(all.get(all.size() - 1)) : results;
    }

    private boolean isReadOutside(String name, Set<Integer> nodes) {
        return name.equals(graph.output())
                || readers.getOrDefault(name, List.of()).stream().anyMatch(reader -> !nodes.contains(reader));
    }

    private Optional<GraphNode> producer(String name) {
        return Optional.ofNullable(definitions.get(name)).map(graph.nodes()::get);
    }

    /**
     * Returns the first tensor from outside a module that its operators read.
     *
     * @param path the module's path
     * @param call the number of its call, or -1 for the last
     * @return empty if there is no such call, or if the tensor is the network's own input
     */
    Optional<String> input(String path, int call) {
        var all = calls.getOrDefault(path, List.of());
        int index = call < 0 ? all.size() - 1 : call;
        if (index < 0 || index >= all.size()) {
            return Optional.empty();
        }
        var nodes = all.get(index).nodes();
        return nodes.stream()
                .sorted()
                .flatMap(i -> graph.nodes().get(i).inputs().stream())
                .filter(definitions::containsKey)
                .filter(name -> !nodes.contains(definitions.get(name)))
                .findFirst();
    }
}
