package stir.backend.onnx.rewrite;

import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Renames tensors: what is inlined must not meet the names that are there. */
final class Names {
    private Names() {}

    /** A function that renames what a map names and prefixes all else; empty names stay. */
    static UnaryOperator<String> prefixed(String prefix, Map<String, String> renamed) {
        return name -> name.isEmpty() ? name : renamed.getOrDefault(name, prefix + "/" + name);
    }

    /** A node with its tensors renamed, those in subgraphs included. */
    static Node rename(Node node, UnaryOperator<String> names) {
        var attributes = new LinkedHashMap<String, Attribute>();
        node.attributes()
                .forEach(
                        (key, value) ->
                                attributes.put(
                                        key,
                                        value instanceof Attribute.OfGraph graph
                                                ? new Attribute.OfGraph(
                                                        rename(graph.value(), names))
                                                : value));
        return node.with(all(node.inputs(), names), all(node.outputs(), names))
                .withAttributes(attributes);
    }

    private static Graph rename(Graph graph, UnaryOperator<String> names) {
        return new Graph(
                graph.nodes().stream().map(node -> rename(node, names)).toList(),
                keys(graph.initialisers(), names),
                keys(graph.inputs(), names),
                keys(graph.outputs(), names));
    }

    static List<String> all(List<String> list, UnaryOperator<String> names) {
        return list.stream().map(names).toList();
    }

    static <V> Map<String, V> keys(Map<String, V> map, UnaryOperator<String> names) {
        var renamed = new LinkedHashMap<String, V>();
        map.forEach((key, value) -> renamed.put(names.apply(key), value));
        return renamed;
    }
}
