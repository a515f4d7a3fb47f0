package stir.backend.onnx;

import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;
import stir.backend.onnx.gradient.GradientRules;
import stir.backend.onnx.gradient.NoGradientException;
import stir.backend.onnx.gradient.PassGraph;

import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/** A network cut at one tensor, with programs that are written when they are first needed. */
final class OnnxHook implements LayerHook {
    private final CutNetwork network;
    private final Layer layer;
    private final InputSpec input;
    private final Optional<String> fakeRelu;
    private final Consumer<OnnxHook> whenClosed;
    private final Programs programs;
    private final Queue<Batch> spares = new ConcurrentLinkedQueue<>();
    private final ReadWriteLock use = new ReentrantReadWriteLock();
    private boolean closed;

    /**
     * Checks that there is a gradient where one is wanted; opens nothing in the runtime yet.
     *
     * @param fakeRelu the ReLU that is to pass gradients unchanged
     * @param gradients whether gradients are wanted
     * @throws NoGradientException if an operator has no gradient
     */
    OnnxHook(
            CutNetwork network,
            Layer layer,
            InputSpec input,
            Optional<String> fakeRelu,
            boolean gradients,
            Consumer<OnnxHook> whenClosed) {
        this.network = network;
        this.layer = layer;
        this.input = input;
        this.fakeRelu = fakeRelu;
        this.whenClosed = whenClosed;
        this.programs = new Programs(network.sessions(), input.batch(), this::passes, input.name());
        if (gradients) {
            passes(1).pullback();
        }
    }

    private PassGraph passes(int rows) {
        return new PassGraph(
                network.simplify(input.batch().orElse(rows)),
                GradientRules.standard(),
                fakeRelu.map(Set::of).orElse(Set.of()));
    }

    @Override
    public Layer layer() {
        return layer;
    }

    @Override
    public Shape inputShape() {
        return network.input();
    }

    @Override
    public boolean fakeRelu() {
        return fakeRelu.isPresent();
    }

    @Override
    public void represent(Batch inputs, Batch representations) {
        check(inputs, inputs, inputShape(), "inputs");
        check(inputs, representations, layer.shape(), "representations");
        run(
                Pass.REPRESENTATION,
                Map.of(input.name(), inputs),
                Map.of(PassGraph.REPRESENTATION, representations));
    }

    @Override
    public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
        check(inputs, inputs, inputShape(), "inputs");
        check(inputs, cotangents, layer.shape(), "cotangents");
        check(inputs, gradients, inputShape(), "gradients");
        run(
                Pass.PULL,
                Map.of(input.name(), inputs, PassGraph.COTANGENT, cotangents),
                Map.of(PassGraph.GRADIENT, gradients));
    }

    @Override
    public void pullback(Batch inputs, CotangentRule rule, Batch representations, Batch gradients) {
        check(inputs, inputs, inputShape(), "inputs");
        check(inputs, representations, layer.shape(), "representations");
        check(inputs, gradients, inputShape(), "gradients");
        var spare = borrow(inputs.rows());
        var cotangents = spare.slice(0, inputs.rows());
        whileOpen(() -> programs.run(inputs, rule, representations, cotangents, gradients));
        spares.add(spare);
    }

    /** Memory of the layer's shape for at least so many rows; large ones cost time to make. */
    private Batch borrow(int rows) {
        var spare = spares.poll();
        return spare != null && spare.rows() >= rows ? spare : Batch.allocate(rows, layer.shape());
    }

    @Override
    public void distance(
            Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        check(inputs, inputs, inputShape(), "inputs");
        check(inputs, targets, layer.shape(), "targets");
        check(inputs, gradients, inputShape(), "gradients");
        var found = Batch.allocate(inputs.rows(), Shape.of(1));
        run(
                Pass.distance(norm.p()),
                Map.of(input.name(), inputs, PassGraph.TARGET, targets),
                Map.of(PassGraph.DISTANCE, found, PassGraph.GRADIENT, gradients));
        for (int row = 0; row < inputs.rows(); row++) {
            distances[row] = found.get(row, 0);
        }
    }

    private void check(Batch inputs, Batch batch, Shape shape, String what) {
        if (batch.rows() != inputs.rows() || !batch.rowShape().equals(shape)) {
            throw new IllegalArgumentException(
                    "The %s are a %s, and not %d rows of %s"
                            .formatted(what, batch, inputs.rows(), shape));
        }
    }

    private void run(Pass pass, Map<String, Batch> given, Map<String, Batch> wanted) {
        whileOpen(() -> programs.run(pass, given, wanted));
    }

    private void whileOpen(Runnable work) {
        use.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("The hook at " + layer.name() + " is closed");
            }
            work.run();
        } finally {
            use.readLock().unlock();
        }
    }

    @Override
    public void close() {
        use.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            spares.clear();
            programs.close();
        } finally {
            use.writeLock().unlock();
        }
        whenClosed.accept(this);
    }
}
