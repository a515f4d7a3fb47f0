package stir.backend.tf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.DataException;
import stir.api.Norm;
import stir.api.Remedy;
import stir.api.Scope;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.backend.tf.graph.NodeBuilders;
import stir.backend.tf.graph.TensorFlowMessages;
import stir.backend.tf.graph.TensorName;
import stir.backend.tf.rewrite.NormGraph;
import stir.backend.tf.run.GraphRuns;
import stir.backend.tf.run.NativeGraph;
import stir.backend.tf.run.NativeTensor;
import stir.backend.tf.run.TfDevices;
import stir.backend.tf.saved.SideInput;
import stir.backend.tf.saved.Weights;

/**
 * A native graph that ends at a hook, with restored variables and the gradient with respect to the
 * input. The number of rows is free unless the model fixes it.
 */
final class HookGraph implements AutoCloseable {
    private static final int PROBE_ROWS = 2;

    /** The number of different input values; constant inputs might have a deviation of 0. */
    private static final int PROBE_VALUES = 97;

    private static final float PROBE_LOWEST = 0.2f;
    private static final TensorName COTANGENTS = new TensorName("stir_cotangents", 0);
    private static final String VALUES = "stir_values";
    private static final TensorName FLOATS = new TensorName("stir_floats", 0);

    private final NativeGraph graph;
    private final GraphRuns runs;
    private final Map<Norm, DistancePass> distancePasses = new HashMap<>();
    private final TensorName input;
    private final Shape inputRow;
    private final List<SideInput> sides;
    private final SideInputs trial;
    private final TensorName hook;
    private final Shape row;
    private final Optional<TensorName> gradient;

    /** The tensors of one norm's distances: fed targets, fetched distances and gradients. */
    private record DistancePass(TensorName targets, TensorName distances, TensorName gradients) {}

    /**
     * Imports a graph, restores its variables, adds the gradient, and runs both once.
     *
     * @param gradients whether the gradient is needed
     * @throws DataException if variables can't be read, if values are not finite, or if there is no
     *     gradient
     */
    HookGraph(Cut cut, Weights weights, ConfigProto config, boolean gradients) {
        boolean complete = false;
        graph = new NativeGraph(config);
        try {
            runs = new GraphRuns(graph, TfDevices.isCpu(config));
            input = new TensorName(cut.input(), 0);
            inputRow = cut.inputRow();
            sides = cut.sides().stream()
                    .filter(side -> cut.graph().contains(side.tensor().node()))
                    .toList();
            trial = new SideInputs(
                    Optional.empty(), sides.stream().collect(Collectors.toMap(SideInput::name, SideInput::given)));
            var restoration = weights.restoration(cut.graph());
            build(cut, restoration);
            if (!restoration.isEmpty()) {
                restore(weights);
            }
            hook = asFloats(cut.hook());
            var probed = probe(cut);
            row = cut.row().isKnown() && cut.row().rank() > 0 ? cut.row() : probed;
            graph.add(
                    GraphDef.newBuilder()
                            .addNode(NodeBuilders.placeholder(COTANGENTS.node(), row))
                            .build(),
                    Map.of());
            gradient = gradients
                    ? Optional.of(
                            addGradient("stir_back", COTANGENTS, cut.hook().toString()))
                    : Optional.empty();
            if (gradients) {
                probeGradient(cut);
            }
            complete = true;
        } finally {
            if (!complete) {
                graph.close();
            }
        }
    }

    private TensorName gradientTensor() {
        return gradient.orElseThrow(() -> new IllegalStateException("The hook was opened without gradients"));
    }

    private void build(Cut cut, List<NodeDef> restoration) {
        var nodes = new ArrayList<NodeDef>(cut.graph().nodes().values());
        nodes.addAll(restoration);
        try {
            graph.add(cut.graph().with(nodes).toGraphDef(), Map.of());
        } catch (RuntimeException e) { // TensorFlow's exceptions have no other common supertype
            throw new DataException(
                    "TensorFlow can't build the graph (%s): export the model again."
                            .formatted(TensorFlowMessages.reason(e)),
                    e);
        }
    }

    private void restore(Weights weights) {
        try {
            runs.run(Weights.RESTORE);
        } catch (RuntimeException e) { // TensorFlow's exceptions have no other common supertype
            throw Weights.unreadable(weights.model(), e);
        }
    }

    /**
     * Returns the hook's values as floats, through an identity if they are the input itself, which
     * can't be both fed and fetched.
     */
    private TensorName asFloats(TensorName tensor) {
        var type = graph.type(tensor);
        if (type == DataType.DT_FLOAT && !tensor.equals(input)) {
            return tensor;
        }
        var node = type == DataType.DT_FLOAT
                ? NodeBuilders.typed("Identity", FLOATS.node(), type, VALUES)
                : NodeBuilders.cast(FLOATS.node(), type, DataType.DT_FLOAT, VALUES);
        graph.add(GraphDef.newBuilder().addNode(node).build(), Map.of(VALUES, tensor));
        return FLOATS;
    }

    /**
     * Runs the graph once to determine the shape of a row, which shape inference does not always
     * find, and to check that the values are finite.
     */
    private Shape probe(Cut cut) {
        int rows = cut.batch().orElse(PROBE_ROWS);
        var probed = new ArrayList<Batch>();
        try (var fed = feed(probeInputs(cut))) {
            runs.run(fed.tensors(), List.of(hook), results -> {
                var shape = rowOf(results.get(0), rows, cut.hook().node());
                var values = Batch.allocate(rows, shape);
                results.get(0).read(values);
                probed.add(values);
            });
        }
        requireFinite(probed.get(0), "values", cut);
        return probed.get(0).rowShape();
    }

