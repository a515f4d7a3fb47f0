package stir.backend.tf;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;

import stir.api.BackendException;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Norm;
import stir.api.Scope;
import stir.api.Shape;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A native graph that ends at a hook, with the way back to the input, and a session with its
 * variables. The number of rows is free or the one that the model insists on.
 */
final class HookGraph implements AutoCloseable {
    private static final int PROBE_ROWS = 2;

    private final Scope owned = new Scope();
    private final Map<Norm, DistancePass> distancePasses = new HashMap<>();
    private final Graph graph;
    private final Session session;
    private final Ops tf;
    private final Output<?> input;
    private final Operand<TFloat32> hook;
    private final Shape row;
    private final Operand<TFloat32> cotangents;
    private final Output<?> pulledBack;

    /** The tensors of one norm's distances: fed targets; fetched distances and gradients. */
    private record DistancePass(
            Operand<TFloat32> targets, Operand<TFloat64> distances, Output<?> gradients) {}

    /**
     * Imports a graph, restores its variables and adds the way back. Where shape inference does not
     * find the representations' whole shape, the graph runs once.
     *
     * @throws DataException if variables can't be read, or if there is no gradient
     */
    HookGraph(Cut cut, Weights weights, ConfigProto config) {
        boolean complete = false;
        try {
            graph = owned.own(new Graph());
            var restoration = weights.restoration(cut.graph());
            var nodes = new ArrayList<NodeDef>(cut.graph().nodes().values());
            nodes.addAll(restoration);
            attempt(
                    () -> graph.importGraphDef(cut.graph().with(nodes).toGraphDef()),
                    "build the graph");
            session = owned.own(new Session(graph, config));
            if (!restoration.isEmpty()) {
                restore(weights);
            }
            tf = Ops.create(graph).withSubScope("stir");
            input = graph.outputOrThrow(cut.input() + ":0");
            hook = asFloats(graph.outputOrThrow(cut.hook().node() + ":" + cut.hook().index()));
            row = cut.row().isKnown() && cut.row().rank() > 0 ? cut.row() : probe(cut);
            cotangents = placeholder();
            pulledBack = wayBack(cotangents, cut.hook().toString());
            complete = true;
        } finally {
            if (!complete) {
                owned.close();
            }
        }
    }

    private void restore(Weights weights) {
        try (var restored = session.runner().addTarget(Weights.RESTORE).run()) {
            assert restored.size() == 0;
        } catch (RuntimeException e) { // TensorFlow's have no common ancestor but this
            throw Weights.unreadable(weights.model(), e);
        }
    }

    @SuppressWarnings("unchecked") // by its type
    private Operand<TFloat32> asFloats(Output<?> tensor) {
        return tensor.type() == TFloat32.class
                ? (Output<TFloat32>) tensor
                : tf.dtypes.cast((Operand<? extends TNumber>) tensor, TFloat32.class);
    }

    private Operand<TFloat32> placeholder() {
        var shape = org.tensorflow.ndarray.Shape.of(dimensions(-1, row));
        return tf.placeholder(TFloat32.class, Placeholder.shape(shape));
    }

    private static long[] dimensions(long rows, Shape row) {
        var dimensions = new long[row.rank() + 1];
        dimensions[0] = rows;
        for (int i = 0; i < row.rank(); i++) {
            dimensions[i + 1] = row.dimension(i);
        }
        return dimensions;
    }

    /** Runs once to learn the shape of a row that shape inference does not find. */
    private Shape probe(Cut cut) {
        int rows = cut.batch().orElse(PROBE_ROWS);
        try (var x = tensor(Batch.allocate(rows, cut.inputRow()));
                var result = run(() -> session.runner().feed(input, x).fetch(hook))) {
            var found = result.get(0).shape().asArray();
            if (found.length == 0 || found[0] != rows) {
                throw new DataException(
                        "The hook %s does not have one row for each input: choose another layer."
                                .formatted(hook.asOutput().op().name()));
            }
            var dimensions = new int[found.length - 1];
            for (int i = 0; i < dimensions.length; i++) {
                dimensions[i] = Math.toIntExact(found[i + 1]);
            }
            return Shape.of(dimensions);
        }
    }

    /** Adds the gradient of {@code <cotangents, hook>} by the input. */
    private Output<?> wayBack(Operand<TFloat32> cotangents, String hookName) {
        try {
            return graph.addGradients(
                            tf.scope().makeOpName("back"),
                            new Output<?>[] {hook.asOutput()},
                            new Output<?>[] {input},
                            new Output<?>[] {cotangents.asOutput()})[0];
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
        try (var x = tensor(inputs);
                var result = run(() -> session.runner().feed(input, x).fetch(hook))) {
            read(result.get(0), representations);
        }
    }

    /** Computes the gradients of {@code <cotangents_i, h(inputs_i)>}. */
    void pullback(Batch inputs, Batch given, Batch gradients) {
        try (var x = tensor(inputs);
                var c = tensor(given);
                var result =
                        run(
                                () ->
                                        session.runner()
                                                .feed(input, x)
                                                .feed(cotangents, c)
                                                .fetch(pulledBack))) {
            read(result.get(0), gradients);
        }
    }

    /** Computes distances and their gradients in one run. */
    void distance(Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        var pass = pass(norm);
        try (var x = tensor(inputs);
                var t = tensor(targets);
                var result =
                        run(
                                () ->
                                        session.runner()
                                                .feed(input, x)
                                                .feed(pass.targets, t)
                                                .fetch(pass.distances)
                                                .fetch(pass.gradients))) {
            ((TFloat64) result.get(0))
                    .asRawTensor()
                    .data()
                    .asDoubles()
                    .read(distances, 0, inputs.rows());
            read(result.get(1), gradients);
        }
    }

    /** The nodes for a norm, added when it is first asked for. */
    private synchronized DistancePass pass(Norm norm) {
        return distancePasses.computeIfAbsent(
                norm,
                asked -> {
                    var targets = placeholder();
                    var added = NormGraph.add(tf, hook, targets, row.size(), asked);
                    return new DistancePass(
                            targets, added.distances(), wayBack(added.derivatives(), "the hook"));
                });
    }

    private static TFloat32 tensor(Batch batch) {
        return TFloat32.tensorOf(
                org.tensorflow.ndarray.Shape.of(dimensions(batch.rows(), batch.rowShape())),
                DataBuffers.of(batch.buffer()));
    }

    private static void read(Tensor tensor, Batch batch) {
        var values = ((TFloat32) tensor).asRawTensor().data().asFloats();
        if (values.size() != batch.buffer().limit()) {
            throw new BackendException(
                    "TensorFlow returned %s where %s was due: the model mixes rows, choose another layer."
                            .formatted(tensor.shape(), batch));
        }
        values.copyTo(DataBuffers.of(batch.buffer()), values.size());
    }

    private static Result run(Supplier<Session.Runner> runner) {
        try {
            return runner.get().run();
        } catch (RuntimeException e) { // TensorFlow's have no common ancestor but this
            throw new BackendException(
                    "TensorFlow could not compute a batch (%s): try a smaller batch size."
                            .formatted(Messages.firstLine(e)),
                    e);
        }
    }

    private static void attempt(Runnable step, String what) {
        try {
            step.run();
        } catch (RuntimeException e) { // TensorFlow's have no common ancestor but this
            throw new DataException(
                    "TensorFlow can't %s (%s): export the model again."
                            .formatted(what, Messages.firstLine(e)),
                    e);
        }
    }

    @Override
    public void close() {
        owned.close();
    }
}
