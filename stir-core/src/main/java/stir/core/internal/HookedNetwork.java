package stir.core.internal;

import stir.api.Batch;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Shape;
import stir.core.Network;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;

import java.util.ArrayList;
import java.util.List;

/**
 * A network cut at its layer for inputs of one shape, with an evaluator for each of its workers.
 * Closes the hook, not the network.
 */
final class HookedNetwork implements AutoCloseable {
    /**
     * The most rows of a pass: enough that fixed costs do not count, few enough that several
     * threads share a batch.
     */
    private static final int MOST_PASS_ROWS = 25;

    /** The most rows of a pass on a GPU, which is only busy with many. */
    private static final int MOST_PASS_ROWS_ON_GPU = 100;

    /** Larger inputs go in passes of fewer rows, so that a pass has about this many values. */
    private static final int PASS_VALUES = 1 << 20;

    private static final int FEWEST_PASS_ROWS = 4;

    /** What backends call the kind of a layer that is a ReLU, in upper or lower case. */
    private static final String RELU = "relu";

    private final Network network;
    private final LayerHook hook;
    private final Shape modelShape;
    private final int batchSize;
    private final List<Evaluator> evaluators = new ArrayList<>();
    private final List<Batch> pixels = new ArrayList<>();
    private final List<Batch> representations = new ArrayList<>();

    private HookedNetwork(
            Network network,
            LayerHook hook,
            PixelTransform transform,
            Shape pixelShape,
            int batchSize) {
        this.network = network;
        this.hook = hook;
        this.modelShape = transform.modelShape();
        this.batchSize = batchSize;
        int passRows = passRows(modelShape, network.device());
        int workers = Math.min(network.workers(), passes(batchSize, passRows));
        for (int i = 0; i < workers; i++) {
            evaluators.add(new Evaluator(hook, transform.another(), passRows));
            pixels.add(Batch.allocate(passRows, pixelShape));
            representations.add(Batch.allocate(passRows, hook.layer().shape()));
        }
    }

    /**
     * The rows of a pass: a function of the input's size alone, since the last bits of a result
     * depend on it.
     */
    private static int passRows(Shape modelShape, Device device) {
        int most = device.kind() == Device.Kind.CPU ? MOST_PASS_ROWS : MOST_PASS_ROWS_ON_GPU;
        return Math.max(FEWEST_PASS_ROWS, Math.min(most, PASS_VALUES / modelShape.size()));
    }

    private static int passes(int rows, int passRows) {
        return (rows + passRows - 1) / passRows;
    }

    /** Cuts a network at the layer that is measured. */
    static HookedNetwork of(Network network, Shape pixels, int batchSize, boolean fakeRelu) {
        return of(network, network.layer(), pixels, batchSize, fakeRelu);
    }

    /**
     * Cuts a network.
     *
     * @param network stays its owner's
     * @param layer where
     * @param pixels the shape of an input
     * @param batchSize the rows that are worked on at a time, by all workers together; rounded up
     *     to whole passes
     * @param fakeRelu as {@link HookOptions#fakeRelu}
     */
    static HookedNetwork of(
            Network network, String layer, Shape pixels, int batchSize, boolean fakeRelu) {
        var transform = PixelTransform.between(pixels, network.input(), network.preprocessing());
        var hook = network.model().hook(layer, new HookOptions(transform.modelShape(), fakeRelu));
        return new HookedNetwork(network, hook, transform, pixels, batchSize);
    }

    /**
     * Cuts a network as a search wants it: {@link Optimizer#FAST} has use for a fake ReLU only
     * where it is the layer itself.
     *
     * @param network stays its owner's
     * @param pixels the shape of an input
     * @param batchSize as for {@link #of}
     * @param settings how is searched
     */
    static HookedNetwork forSearch(
            Network network, Shape pixels, int batchSize, InversionSettings settings) {
        var hooked = of(network, pixels, batchSize, settings.fakeRelu());
        if (settings.optimizer() != Optimizer.FAST
                || !hooked.fakeRelu()
                || hooked.hook.layer().kind().equalsIgnoreCase(RELU)) {
            return hooked;
        }
        hooked.close();
        return of(network, pixels, batchSize, false);
    }

    Network network() {
        return network;
    }

    boolean fakeRelu() {
        return hook.fakeRelu();
    }

    Shape representationShape() {
        return hook.layer().shape();
    }

    Shape modelShape() {
        return modelShape;
    }

    int batchSize() {
        return batchSize;
    }

    /** One evaluator for each worker. */
    List<Evaluator> evaluators() {
        return evaluators;
    }

    /**
     * The rows that one of some workers holds at a time: its share of the batch, in whole passes.
     *
     * @param rows how many rows there are to work on
     */
    int share(int rows) {
        int passRows = evaluators.get(0).passRows();
        int passes = passes(Math.min(rows, batchSize), passRows);
        return passRows * passes(passes, evaluators.size());
    }

    /**
     * Computes representations.
     *
     * @param rows where the pixels come from
     * @param from the index of the first row
     * @param into as many representations as are wanted, to be written
     */
    void represent(Rows rows, int from, Batch into) {
        int passRows = evaluators.get(0).passRows();
        int passes = passes(into.rows(), passRows);
        int workers = Math.min(evaluators.size(), Math.max(1, passes));
        Workers.run(
                workers,
                worker -> {
                    var batch = pixels.get(worker);
                    var found = representations.get(worker);
                    for (int pass = worker; pass < passes; pass += workers) {
                        int start = pass * passRows;
                        int count = Math.min(passRows, into.rows() - start);
                        for (int row = 0; row < count; row++) {
                            rows.read(from + start + row, batch, row);
                        }
                        evaluators.get(worker).represent(batch, found);
                        for (int row = 0; row < count; row++) {
                            into.copyRow(found, row, start + row);
                        }
                    }
                });
    }

    @Override
    public void close() {
        hook.close();
    }
}
