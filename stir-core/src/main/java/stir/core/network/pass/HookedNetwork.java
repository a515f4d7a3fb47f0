package stir.core.network.pass;

import stir.api.Batch;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Shape;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.Rival;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.SearchedLayer;
import stir.core.network.open.ModelOpener;
import stir.core.work.Workers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network cut at its layer for inputs of one shape, with an evaluator for each of its workers.
 * Closes the hook, not the network.
 */
public final class HookedNetwork implements AutoCloseable {
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

    /** More layers of the network that a search matches, with their shares of a weight of 1. */
    private final Map<HookedNetwork, Double> moreLayers = new LinkedHashMap<>();

    private Optional<HookedNetwork> rival = Optional.empty();
    private Optional<Network> owned = Optional.empty();
    private double weight = 1;

    private HookedNetwork(
            Network network,
            LayerHook hook,
            PixelTransform transform,
            Shape pixelShape,
            int batchSize,
            int passRows) {
        this.network = network;
        this.hook = hook;
        this.modelShape = transform.modelShape();
        this.batchSize = batchSize;
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
    public static HookedNetwork of(Network network, Shape pixels, int batchSize, boolean fakeRelu) {
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
    public static HookedNetwork of(
            Network network, String layer, Shape pixels, int batchSize, boolean fakeRelu) {
        return of(network, layer, pixels, batchSize, options(network, pixels, fakeRelu));
    }

    private static HookOptions options(Network network, Shape pixels, boolean fakeRelu) {
        return new HookOptions(transform(network, pixels).modelShape(), fakeRelu);
    }

    private static HookedNetwork of(
            Network network, String layer, Shape pixels, int batchSize, HookOptions options) {
        int passRows = passRows(options.input(), network.device());
        return of(network, layer, pixels, batchSize, passRows, options);
    }

    private static PixelTransform transform(Network network, Shape pixels) {
        return PixelTransform.between(pixels, network.input(), network.preprocessing());
    }

    private static HookedNetwork of(
            Network network,
            String layer,
            Shape pixels,
            int batchSize,
            int passRows,
            HookOptions options) {
        var transform = transform(network, pixels);
        var hook = network.model().hook(layer, options);
        return new HookedNetwork(network, hook, transform, pixels, batchSize, passRows);
    }

    /**
     * Cuts a network as a search wants it: at all layers that it matches, and with the second
     * network of the objective. Gauss-Newton steps have use for a fake ReLU only where it is the
     * layer itself ({@link Optimizer#FAST}), and {@link Optimizer#NEAREST} for no gradients.
     *
     * @param network stays its owner's
     * @param pixels the shape of an input
     * @param batchSize as for {@link #of}
     * @param settings how is searched
     * @param opener opens the second network
     */
    public static HookedNetwork forSearch(
            Network network,
            Shape pixels,
            int batchSize,
            InversionSettings settings,
            ModelOpener opener) {
        var hooked = forSteps(network, pixels, batchSize, settings);
        try {
            hooked.addLayers(pixels, settings.fakeRelu());
            settings.objective()
                    .rival()
                    .ifPresent(rival -> hooked.addRival(rival, pixels, settings, opener));
            return hooked;
        } catch (RuntimeException | Error failure) {
            hooked.close();
            throw failure;
        }
    }

    private static HookedNetwork forSteps(
            Network network, Shape pixels, int batchSize, InversionSettings settings) {
        if (settings.optimizer() == Optimizer.NEAREST) {
            var options = HookOptions.withoutGradients(transform(network, pixels).modelShape());
            return of(network, network.layer(), pixels, batchSize, options);
        }
        var hooked = of(network, pixels, batchSize, settings.fakeRelu());
        if (!settings.optimizer().isGaussNewton()
                || !hooked.fakeRelu()
                || hooked.hook.layer().kind().equalsIgnoreCase(RELU)) {
            return hooked;
        }
        hooked.close();
        return of(network, pixels, batchSize, false);
    }

    private void addLayers(Shape pixels, boolean fakeRelu) {
        var layers = network.searchedLayers();
        double sum = layers.stream().mapToDouble(SearchedLayer::weight).sum();
        weight = layers.get(0).weight() / sum;
        for (var layer : layers.subList(1, layers.size())) {
            moreLayers.put(
                    of(network, layer.name(), pixels, batchSize, fakeRelu), layer.weight() / sum);
        }
    }

    private void addRival(
            Rival rival, Shape pixels, InversionSettings settings, ModelOpener opener) {
        var opened =
                opener.open(
                        NetworkSpec.of(rival)
                                .withDevice(network.device())
                                .withThreads(network.workers()));
        owned = Optional.of(opened);
        rival(opened, pixels, settings.fakeRelu());
    }

    /** Adds a second network that is open already. */
    public void rival(Network opened, Shape pixels, boolean fakeRelu) {
        var options = options(opened, pixels, fakeRelu);
        rival = Optional.of(of(opened, opened.layer(), pixels, batchSize, passRows(), options));
    }

    private int passRows() {
        return evaluators.get(0).passRows();
    }

    /** More layers of the network that a search matches, with their shares of a weight of 1. */
    public Map<HookedNetwork, Double> moreLayers() {
        return moreLayers;
    }

    /** The share of the layer that is measured. */
    public double weight() {
        return weight;
    }

    /** The second network of the objective. */
    public Optional<HookedNetwork> rival() {
        return rival;
    }

    public Network network() {
        return network;
    }

    public boolean fakeRelu() {
        return hook.fakeRelu();
    }

    public Shape representationShape() {
        return hook.layer().shape();
    }

    public Shape modelShape() {
        return modelShape;
    }

    public int batchSize() {
        return batchSize;
    }

    /** One evaluator for each worker. */
    public List<Evaluator> evaluators() {
        return evaluators;
    }

    /**
     * The rows that one of some workers holds at a time: its share of the batch, in whole passes.
     *
     * @param rows how many rows there are to work on
     */
    public int share(int rows) {
        int passRows = passRows();
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
    public void represent(Rows rows, int from, Batch into) {
        int passRows = passRows();
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
        rival.ifPresent(HookedNetwork::close);
        owned.ifPresent(Network::close);
        moreLayers.keySet().forEach(HookedNetwork::close);
        hook.close();
    }
}
