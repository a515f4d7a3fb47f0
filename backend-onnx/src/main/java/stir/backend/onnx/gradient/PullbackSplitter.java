package stir.backend.onnx.gradient;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.StaticGraph;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/** A split of a pullback's graph into a {@link SplitGraph}. */
final class PullbackSplitter {
    /** Operators that only reinterpret memory, so duplicating them costs nothing. */
    private static final String[] VIEWS = {"Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze"};

    private final StaticGraph whole;
    private final Map<String, Node> producers;
    private final Set<String> aliases;
    private final Set<Node> backward = new LinkedHashSet<>();
    private final Set<String> needed = new LinkedHashSet<>();

    /**
     * Prepares a split.
     *
     * @param ahead the tensors that the forward graph computes
     * @param whole the graph to {@link PassGraph#REPRESENTATION} and {@link PassGraph#GRADIENT}
     */
    PullbackSplitter(Set<String> ahead, StaticGraph whole) {
        this.whole = whole;
        this.producers = whole.graph().producers();
        this.aliases = aliasesOf(PassGraph.REPRESENTATION);
        for (var node : whole.graph().nodes()) {
            if (!aliases.contains(node.output(0)) && node.writes().noneMatch(ahead::contains)) {
                backward.add(node);
            }
        }
        findSaved();
    }

    /** Returns the tensors that hold the same elements as a tensor, in the same order. */
    private Set<String> aliasesOf(String tensor) {
        var aliases = new LinkedHashSet<String>();
        var name = tensor;
        while (aliases.add(name)
                && producers.containsKey(name)
                && producers.get(name).is(VIEWS)) {
            name = producers.get(name).input(0);
        }
        return aliases;
    }

    /**
     * Determines which tensors the backward graph takes from the forward graph, and which views it
     * duplicates.
     */
    private void findSaved() {
        var open = new ArrayDeque<String>();
        backward.forEach(node -> node.reads().forEach(open::add));
        var done = new HashSet<String>(whole.graph().initialisers().keySet());
        done.add(PassGraph.COTANGENT);
        backward.forEach(node -> node.writes().forEach(done::add));
        while (!open.isEmpty()) {
            var name = open.remove();
            if (!done.add(name)) {
                continue;
            }
            var producer = producers.get(name);
            if (producer != null && producer.is(VIEWS) && !aliases.contains(name)) {
                backward.add(producer);
                producer.reads().forEach(open::add);
            } else {
                needed.add(name);
            }
        }
    }

    SplitGraph split() {
        var graph = whole.graph();
        var saved = new LinkedHashSet<>(needed);
        saved.removeAll(graph.inputs().keySet());
        saved.removeAll(aliases);
        var outputs = new LinkedHashMap<String, TensorType>();
        outputs.put(PassGraph.REPRESENTATION, type(PassGraph.REPRESENTATION));
        saved.forEach(name -> outputs.put(name, type(name)));
        return new SplitGraph(whole.with(graph.cut(outputs)), back(saved), saved);
    }

    private StaticGraph back(Set<String> saved) {
        var graph = whole.graph();
        var inputs = new LinkedHashMap<String, TensorType>();
        inputs.put(PassGraph.COTANGENT, type(PassGraph.COTANGENT));
        saved.forEach(name -> inputs.put(name, type(name)));
        var initialisers = new LinkedHashMap<>(graph.initialisers());
        var nodes = new ArrayList<Node>();
        for (var name : needed) {
            if (graph.inputs().containsKey(name)) {
                inputs.put(name, type(name));
            } else if (aliases.contains(name)) {
                inputs.put(PassGraph.REPRESENTATION, type(PassGraph.REPRESENTATION));
                nodes.add(viewOfRepresentation(name, initialisers));
            }
        }
        graph.nodes().stream().filter(backward::contains).forEach(nodes::add);
        var outputs = Map.of(PassGraph.GRADIENT, type(PassGraph.GRADIENT));
        var part = new Graph(nodes, initialisers, inputs, outputs).cut(outputs);
        return whole.with(part.withInputs(inputs));
    }

    private Node viewOfRepresentation(String name, Map<String, Tensor> initialisers) {
        var shape = "gradient/shape of " + name;
        initialisers.put(shape, Tensor.vector(type(name).toLongs()));
        return Node.of("Reshape", name, List.of(PassGraph.REPRESENTATION, shape), Map.of());
    }

    private TensorType type(String name) {
        return Objects.requireNonNull(whole.types().get(name), name);
    }
}
