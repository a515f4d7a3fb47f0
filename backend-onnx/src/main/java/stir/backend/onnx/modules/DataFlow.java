package stir.backend.onnx.modules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;

/** The flow of values that a graph computes from its inputs, without shapes and weights. */
final class DataFlow {
    /** The producer of a tensor that is an input of the graph. */
    static final int NONE = -1;

    private final Graph graph;
    private final Map<String, Integer> producers = new HashMap<>();
    private final Map<String, List<Integer>> readers = new HashMap<>();
    private final Set<String> values;

    DataFlow(Graph graph) {
        this.graph = graph;
        this.values = new HashSet<>(graph.inputs().keySet());
        for (int i = 0; i < graph.nodes().size(); i++) {
            int number = i;
            var node = graph.nodes().get(i);
            node.writes().forEach(tensor -> producers.put(tensor, number));
            if (!node.is("Shape", "Size") && node.reads().anyMatch(values::contains)) {
                node.writes().forEach(values::add);
                valuesRead(node)
                        .forEach(tensor -> readers.computeIfAbsent(tensor, t -> new ArrayList<>())
                                .add(number));
            }
        }
    }

    private Set<String> valuesRead(Node node) {
        var read = new HashSet<String>();
        node.reads().filter(values::contains).forEach(read::add);
        return read;
    }

    /** Returns the nodes by number. */
    List<Node> nodes() {
        return graph.nodes();
    }

    /** Returns whether a node computes with values. */
    boolean computes(int node) {
        return nodes().get(node).writes().anyMatch(values::contains);
    }

    /** Returns the numbers of the nodes that read each value. */
    Map<String, List<Integer>> readers() {
        return readers;
    }

    /** Returns whether the file has a tensor of a name. */
    boolean contains(String tensor) {
        return producers.containsKey(tensor)
                || graph.inputs().containsKey(tensor)
                || graph.initialisers().containsKey(tensor);
    }

    /** Returns the number of the node that computes a tensor, or {@link #NONE}. */
    int producer(String tensor) {
        return producers.getOrDefault(tensor, NONE);
    }

    /** Returns the network's outputs that are values. */
    List<String> results() {
        return graph.outputs().keySet().stream().filter(values::contains).toList();
    }

    /** Returns whether a tensor is a weight. */
    boolean isWeight(String tensor) {
        return graph.initialisers().containsKey(tensor);
    }
}