    private void probeGradient(Cut cut) {
        var inputs = probeInputs(cut);
        var cotangents = Batch.allocate(inputs.rows(), row);
        for (int i = 0; i < cotangents.buffer().capacity(); i++) {
            cotangents.buffer().put(i, 1);
        }
        pullback(inputs, cotangents, inputs);
        requireFinite(inputs, "gradients", cut);
    }

    private Batch probeInputs(Cut cut) {
        var inputs = Batch.allocate(cut.batch().orElse(PROBE_ROWS), cut.inputRow());
        for (int i = 0; i < inputs.buffer().capacity(); i++) {
            inputs.buffer().put(i, PROBE_LOWEST + i % PROBE_VALUES / (2f * PROBE_VALUES));
        }
        return trial.onTrial(inputs);
    }

    private static void requireFinite(Batch values, String quantity, Cut cut) {
        for (float value : values.toArray()) {
            if (!Float.isFinite(value)) {
                throw new DataException(
                        "The layer at %s gives %s that are not finite: export the model again, or choose another layer."
                                .formatted(cut.hook().node(), quantity));
            }
        }
    }

    private static Shape rowOf(NativeTensor tensor, int rows, String hook) {
        var dimensions = tensor.dimensions();
        if (dimensions.length == 0 || dimensions[0] != rows) {
            throw new DataException(
                    "The hook %s does not have one row per input: choose another layer.".formatted(hook));
        }
        var row = new int[dimensions.length - 1];
        for (int i = 0; i < row.length; i++) {
            row[i] = Math.toIntExact(dimensions[i + 1]);
        }
        return Shape.of(row);
    }

    /** Adds the gradient of {@code <cotangents, hook>} with respect to the input. */
    private TensorName addGradient(String prefix, TensorName cotangents, String hookName) {
        try {
            return graph.addGradient(prefix, hook, input, cotangents);
        } catch (RuntimeException e) { // TensorFlow's exceptions have no other common supertype
            throw new DataException(
                    "No gradient is available at %s (%s): choose an earlier layer, or estimate the gradient."
                            .formatted(hookName, TensorFlowMessages.reason(e)),
                    e,
                    Remedy.ESTIMATE_GRADIENT);
        }
    }

    /** The tensors that a run is fed with, freed on closing. */
    private record Fed(Map<TensorName, NativeTensor> tensors, Scope scope) implements AutoCloseable {
        void add(TensorName name, NativeTensor tensor) {
            tensors.put(name, scope.own(tensor));
        }

        @Override
        public void close() {
            scope.close();
        }
    }

    /** Returns the tensors of all inputs of the graph. */
    private Fed feed(Batch inputs) {
        var fed = new Fed(new LinkedHashMap<>(), new Scope());
        try {
            fed.add(input, NativeTensor.of(inputs));
            for (var side : sides) {
                var dims = side.dims(inputs.rows(), inputRow);
                var values = side.given().constant() ? side.given().rows(1, Shape.of(dims)) : inputs.side(side.name());
                fed.add(side.tensor(), NativeTensor.of(values, side.type(), dims));
            }
            return fed;
        } catch (RuntimeException | Error e) {
            fed.close();
            throw e;
        }
    }

    /** Returns the shape of a representation. */
    Shape row() {
        return row;
    }

    /** Computes representations for a number of rows that the model accepts. */
    void represent(Batch inputs, Batch representations) {
        try (var fed = feed(inputs)) {
            runs.run(fed.tensors(), List.of(hook), results -> results.get(0).read(representations));
        }
    }

    /** Computes the gradients of {@code <cotangents_i, h(inputs_i)>}. */
    void pullback(Batch inputs, Batch cotangents, Batch gradients) {
        try (var fed = feed(inputs)) {
            fed.add(COTANGENTS, NativeTensor.of(cotangents));
            runs.run(
                    fed.tensors(),
                    List.of(gradientTensor()),
                    results -> results.get(0).read(gradients));
        }
    }

    /** Computes representations and pulls back a rule's cotangents, in one run. */
    void pullback(Batch inputs, CotangentRule rule, Batch representations, Batch cotangents, Batch gradients) {
        try (var fed = feed(inputs)) {
            runs.runInTwoSteps(
                    fed.tensors(),
                    hook,
                    values -> {
                        values.read(representations);
                        rule.apply(representations, cotangents);
                        return NativeTensor.of(cotangents);
                    },
                    COTANGENTS,
                    gradientTensor(),
                    result -> result.read(gradients));
        }
    }

    /** Computes distances and their gradients in one run. */
    void distance(Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        var pass = pass(norm);
        try (var fed = feed(inputs)) {
            fed.add(pass.targets, NativeTensor.of(targets));
            runs.run(fed.tensors(), List.of(pass.distances, pass.gradients), results -> {
                results.get(0).read(distances, inputs.rows());
                results.get(1).read(gradients);
            });
        }
    }

    /** Returns the tensors for a norm, which are added on first use. */
    private synchronized DistancePass pass(Norm norm) {
        return distancePasses.computeIfAbsent(norm, asked -> {
            var name = "stir_norm_" + distancePasses.size();
            var added = NormGraph.of(asked, name + "/", row);
            graph.add(added.nodes(), Map.of(NormGraph.REPRESENTATIONS, hook));
            return new DistancePass(
                    added.targets(), added.distances(), addGradient(name + "_back", added.derivatives(), "the hook"));
        });
    }

    @Override
    public void close() {
        graph.close();
    }
}
