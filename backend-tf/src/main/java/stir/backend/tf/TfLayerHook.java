package stir.backend.tf;

import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;

import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A hook of TensorFlow. Where a model insists on a batch size, it runs as often as needed, the last
 * time with rows of zeros added.
 */
final class TfLayerHook implements LayerHook {
    private final HookGraph graph;
    private final Layer layer;
    private final Shape inputShape;
    private final boolean fakeRelu;
    private final OptionalInt fixedBatch;
    private final Consumer<TfLayerHook> onClose;
    private final Queue<Batch> spares = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param graph which this hook then owns
     * @param onClose told when the hook is closed
     */
    TfLayerHook(
            HookGraph graph,
            Layer layer,
            Shape inputShape,
            boolean fakeRelu,
            OptionalInt fixedBatch,
            Consumer<TfLayerHook> onClose) {
        this.graph = graph;
        this.layer = layer;
        this.inputShape = inputShape;
        this.fakeRelu = fakeRelu;
        this.fixedBatch = fixedBatch;
        this.onClose = onClose;
    }

    @Override
    public Layer layer() {
        return layer;
    }

    @Override
    public Shape inputShape() {
        return inputShape;
    }

    @Override
    public boolean fakeRelu() {
        return fakeRelu;
    }

    @Override
    public void represent(Batch inputs, Batch representations) {
        check(inputs, inputs, inputShape);
        check(inputs, representations, layer.shape());
        inPasses(
                inputs.rows(),
                (from, to, size) -> {
                    var out = out(representations, from, to, size);
                    graph.represent(in(inputs, from, to, size), out);
                    copyBack(out, representations, from, to);
                });
    }

    @Override
    public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
        check(inputs, inputs, inputShape);
        check(inputs, cotangents, layer.shape());
        check(inputs, gradients, inputShape);
        inPasses(
                inputs.rows(),
                (from, to, size) -> {
                    var out = out(gradients, from, to, size);
                    graph.pullback(in(inputs, from, to, size), in(cotangents, from, to, size), out);
                    copyBack(out, gradients, from, to);
                });
    }

    @Override
    public void pullback(Batch inputs, CotangentRule rule, Batch representations, Batch gradients) {
        check(inputs, inputs, inputShape);
        check(inputs, representations, layer.shape());
        check(inputs, gradients, inputShape);
        if (fixedBatch.isPresent()) { // the rule wants to see all rows at once
            LayerHook.super.pullback(inputs, rule, representations, gradients);
        } else if (inputs.rows() > 0) {
            var spare = borrow(inputs.rows());
            graph.pullback(inputs, rule, representations, spare.slice(0, inputs.rows()), gradients);
            spares.add(spare);
        }
    }

    /** Memory for so many cotangents or more; a new one costs time. */
    private Batch borrow(int rows) {
        var spare = spares.poll();
        return spare != null && spare.rows() >= rows ? spare : Batch.allocate(rows, layer.shape());
    }

    @Override
    public void distance(
            Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        check(inputs, inputs, inputShape);
        check(inputs, targets, layer.shape());
        check(inputs, gradients, inputShape);
        if (distances.length < inputs.rows()) {
            throw new IllegalArgumentException(
                    distances.length + " distances can't hold those of " + inputs);
        }
        inPasses(
                inputs.rows(),
                (from, to, size) -> {
                    var out = out(gradients, from, to, size);
                    var found = new double[size];
                    graph.distance(
                            in(inputs, from, to, size),
                            in(targets, from, to, size),
                            norm,
                            found,
                            out);
                    System.arraycopy(found, 0, distances, from, to - from);
                    copyBack(out, gradients, from, to);
                });
    }

    private void check(Batch inputs, Batch batch, Shape row) {
        if (closed.get()) {
            throw new IllegalStateException("The hook " + layer.name() + " is closed");
        }
        // TensorFlow aborts the process where a tensor's rank is wrong
        if (!batch.rowShape().equals(row) || batch.rows() != inputs.rows()) {
            throw new IllegalArgumentException(
                    "%s was given where %d rows of %s are due"
                            .formatted(batch, inputs.rows(), row));
        }
    }

    /** A run over the rows from {@code from} up to, but without, {@code to}. */
    private interface Pass {
        void run(int from, int to, int size);
    }

    private void inPasses(int rows, Pass pass) {
        int size = fixedBatch.orElse(rows);
        for (int from = 0; from < rows; from += size) {
            pass.run(from, Math.min(rows, from + size), size);
        }
    }

    /** Some rows, with zeros added where there are fewer than a pass takes. */
    private static Batch in(Batch batch, int from, int to, int size) {
        if (to - from == size) {
            return batch.slice(from, to);
        }
        var padded = Batch.allocate(size, batch.rowShape());
        for (int row = from; row < to; row++) {
            padded.copyRow(batch, row, row - from);
        }
        return padded;
    }

    /** Where a pass writes: the rows themselves, or memory for the added ones too. */
    private static Batch out(Batch batch, int from, int to, int size) {
        return to - from == size ? batch.slice(from, to) : Batch.allocate(size, batch.rowShape());
    }

    private static void copyBack(Batch out, Batch batch, int from, int to) {
        if (out.rows() != to - from) {
            for (int row = from; row < to; row++) {
                batch.copyRow(out, row - from, row);
            }
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            onClose.accept(this);
            spares.clear();
            graph.close();
        }
    }
}
