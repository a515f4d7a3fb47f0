package stir.backend.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.DataException;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A layer hook on a network that libtorch computes. Passes of several threads run at the same time.
 *
 * <p>Gradients come from libtorch's {@code backward} with the cotangent that Java made, not from
 * DJL's GradientCollector, of which a process can have only one at a time.
 */
final class NetworkHook implements LayerHook {
    private final Computation computation;
    private final Site site;
    private final Consumer<NetworkHook> whenClosed;
    private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();
    private final ConcurrentLinkedQueue<Batch> spares = new ConcurrentLinkedQueue<>();
    private boolean closed;

    /**
     * What a hook is, once it is known.
     *
     * @param layer the layer, its shape known
     * @param input the shape of one input
     * @param fakeRelu whether the computation has a ReLU that passes gradients
     * @param representWithGradient whether the network computes otherwise where no gradient is
     *     asked for, so that it has to be asked for always
     * @param fixedRows the only number of rows that the network takes, or empty if it takes any
     */
    record Site(
            Layer layer,
            Shape input,
            boolean fakeRelu,
            boolean representWithGradient,
            OptionalInt fixedRows) {}

    /**
     * A hook at a site.
     *
     * @param computation closed with the hook
     * @param whenClosed told when the hook is closed
     */
    NetworkHook(Computation computation, Site site, Consumer<NetworkHook> whenClosed) {
        this.computation = computation;
        this.site = site;
        this.whenClosed = whenClosed;
    }

    @Override
    public Layer layer() {
        return site.layer();
    }

    @Override
    public Shape inputShape() {
        return site.input();
    }

    @Override
    public boolean fakeRelu() {
        return site.fakeRelu();
    }

    @Override
    public void represent(Batch inputs, Batch representations) {
        checkInputs(inputs);
        check(representations, layer().shape(), inputs.rows());
        inChunks(
                inputs.rows(),
                (from, to) -> forward(padded(inputs, from, to), representations.slice(from, to)));
    }

    @Override
    public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
        checkInputs(inputs);
        check(cotangents, layer().shape(), inputs.rows());
        check(gradients, inputShape(), inputs.rows());
        inChunks(
                inputs.rows(),
                (from, to) -> {
                    var chunk = padded(cotangents, from, to);
                    backward(padded(inputs, from, to), values -> chunk, gradients.slice(from, to));
                });
    }

    @Override
    public void pullback(Batch inputs, CotangentRule rule, Batch representations, Batch gradients) {
        checkInputs(inputs);
        check(representations, layer().shape(), inputs.rows());
        check(gradients, inputShape(), inputs.rows());
        if (site.fixedRows().isPresent()) { // the rule wants to see all rows at once
            LayerHook.super.pullback(inputs, rule, representations, gradients);
        } else if (inputs.rows() > 0) {
            var spare = borrow(inputs.rows());
            var cotangents = spare.slice(0, inputs.rows());
            backward(
                    inputs,
                    values -> {
                        copy(values, representations);
                        rule.apply(representations, cotangents);
                        return cotangents;
                    },
                    gradients);
            spares.add(spare);
        }
    }

    @Override
    public void distance(
            Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        check(targets, layer().shape(), inputs.rows());
        var spare = borrow(inputs.rows());
        pullback(
                inputs,
                (found, cotangents) -> norm.derivatives(found, targets, distances, cotangents),
                spare.slice(0, inputs.rows()),
                gradients);
        spares.add(spare);
    }

    private void checkInputs(Batch inputs) {
        check(inputs, inputShape(), inputs.rows());
    }

    private static void check(Batch batch, Shape shape, int rows) {
        if (!batch.rowShape().equals(shape) || batch.rows() != rows) {
            throw new IllegalArgumentException(
                    "%s was passed where %d rows of %s are wanted".formatted(batch, rows, shape));
        }
    }

    private interface Chunk {
        void run(int from, int to);
    }

    private void inChunks(int rows, Chunk chunk) {
        int size = site.fixedRows().orElse(Math.max(rows, 1));
        for (int from = 0; from < rows; from += size) {
            chunk.run(from, Math.min(from + size, rows));
        }
    }

    /** The rows of a chunk, repeated up to the number that the network was traced with. */
    private Batch padded(Batch batch, int from, int to) {
        int rows = site.fixedRows().orElse(to - from);
        if (to - from == rows) {
            return batch.slice(from, to);
        }
        var padded = Batch.allocate(rows, batch.rowShape());
        for (int row = 0; row < rows; row++) {
            padded.copyRow(batch, from + row % (to - from), row);
        }
        return padded;
    }

    /** A batch of the layer's shape with at least so many rows; large ones cost time to make. */
    private Batch borrow(int rows) {
        var spare = spares.poll();
        return spare != null && spare.rows() >= rows
                ? spare
                : Batch.allocate(rows, layer().shape());
    }

    private void forward(Batch inputs, Batch representations) {
        run(
                arrays -> {
                    var leaf = array(arrays, inputs);
                    if (site.representWithGradient()) {
                        leaf.setRequiresGradient(true);
                    }
                    copy(compute(leaf), representations);
                    return representations;
                });
    }

    /**
     * A forward and a backward pass.
     *
     * @param cotangents makes as many rows as there are inputs of the layer's values
     * @param gradients receives the first rows' gradients
     */
    private void backward(Batch inputs, Function<NDArray, Batch> cotangents, Batch gradients) {
        run(
                arrays -> {
                    var leaf = array(arrays, inputs);
                    leaf.setRequiresGradient(true);
                    var values = compute(leaf);
                    var cotangent =
                            arrays.create(
                                    cotangents.apply(values).bytes(),
                                    values.getShape(),
                                    DataType.FLOAT32);
                    JniUtils.backward((PtNDArray) values, (PtNDArray) cotangent, false, false);
                    copy(leaf.getGradient(), gradients);
                    return gradients;
                });
    }

    private void run(Function<NDManager, Batch> pass) {
        open.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("The hook at " + layer().name() + " is closed");
            }
            GradientMode.run(computation.manager(), pass);
        } catch (EngineException e) {
            throw Failures.ofPass(e);
        } finally {
            open.readLock().unlock();
        }
    }

    /** An array on the batch's own memory, or a copy of it on a GPU. */
    static NDArray array(NDManager arrays, Batch batch) {
        var dimensions = new long[1 + batch.rowShape().rank()];
        Arrays.setAll(dimensions, i -> i == 0 ? batch.rows() : batch.rowShape().dimension(i - 1));
        return arrays.create(
                batch.bytes(), new ai.djl.ndarray.types.Shape(dimensions), DataType.FLOAT32);
    }

    /** The layer's values, a row for each input. */
    private NDArray compute(NDArray leaf) {
        var values = computation.compute(leaf);
        long rows = leaf.getShape().get(0);
        if (values.getShape().dimension() == 0 || values.getShape().get(0) != rows) {
            throw new DataException(
                    "%s gave values of shape %s for %d inputs, since its number of inputs is fixed: export it with torch.jit.script, or trace it with another number of inputs."
                            .formatted(layer().name(), values.getShape(), rows));
        }
        return values;
    }

    /** Copies the first rows of an array. */
    private static void copy(NDArray values, Batch batch) {
        var source = values.toByteBuffer(true); // a view, made contiguous where it is not
        batch.bytes().put(source.limit(batch.bytes().limit()));
    }

    /** Waits for the passes that run. */
    @Override
    public void close() {
        open.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            spares.clear();
            computation.close();
        } finally {
            open.writeLock().unlock();
        }
        whenClosed.accept(this);
    }
}
