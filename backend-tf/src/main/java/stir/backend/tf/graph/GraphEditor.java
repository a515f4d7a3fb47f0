package stir.backend.tf.graph;

import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Replaces nodes of a graph one by one. A replaced node's name stays, so that hooks and consumers
 * stay valid; helper nodes are called {@code NAME/stir_...}.
 */
public final class GraphEditor {
    /** Replaces a node, or says that it stays as it is. */
    @FunctionalInterface
    public interface Rewrite {
        /**
         * Adds what replaces a node to an editor, producers first.
         *
         * @return false if the node stays; nothing was added then
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

    /** The graph with each operation rewritten that there is a rewrite for. */
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

    /** Adds integers, as a vector, and returns the node's name. */
    public String addIntegers(String name, int... values) {
        return add(NodeBuilders.integers(name, NodeBuilders.shapeOf(values.length), values));
    }

    /** Adds one integer and returns the node's name. */
    public String addInteger(String name, int value) {
        return add(NodeBuilders.integers(name, TensorShapeProto.getDefaultInstance(), value));
    }

    /** Lets the consumers of a tensor take another one. */
    public void rename(TensorName from, String to) {
        renamed.put(from.toString(), to);
    }

    /** Whether a node's output is taken by another node. */
    public boolean isUsed(NodeDef node, int output) {
        var tensor = new TensorName(node.getName(), output);
        return consumers.getOrDefault(node.getName(), List.of()).stream()
                .anyMatch(consumer -> FlatGraph.inputs(consumer).contains(tensor));
    }

    /** The node that makes a value, identities left out. */
    NodeDef source(String input) {
        var node = graph.node(TensorName.parse(input).node());
        while (node.getOp().equals("Identity")) {
            node = graph.node(TensorName.parse(node.getInput(0)).node());
        }
        return node;
    }

    /** Constant integers that a node takes; null if they are not constant. */
    public int @Nullable [] integers(String input) {
        return Constants.integers(source(input));
    }

    /** The shape of a tensor as far as it is known without the input's. */
    public Shape shape(String input) {
        if (shapes == null) {
            shapes = LayerShapes.infer(graph);
        }
        return shapes.getOrDefault(TensorName.parse(input).toString(), Shape.unknown());
    }
}
