package stir.backend.tf;

import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.DataException;
import stir.api.Norm;
import stir.api.Shape;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A native graph that ends at a hook, with the way back to the input and its variables restored.
 * The number of rows is free or the one that the model insists on.
 */
final class HookGraph implements AutoCloseable {
    private static final int PROBE_ROWS = 2;
    private static final TensorName COTANGENTS = new TensorName("stir_cotangents", 0);
    private static final String VALUES = "stir_values";
    private static final TensorName FLOATS = new TensorName("stir_floats", 0);

    private final NativeGraph graph;
    private final GraphRuns runs;
    private final Map<Norm, DistancePass> distancePasses = new HashMap<>();
    private final TensorName input;
    private final TensorName hook;
    private final Shape row;
    private final Optional<TensorName> pulledBack;

    /** The tensors of one norm's distances: fed targets; fetched distances and gradients. */
    private record DistancePass(TensorName targets, TensorName distances, TensorName gradients) {}

    /**
     * Imports a graph, restores its variables and adds the way back. Where shape inference does not
     * find the representations' whole shape, the graph runs once.
     *
     * @param gradients whether the way back is wanted
     * @throws DataException if variables can't be read, or if there is no gradient on the way back
     */
    HookGraph(Cut cut, Weights weights, ConfigProto config, boolean gradients) {
        boolean complete = false;
        graph = new NativeGraph(config);
        try {
            runs = new GraphRuns(graph);
            input = new TensorName(cut.input(), 0);
            var restoration = weights.restoration(cut.graph());
            build(cut, restoration);
            if (!restoration.isEmpty()) {
                restore(weights);
            }
            hook = asFloats(cut.hook());
            row = cut.row().isKnown() && cut.row().rank() > 0 ? cut.row() : probe(cut);
            graph.add(
                    GraphDef.newBuilder()
                            .addNode(NodeBuilders.placeholder(COTANGENTS.node(), row))
                            .build(),
                    Map.of());
            pulledBack =
                    gradients
                            ? Optional.of(wayBack("stir_back", COTANGENTS, cut.hook().toString()))
                            : Optional.empty();
            complete = true;
        } finally {
            if (!complete) {
                graph.close();
            }
        }
    }

    private TensorName back() {
        return pulledBack.orElseThrow(
                () -> new IllegalStateException("The hook was opened without gradients"));
    }

    private void build(Cut cut, List<NodeDef> restoration) {
        var nodes = new ArrayList<NodeDef>(cut.graph().nodes().values());
        nodes.addAll(restoration);
        try {
            graph.add(cut.graph().with(nodes).toGraphDef(), Map.of());
        } catch (RuntimeException e) { // TensorFlow's have no common ancestor but this
            throw new DataException(
                    "TensorFlow can't build the graph (%s): export the model again."
                            .formatted(Messages.firstLine(e)),
                    e);
        }
    }

    private void restore(Weights weights) {
        try {
            runs.run(Weights.RESTORE);
        } catch (RuntimeException e) { // TensorFlow's have no common ancestor but this
            throw Weights.unreadable(weights.model(), e);
        }
    }

    /** The hook's values as floats, and not the input itself, which can't be fed and fetched. */
    private TensorName asFloats(TensorName tensor) {
        var type = graph.type(tensor);
        if (type == DataType.DT_FLOAT && !tensor.equals(input)) {
            return tensor;
        }
        var node =
                type == DataType.DT_FLOAT
                        ? NodeBuilders.typed("Identity", FLOATS.node(), type, VALUES)
                        : NodeBuilders.cast(FLOATS.node(), type, DataType.DT_FLOAT, VALUES);
        graph.add(GraphDef.newBuilder().addNode(node).build(), Map.of(VALUES, tensor));
        return FLOATS;
    }

    /** Runs once to learn the shape of a row that shape inference does not find. */
    private Shape probe(Cut cut) {
        int rows = cut.batch().orElse(PROBE_ROWS);
        var found = new ArrayList<Shape>();
        try (var x = NativeTensor.of(Batch.allocate(rows, cut.inputRow()))) {
            runs.run(
                    Map.of(input, x),
                    List.of(hook),
                    results -> found.add(rowOf(results.get(0), rows, hook.toString())));
        }
        return found.get(0);
    }

    private static Shape rowOf(NativeTensor tensor, int rows, String hook) {
        var dimensions = tensor.dimensions();
        if (dimensions.length == 0 || dimensions[0] != rows) {
            throw new DataException(
                    "The hook %s does not have one row for each input: choose another layer."
                            .formatted(hook));
        }
        var row = new int[dimensions.length - 1];
        for (int i = 0; i < row.length; i++) {
            row[i] = Math.toIntExact(dimensions[i + 1]);
        }
        return Shape.of(row);
    }

    /** Adds the gradient of {@code <cotangents, hook>} by the input. */
    private TensorName wayBack(String prefix, TensorName cotangents, String hookName) {
        try {
            return graph.addGradient(prefix, hook, input, cotangents);
        } catch (RuntimeException e) { // TensorFlow's have no common ancestor but this
            throw new DataException(
                    "There is no gradient up to %s (%s): choose an earlier layer."
                            .formatted(hookName, Messages.firstLine(e)),
                    e);
        }
    }

    /** The shape of a representation. */
    Shape row() {
        return row;
    }

    /** Computes representations of inputs whose number of rows the model takes. */
    void represent(Batch inputs, Batch representations) {
        try (var x = NativeTensor.of(inputs)) {
            runs.run(
                    Map.of(input, x),
                    List.of(hook),
                    results -> results.get(0).read(representations));
        }
    }

    /** Computes the gradients of {@code <cotangents_i, h(inputs_i)>}. */
    void pullback(Batch inputs, Batch cotangents, Batch gradients) {
        try (var x = NativeTensor.of(inputs);
                var c = NativeTensor.of(cotangents)) {
            runs.run(
                    Map.of(input, x, COTANGENTS, c),
                    List.of(back()),
                    results -> results.get(0).read(gradients));
        }
    }

    /** Computes representations and pulls back what a rule makes of them, in one run. */
    void pullback(
            Batch inputs,
            CotangentRule rule,
            Batch representations,
            Batch cotangents,
            Batch gradients) {
        try (var x = NativeTensor.of(inputs)) {
            runs.runInTwoSteps(
                    input,
                    x,
                    hook,
                    values -> {
                        values.read(representations);
                        rule.apply(representations, cotangents);
                        return NativeTensor.of(cotangents);
                    },
                    COTANGENTS,
                    back(),
                    result -> result.read(gradients));
        }
    }

    /** Computes distances and their gradients in one run. */
    void distance(Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        var pass = pass(norm);
        try (var x = NativeTensor.of(inputs);
                var t = NativeTensor.of(targets)) {
            runs.run(
                    Map.of(input, x, pass.targets, t),
                    List.of(pass.distances, pass.gradients),
                    results -> {
                        results.get(0).read(distances, inputs.rows());
                        results.get(1).read(gradients);
                    });
        }
    }

    /** The nodes for a norm, added when it is first asked for. */
    private synchronized DistancePass pass(Norm norm) {
        return distancePasses.computeIfAbsent(
                norm,
                asked -> {
                    var name = "stir_norm_" + distancePasses.size();
                    var added = NormGraph.of(asked, name + "/", row);
                    graph.add(added.nodes(), Map.of(NormGraph.REPRESENTATIONS, hook));
                    return new DistancePass(
                            added.targets(),
                            added.distances(),
                            wayBack(name + "_back", added.derivatives(), "the hook"));
                });
    }

    @Override
    public void close() {
        graph.close();
    }
}
