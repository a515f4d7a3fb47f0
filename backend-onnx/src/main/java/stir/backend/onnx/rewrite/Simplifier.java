package stir.backend.onnx.rewrite;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.StaticGraph;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/**
 * A simplification that removes nodes without effect at inference and folds batch normalisation
 * into the preceding convolution, in the forward and the backward pass.
 */
public final class Simplifier {
    private final Map<String, TensorType> types;
    private final Map<String, Tensor> initialisers;
    private final Map<String, String> renamed = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    private Simplifier(Graph graph, Map<String, TensorType> types) {
        this.types = types;
        this.initialisers = new LinkedHashMap<>(graph.initialisers());
    }

    /** Simplifies a graph; its outputs stay, other tensors may disappear. */
    public static StaticGraph simplify(StaticGraph original) {
        var graph = original.graph();
        var simplifier = new Simplifier(graph, original.types());
        for (var node : graph.nodes()) {
            simplifier.copy(node, graph.outputs().containsKey(node.output(0)));
        }
        var simple = graph.with(simplifier.nodes, simplifier.initialisers);
        return original.with(foldNormalisation(simple).cut(graph.outputs()));
    }

    private void copy(Node node, boolean isOutput) {
        var current = node.with(
                node.inputs().stream()
                        .map(name -> renamed.getOrDefault(name, name))
                        .toList(),
                node.outputs());
        if (!isOutput && doesNothing(current)) {
            renamed.put(current.output(0), current.input(0));
        } else {
            nodes.add(current);
        }
    }

    private boolean doesNothing(Node node) {
        if (node.is("Identity", "Dropout")) {
            return node.output(1).isEmpty();
        }
        var from = types.get(node.input(0));
        var to = types.get(node.output(0));
        return node.is("Cast", "Reshape", "Expand") && from != null && from.isStatic() && from.equals(to);
    }

    private static Graph foldNormalisation(Graph graph) {
        var readers = new HashMap<String, Integer>();
        graph.nodes().forEach(n -> n.reads().forEach(name -> readers.merge(name, 1, Integer::sum)));
        graph.outputs().keySet().forEach(name -> readers.merge(name, 1, Integer::sum));
        var initialisers = new LinkedHashMap<>(graph.initialisers());
        var nodes = new ArrayList<Node>();
        var convolutions = new HashMap<String, Integer>();
        for (var node : graph.nodes()) {
            var at = convolutions.get(node.input(0));
            if (node.is("BatchNormalization") && at != null && readers.getOrDefault(node.input(0), 0) == 1) {
                var folded = FoldedNormalisation.of(nodes.get(at), node, initialisers);
                if (folded.isPresent()) {
                    nodes.set(at, folded.get());
                    continue;
                }
            }
            if (node.is("Conv")) {
                convolutions.put(node.output(0), nodes.size());
            }
            nodes.add(node);
        }
        return graph.with(nodes, initialisers);
    }
}
