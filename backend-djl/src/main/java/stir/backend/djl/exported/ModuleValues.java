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

    /** Functions that change neither values nor what they stand for. */
    private static final Set<String> SHAPE_CHANGES =
            words("flatten view reshape squeeze permute transpose contiguous clone dropout to");

    /** Functions that reduce maps or tokens to a vector. */
    private static final Set<String> POOLING =
            words(
                    "adaptive_avg_pool2d avg_pool2d adaptive_max_pool2d max_pool2d mean amax select"
                            + " slice relu");

    /** Functions that end a hidden layer, and that follow no classifier. */
    private static final Set<String> HIDDEN =
            words(
                    "layer_norm batch_norm group_norm instance_norm rms_norm relu gelu silu"
                            + " hardswish mish elu leaky_relu tanh");

    /** Functions that, before pooling, compute maps or tokens of hidden layers. */
    private static final Set<String> BEFORE_POOLING = words("add mul cat conv2d lstm gru rnn_tanh");

    private final ProgramGraph graph;
    private final Map<String, Integer> definitions;
    private final Map<String, List<Integer>> readers = new HashMap<>();
    private final Map<String, LayerValue> layers = new LinkedHashMap<>();
    private final Optional<Head> head;
    private final Optional<String> defaultLayer;

    /**
     * A value with a name of its own.
     *
     * @param variable its name in the graph
     * @param kind the class of the module, or {@code Linear input}
     */
    public record LayerValue(String variable, String kind) {}

    /** A call of a module with the indices of its operators. */
    private record Call(GraphNode.ModuleCall module, Set<Integer> nodes) {}

    /**
     * A classifier.
     *
     * @param linear the linear layer
     * @param input the tensor that it receives
     */
    private record Head(GraphNode linear, String input) {
        String layer() {
            var calls = linear.calls();
            return calls.isEmpty() ? ":" + input : calls.get(calls.size() - 1).path() + "@in";
        }
    }

    ModuleValues(ProgramGraph graph) {
        this.graph = graph;
        this.definitions = graph.definitions();
        var nodes = graph.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            for (var name : nodes.get(i).inputs()) {
                readers.computeIfAbsent(name, unused -> new ArrayList<>()).add(i);
            }
        }
        var heads = graph.outputs().stream().map(this::head).flatMap(Optional::stream).toList();
        boolean isOne = heads.stream().map(Head::input).distinct().count() == 1;
        this.head = isOne ? Optional.of(heads.get(0)) : Optional.empty();
        addLayers();
        this.defaultLayer =
                head.map(Head::layer).or(() -> heads.isEmpty() ? hiddenOutput() : Optional.empty());
    }

    /** Returns the values by the layers' names, in the order of computation. */
    Map<String, LayerValue> layers() {
        return Collections.unmodifiableMap(layers);
    }

    /**
     * Returns the layer before the classifier, a linear layer that computes the outputs, or the
     * output of a network that ends with a hidden layer; empty if classifiers differ in what they
     * receive, or if the network ends in another way.
     */
    Optional<String> defaultLayer() {
        return defaultLayer;
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
        head.filter(classifier -> classifier.layer().endsWith("@in"))
                .map(
                        classifier ->
                                Map.entry(
                                        classifier.layer(),
                                        new LayerValue(classifier.input(), "Linear input")))
                .ifPresent(found::add);
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

    /** Follows an output back to the linear layer that computes it. */
    private Optional<Head> head(String output) {
        var node = producer(output);
        while (node.isPresent() && mayFollow(node.get().function())) {
            node = node.flatMap(this::source);
        }
        return node.filter(found -> LINEAR.containsKey(found.function()))
                .flatMap(
                        found ->
                                found.inputs().stream()
                                        .skip(LINEAR.getOrDefault(found.function(), 0))
                                        .findFirst()
                                        .filter(definitions::containsKey)
                                        .map(input -> new Head(found, input)));
    }

    private static boolean mayFollow(String function) {
        return ClassifierInput.AFTER.contains(function) || DECOMPOSED.contains(function);
    }

    private Optional<GraphNode> source(GraphNode node) {
        return node.inputs().stream().findFirst().flatMap(this::producer);
    }

    /** Returns the layer of the only output, if a hidden layer computes it. */
    private Optional<String> hiddenOutput() {
        if (graph.outputs().size() > 1 || !isHidden(graph.output())) {
            return Optional.empty();
        }
        var name =
                layers.entrySet().stream()
                        .filter(layer -> layer.getValue().variable().equals(graph.output()))
                        .map(Map.Entry::getKey)
                        .reduce((inner, outer) -> outer)
                        .orElse(":" + graph.output());
        layers.putIfAbsent(name, new LayerValue(graph.output(), "Output"));
        return Optional.of(name);
    }

    /**
     * Returns whether a network ends with a hidden layer: an activation, a normalisation, or maps
     * or tokens that were pooled. Pooling also follows classifiers that are convolutions of one
     * pixel.
     */
    private boolean isHidden(String output) {
        var node = producer(output);
        boolean pooled = false;
        while (node.isPresent()) {
            var function = node.get().function().replaceFirst("_$", "");
            if (HIDDEN.contains(function) && !(pooled && function.equals("relu"))) {
                return true;
            }
            boolean pools = POOLING.contains(function);
            if (!pools && !SHAPE_CHANGES.contains(function)) {
                return pooled && BEFORE_POOLING.contains(function) && !isOfOnePixel(node.get());
            }
            pooled |= pools;
            node = node.flatMap(this::source);
        }
        return false;
    }

    private boolean isOfOnePixel(GraphNode node) {
        return node.function().equals("conv2d")
                && graph.sizesOf(node.inputs().get(1)).stream()
                        .skip(2)
                        .allMatch(size -> size.equals(Optional.of(1)));
    }

    private static Set<String> words(String text) {
        return Set.of(text.split(" ", -1));
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
