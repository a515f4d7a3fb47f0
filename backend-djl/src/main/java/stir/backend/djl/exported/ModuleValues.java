package stir.backend.djl.exported;

import stir.backend.djl.torchscript.ClassifierInput;
import stir.backend.djl.torchscript.RecurrentResult;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The values of a program's graph by the modules that compute them. A module's result is the tensor
 * that an operator within it computes and that an operator outside it, or the output, reads. If
 * there are several, each is a layer whose name ends with its own, as in {@code path:tanh}, because
 * a program does not record their order in the module's result.
 */
public final class ModuleValues {
    /** Further functions that may follow the classifier, in programs that were decomposed. */
    private static final Set<String> DECOMPOSED = Set.of("_softmax", "_log_softmax", "_to_copy");

    private static final Set<String> RECURRENT = Set.of("lstm", "gru", "rnn_tanh", "rnn_relu");

    /** The index of the input among the arguments of functions that are linear layers. */
    private static final Map<String, Integer> LINEAR = Map.of("linear", 0, "addmm", 1, "mm", 0);

    private final ProgramGraph graph;
    private final Map<String, Integer> definitions;
    private final Map<String, List<Integer>> readers = new HashMap<>();
    private final Map<String, LayerValue> layers = new LinkedHashMap<>();
    private final Optional<String> classifierInput;

    /**
     * A value with a name of its own.
     *
     * @param variable its name in the graph
     * @param kind the class of the module, or {@code Linear input}
     */
    public record LayerValue(String variable, String kind) {}

    /** A call of a module with the indices of its operators. */
    private record Call(GraphNode.ModuleCall module, Set<Integer> nodes) {}

    ModuleValues(ProgramGraph graph) {
        this.graph = graph;
        this.definitions = graph.definitions();
        var nodes = graph.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            for (var name : nodes.get(i).inputs()) {
                readers.computeIfAbsent(name, unused -> new ArrayList<>()).add(i);
            }
        }
        this.classifierInput = findClassifierInput();
        addLayers();
    }

    /** Returns the values by the layers' names, in the order of computation. */
    Map<String, LayerValue> layers() {
        return Collections.unmodifiableMap(layers);
    }

    /** Returns the layer before the last linear layer; empty if there is none. */
    Optional<String> classifierInput() {
        return classifierInput;
    }

    private void addLayers() {
        var found = new ArrayList<Map.Entry<String, LayerValue>>();
        for (var calls : calls().values()) {
            for (int i = 0; i < calls.size(); i++) {
                var call = calls.get(i);
                var path = call.module().path() + (i < calls.size() - 1 ? "#" + i : "");
                var results = results(call.nodes());
                for (var result : results) {
                    found.add(
                            Map.entry(
                                    results.size() == 1 ? path : path + ":" + result,
                                    new LayerValue(result, call.module().type() + place(result))));
                }
            }
        }
        if (classifierInput.isPresent() && classifierInput.get().endsWith("@in")) {
            var input = new LayerValue(inputOfClassifier().orElseThrow(), "Linear input");
            found.add(Map.entry(classifierInput.get(), input));
        }
        found.stream()
                .sorted(
                        (one, other) ->
                                Integer.compare(
                                        definition(one.getValue()), definition(other.getValue())))
                .forEach(layer -> layers.putIfAbsent(layer.getKey(), layer.getValue()));
    }

    /** Returns which of a recurrent function's results a value is. */
    private String place(String result) {
        return producer(result)
                .filter(node -> RECURRENT.contains(node.function()))
                .map(node -> RecurrentResult.ofPlace(node.tensors().indexOf(result)))
                .orElse("");
    }

    private int definition(LayerValue value) {
        return definitions.getOrDefault(value.variable(), -1);
    }

    /** Returns the calls of each module by its path, inner modules before those around them. */
    private Map<String, List<Call>> calls() {
        var byKey = new LinkedHashMap<List<String>, Call>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            for (var module : innermostFirst(graph.nodes().get(i).calls())) {
                byKey.computeIfAbsent(
                                List.of(module.key(), module.path()),
                                unused -> new Call(module, new HashSet<>()))
                        .nodes()
                        .add(i);
            }
        }
        var byPath = new LinkedHashMap<String, List<Call>>();
        for (var call : byKey.values()) {
            byPath.computeIfAbsent(call.module().path(), unused -> new ArrayList<>()).add(call);
        }
        return byPath;
    }

    private static List<GraphNode.ModuleCall> innermostFirst(List<GraphNode.ModuleCall> calls) {
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
                || readers.getOrDefault(name, List.of()).stream()
                        .anyMatch(reader -> !nodes.contains(reader));
    }

    private Optional<GraphNode> producer(String name) {
        return Optional.ofNullable(definitions.get(name)).map(graph.nodes()::get);
    }

    /** Follows the output back to the linear layer that computes it. */
    private Optional<GraphNode> classifier() {
        var node = producer(graph.output());
        while (node.isPresent() && mayFollow(node.get().function())) {
            node = node.get().inputs().stream().findFirst().flatMap(this::producer);
        }
        return node.filter(found -> LINEAR.containsKey(found.function()));
    }

    private static boolean mayFollow(String function) {
        return ClassifierInput.AFTER.contains(function) || DECOMPOSED.contains(function);
    }

    private Optional<String> inputOfClassifier() {
        return classifier().stream()
                .flatMap(
                        found ->
                                found.inputs().stream()
                                        .skip(LINEAR.getOrDefault(found.function(), 0)))
                .findFirst()
                .filter(definitions::containsKey);
    }

    private Optional<String> findClassifierInput() {
        return inputOfClassifier()
                .map(
                        variable -> {
                            var calls = classifier().orElseThrow().calls();
                            return calls.isEmpty()
                                    ? ":" + variable
                                    : calls.get(calls.size() - 1).path() + "@in";
                        });
    }

    /**
     * Returns the first tensor from outside a module that its operators read.
     *
     * @param path the module's path
     * @param call the number of its call, or -1 for the last
     * @return empty if there is no such call, or if the tensor is the network's own input
     */
    Optional<String> input(String path, int call) {
        var calls = calls().getOrDefault(path, List.of());
        int index = call < 0 ? calls.size() - 1 : call;
        if (index < 0 || index >= calls.size()) {
            return Optional.empty();
        }
        var nodes = calls.get(index).nodes();
        return nodes.stream()
                .sorted()
                .flatMap(i -> graph.nodes().get(i).inputs().stream())
                .filter(definitions::containsKey)
                .filter(name -> !nodes.contains(definitions.get(name)))
                .findFirst();
    }
}
