package stir.backend.onnx.rewrite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;

/**
 * New names for inlined nodes and tensors, which must not clash with existing ones.
 *
 * @param prefix the prefix of the names of all nodes, and of the tensors that are not renamed
 * @param renamed tensors that are connected to others, by their old names
 */
record Names(String prefix, Map<String, String> renamed) {
    /** Returns a tensor's new name; an empty one stays empty. */
    private String tensor(String name) {
        return renamed.getOrDefault(name, prefixed(name));
    }

    private String prefixed(String name) {
        return name.isEmpty() ? name : prefix + "/" + name;
    }

    /** Returns a node with its tensors renamed, including those in subgraphs. */
    Node rename(Node node) {
        return new Node(
                node.domain(),
                node.operator(),
                prefixed(node.name()),
                all(node.inputs()),
                all(node.outputs()),
                node.withSubgraphs(this::rename).attributes(),
                node.metadata());
    }

    private Graph rename(Graph graph) {
        return new Graph(
                graph.nodes().stream().map(this::rename).toList(),
                keys(graph.initialisers()),
                keys(graph.inputs()),
                keys(graph.outputs()));
    }

    /** Returns the new names of tensors. */
    List<String> all(List<String> tensors) {
        return tensors.stream().map(this::tensor).toList();
    }

    /** Returns the same values by the tensors' new names. */
    <V> Map<String, V> keys(Map<String, V> map) {
        var changed = new LinkedHashMap<String, V>();
        map.forEach((name, value) -> changed.put(tensor(name), value));
        return changed;
    }
}
