package stir.backend.tf.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * An editor that replaces nodes of a graph one by one. A replaced node keeps its name, so that
 * hooks and consumers stay valid; helper nodes have names of the form {@code NAME/stir_...}.
 */
public final class GraphEditor {
    /** A replacement of nodes of one operation. */
    @FunctionalInterface
    public interface Rewrite {
        /**
         * Adds the replacement of a node to an editor, producers first.
         *
         * @return false if the node stays and nothing was added
         */
        boolean apply(NodeDef node, GraphEditor editor);
    }

    private final FlatGraph graph;
    private final OpRegistry ops;
    private final Map<String, List<NodeDef>> consumers;
    private final List<NodeDef> edited = new ArrayList<>();
    private final Map<String, String> renamed = new HashMap<>();
    private @Nullable Map<String, Shape> shapes;

    private GraphEditor(FlatGraph graph, OpRegistry ops) {
        this.graph = graph;
        this.ops = ops;
        this.consumers = graph.consumers();
    }

    /** Returns the graph with all operations rewritten for which there is a rewrite. */
    public static FlatGraph edit(FlatGraph graph, Map<String, Rewrite> rewrites, OpRegistry ops) {
        var editor = new GraphEditor(graph, ops);
        for (NodeDef node : graph.nodes().values()) {
            var rewrite = rewrites.get(node.getOp());
            if (rewrite == null || !rewrite.apply(node, editor)) {
                editor.edited.add(node);
            }
        }
        return graph.with(editor.edited.stream().map(editor::withRenamedInputs).toList());
    }

    private NodeDef withRenamedInputs(NodeDef node) {
        if (node.getInputList().stream().noneMatch(renamed::containsKey)) {
            return node;
        }
        var builder = node.toBuilder().clearInput();
        node.getInputList().forEach(input -> builder.addInput(renamed.getOrDefault(input, input)));
        return builder.build();
    }

    public OpRegistry ops() {
        return ops;
    }

    /** Adds a node and returns its name. */
    public String add(NodeDef node) {
        edited.add(node);
        return node.getName();
    }

    /** Adds a node and returns its name. */
    public String add(NodeDef.Builder node) {
        return add(node.build());
    }

    /** Adds a vector of integers and returns the node's name. */
    public String addIntegers(String name, int... values) {
        return add(NodeBuilders.integers(name, NodeBuilders.shapeOf(values.length), values));
    }

    /** Adds one integer and returns the node's name. */
    public String addInteger(String name, int value) {
        return add(NodeBuilders.integers(name, TensorShapeProto.getDefaultInstance(), value));
    }

    /** Makes the consumers of a tensor read another one. */
    public void rename(TensorName from, String to) {
        renamed.put(from.toString(), to);
    }

    /** Returns whether another node reads a node's output. */
    public boolean isUsed(NodeDef node, int output) {
        var tensor = new TensorName(node.getName(), output);
        return consumers.getOrDefault(node.getName(), List.of()).stream()
                .anyMatch(consumer -> FlatGraph.inputs(consumer).contains(tensor));
    }

    /** Returns the node that computes a value, skipping identities. */
    NodeDef source(String input) {
        var node = graph.node(TensorName.parse(input).node());
        while (node.getOp().equals("Identity")) {
            node = graph.node(TensorName.parse(node.getInput(0)).node());
        }
        return node;
    }

    /** Returns constant integers that a node reads; null if they are not constant. */
    public int @Nullable [] integers(String input) {
        return Constants.integers(source(input));
    }

    /** Returns the shape of a tensor as far as it does not depend on the input's. */
    public Shape shape(String input) {
        if (shapes == null) {
            shapes = LayerShapes.infer(graph);
        }
        return shapes.getOrDefault(TensorName.parse(input).toString(), Shape.unknown());
    }
}
