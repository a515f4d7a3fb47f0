package stir.backend.tf.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Predicate;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.VersionDef;

/**
 * A graph without function calls, with its nodes in topological order. Immutable.
 *
 * <p>The library contains the functions of unresolved control flow ({@code While}).
 */
public final class FlatGraph {
    private final Map<String, NodeDef> nodes;
    private final FunctionDefLibrary library;
    private final VersionDef versions;

    public FlatGraph(Collection<NodeDef> sorted, FunctionDefLibrary library, VersionDef versions) {
        var byName = new LinkedHashMap<String, NodeDef>();
        sorted.forEach(node -> byName.put(node.getName(), node));
        this.nodes = Collections.unmodifiableMap(byName);
        this.library = library;
        this.versions = versions;
    }

    /** Returns the nodes by their names, producers before consumers. */
    public Map<String, NodeDef> nodes() {
        return nodes;
    }

    public boolean contains(String name) {
        return nodes.containsKey(name);
    }

    /** Returns a node, which must exist. */
    public NodeDef node(String name) {
        var node = nodes.get(name);
        if (node == null) {
            throw new NoSuchElementException("no node " + name);
        }
        return node;
    }

    /** Returns a copy of this graph with other nodes, which must be in topological order. */
    public FlatGraph with(Collection<NodeDef> sorted) {
        return new FlatGraph(sorted, library, versions);
    }

    /** Returns the producers of a node's values, without control dependencies. */
    public static List<TensorName> inputs(NodeDef node) {
        return node.getInputList().stream()
                .map(TensorName::parse)
                .filter(input -> !input.isControl())
                .toList();
    }

    /** Returns a node and its ancestors through producers that satisfy a condition. */
    public Set<String> ancestors(String of, Predicate<TensorName> follow) {
        var ancestors = new HashSet<String>();
        var open = new ArrayDeque<>(List.of(of));
        while (!open.isEmpty()) {
            var name = open.pop();
            if (ancestors.add(name)) {
                for (String input : node(name).getInputList()) {
                    var producer = TensorName.parse(input);
                    if (follow.test(producer)) {
                        open.push(producer.node());
                    }
                }
            }
        }
        return ancestors;
    }

    /** Returns the consumers of each node's values, by the node's name. */
    public Map<String, List<NodeDef>> consumers() {
        var consumers = new HashMap<String, List<NodeDef>>();
        for (NodeDef node : nodes.values()) {
            for (TensorName input : inputs(node)) {
                consumers
                        .computeIfAbsent(input.node(), name -> new ArrayList<>())
                        .add(node);
            }
        }
        return consumers;
    }

    /**
     * Returns the part of the graph that computes a node, and the input, even if the node does not
     * depend on it.
     */
    public FlatGraph cut(String node, String input) {
        var kept = ancestors(node, producer -> true);
        kept.add(input);
        return with(
                nodes.values().stream().filter(n -> kept.contains(n.getName())).toList());
    }

    public GraphDef toGraphDef() {
        return GraphDef.newBuilder()
                .setVersions(versions)
                .setLibrary(library)
                .addAllNode(nodes.values())
                .build();
    }
}
