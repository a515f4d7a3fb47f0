package stir.core.internal;

import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Shape;
import stir.core.Network;

import java.util.ArrayList;
import java.util.List;

/**
 * A network cut at its layer for inputs of one shape, with an evaluator for each of its workers.
 * Closes the hook, not the network.
 */
final class HookedNetwork implements AutoCloseable {
    private final Network network;
    private final LayerHook hook;
    private final Shape modelShape;
    private final int batchSize;
    private final List<Evaluator> evaluators = new ArrayList<>();
    private final List<Batch> pixels = new ArrayList<>();

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
        int workers = Math.min(network.workers(), batchSize);
        int passSize = (batchSize + workers - 1) / workers;
        for (int i = 0; i < workers; i++) {
            evaluators.add(new Evaluator(hook, transform.another(), passSize));
            pixels.add(Batch.allocate(passSize, pixelShape));
        }
    }

    /**
     * Cuts a network.
     *
     * @param network stays its owner's
     * @param pixels the shape of an input
     * @param batchSize the most rows that are worked on at a time, by all workers together
     * @param fakeRelu as {@link HookOptions#fakeRelu}
     */
    static HookedNetwork of(Network network, Shape pixels, int batchSize, boolean fakeRelu) {
        var transform = PixelTransform.between(pixels, network.input(), network.preprocessing());
        var hook =
                network.model()
                        .hook(network.layer(), new HookOptions(transform.modelShape(), fakeRelu));
        return new HookedNetwork(network, hook, transform, pixels, batchSize);
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

    /** The rows that one worker holds at a time. */
    int passSize() {
        return pixels.get(0).rows();
    }

    /**
     * Computes representations.
     *
     * @param rows where the pixels come from
     * @param from the index of the first row
     * @param into as many representations as are wanted, to be written
     */
    void represent(Rows rows, int from, Batch into) {
        int passes = (into.rows() + passSize() - 1) / passSize();
        int workers = Math.min(evaluators.size(), Math.max(1, passes));
        Workers.run(
                workers,
                worker -> {
                    for (int pass = worker; pass < passes; pass += workers) {
                        int start = pass * passSize();
                        var part = into.slice(start, Math.min(start + passSize(), into.rows()));
                        var batch = pixels.get(worker).slice(0, part.rows());
                        for (int row = 0; row < part.rows(); row++) {
                            rows.read(from + start + row, batch, row);
                        }
                        evaluators.get(worker).represent(batch, part);
                    }
                });
    }

    @Override
    public void close() {
        hook.close();
    }
}
