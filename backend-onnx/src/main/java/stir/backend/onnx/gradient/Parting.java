package stir.backend.onnx.gradient;

import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.StaticGraph;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Parts the graph of a pullback into its {@link Halves}. */
final class Parting {
    /** Nodes that look at the same memory in another way: to have them twice costs nothing. */
    private static final String[] VIEWS = {
        "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze"
    };

    private final StaticGraph whole;
    private final Map<String, Node> producers;
    private final Set<String> alike;
    private final Set<Node> backward = new LinkedHashSet<>();
    private final Set<String> taken = new LinkedHashSet<>();

    /**
     * Prepares a parting.
     *
     * @param ahead the tensors that are made on the way forward
     * @param whole the graph to {@link PassGraph#REPRESENTATION} and {@link PassGraph#GRADIENT}
     */
    Parting(Set<String> ahead, StaticGraph whole) {
        this.whole = whole;
        this.producers = whole.graph().producers();
        this.alike = alikeTo(PassGraph.REPRESENTATION);
        for (var node : whole.graph().nodes()) {
            if (!alike.contains(node.output(0)) && node.writes().noneMatch(ahead::contains)) {
                backward.add(node);
            }
        }
        choose();
    }

    /** Returns the tensors that hold a tensor's elements in their order: what it is a view of. */
    private Set<String> alikeTo(String tensor) {
        var found = new LinkedHashSet<String>();
        var name = tensor;
        while (found.add(name) && producers.containsKey(name) && producers.get(name).is(VIEWS)) {
            name = producers.get(name).input(0);
        }
        return found;
    }

    /** Finds what the way back takes from the way forward, and which views it has of its own. */
    private void choose() {
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
            if (producer != null && producer.is(VIEWS) && !alike.contains(name)) {
                backward.add(producer);
                producer.reads().forEach(open::add);
            } else {
                taken.add(name);
            }
        }
    }

    Halves halves() {
        var graph = whole.graph();
        var handedOver = new LinkedHashSet<>(taken);
        handedOver.removeAll(graph.inputs().keySet());
        handedOver.removeAll(alike);
        var outputs = new LinkedHashMap<String, TensorType>();
        outputs.put(PassGraph.REPRESENTATION, type(PassGraph.REPRESENTATION));
        handedOver.forEach(name -> outputs.put(name, type(name)));
        return new Halves(whole.with(graph.cut(outputs)), back(handedOver), handedOver);
    }

    private StaticGraph back(Set<String> handedOver) {
        var graph = whole.graph();
        var inputs = new LinkedHashMap<String, TensorType>();
        inputs.put(PassGraph.COTANGENT, type(PassGraph.COTANGENT));
        handedOver.forEach(name -> inputs.put(name, type(name)));
        var initialisers = new LinkedHashMap<>(graph.initialisers());
        var nodes = new ArrayList<Node>();
        for (var name : taken) {
            if (graph.inputs().containsKey(name)) {
                inputs.put(name, type(name));
            } else if (alike.contains(name)) {
                inputs.put(PassGraph.REPRESENTATION, type(PassGraph.REPRESENTATION));
                nodes.add(viewOfRepresentation(name, initialisers));
            }
        }
        graph.nodes().stream().filter(backward::contains).forEach(nodes::add);
        var outputs = Map.of(PassGraph.GRADIENT, type(PassGraph.GRADIENT));
        var needed = new Graph(nodes, initialisers, inputs, outputs).cut(outputs);
        return whole.with(needed.withInputs(inputs));
    }

    private Node viewOfRepresentation(String name, Map<String, Tensor> initialisers) {
        var dims = type(name).dims().stream().mapToLong(Long::longValue).toArray();
        var shape = "gradient/shape of " + name;
        initialisers.put(shape, Tensor.longs(dims, dims.length));
        return Node.of(
                "Reshape", name, List.of(PassGraph.REPRESENTATION, shape), List.of(name), Map.of());
    }

    private TensorType type(String name) {
        return Objects.requireNonNull(whole.types().get(name), name);
    }
}
