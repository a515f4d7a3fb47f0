package stir.backend.onnx.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Nodes in topological order, with inputs, constants and outputs.
 *
 * @param nodes each after the nodes that compute its inputs
 * @param initialisers constants by name
 * @param inputs the inputs by name, without initialisers
 * @param outputs the names of the outputs, with their types where known
 */
public record Graph(
        List<Node> nodes,
        Map<String, Tensor> initialisers,
        Map<String, TensorType> inputs,
        Map<String, TensorType> outputs) {
    /** Copies all collections and keeps their order. */
    public Graph {
        nodes = List.copyOf(nodes);
        initialisers = Collections.unmodifiableMap(new LinkedHashMap<>(initialisers));
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    /** Returns a copy of this graph with other nodes. */
    public Graph withNodes(List<Node> newNodes) {
        return new Graph(newNodes, initialisers, inputs, outputs);
    }

    /** Returns a copy of this graph with other nodes and initialisers. */
    public Graph with(List<Node> newNodes, Map<String, Tensor> newInitialisers) {
        return new Graph(newNodes, newInitialisers, inputs, outputs);
    }

    /** Returns a copy of this graph with other inputs. */
    public Graph withInputs(Map<String, TensorType> newInputs) {
        return new Graph(nodes, initialisers, newInputs, outputs);
    }

    /** Returns the node that computes each tensor, by the tensor's name. */
    public Map<String, Node> producers() {
        var producers = new HashMap<String, Node>();
        for (var node : nodes) {
            node.writes().forEach(output -> producers.put(output, node));
        }
        return producers;
    }

    /** Returns the names that a subgraph reads but does not define. */
    public Set<String> captured() {
        var defined = new HashSet<String>(inputs.keySet());
        defined.addAll(initialisers.keySet());
        var captured = new LinkedHashSet<String>();
        for (var node : nodes) {
            node.reads().filter(name -> !defined.contains(name)).forEach(captured::add);
            node.writes().forEach(defined::add);
        }
        outputs.keySet().stream().filter(name -> !defined.contains(name)).forEach(captured::add);
        return captured;
    }

    /** Returns the names of all tensors. */
    public Set<String> names() {
        var names = new HashSet<String>(inputs.keySet());
        names.addAll(initialisers.keySet());
        nodes.forEach(node -> node.writes().forEach(names::add));
        return names;
    }

    /**
     * Returns the part of the graph that computes some tensors, which become its only outputs.
     *
     * @param wanted the tensors in the order of the outputs, with their types where known
     */
    public Graph cut(Map<String, TensorType> wanted) {
        var producers = producers();
        var needed = new HashSet<String>();
        var open = new ArrayDeque<>(wanted.keySet());
        while (!open.isEmpty()) {
            var name = open.pop();
            if (needed.add(name) && producers.containsKey(name)) {
                producers.get(name).reads().forEach(open::push);
            }
        }
        var kept = new ArrayList<Node>();
        for (var node : nodes) {
            if (node.writes().anyMatch(needed::contains)) {
                kept.add(node);
            }
        }
        return new Graph(kept, only(initialisers, needed), only(inputs, needed), wanted);
    }

    private static <V> Map<String, V> only(Map<String, V> map, Set<String> names) {
        var kept = new LinkedHashMap<String, V>();
        map.forEach((name, value) -> {
            if (names.contains(name)) {
                kept.put(name, value);
            }
        });
        return kept;
    }
}
