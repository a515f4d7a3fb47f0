package stir.core.network.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Device;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Scope;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inputs.Rows;
import stir.core.math.random.KeyedRandom;
import stir.core.network.Inconsistency;
import stir.core.network.Network;
import stir.core.network.UnitSample;
import stir.core.runtime.machine.GpuMemory;
import stir.core.runtime.work.Workers;

/**
 * A network cut at one layer for inputs of one shape, with one evaluator per worker; or several
 * that are matched together. Owns the hooks, not the networks.
 */
public final class CutNetwork implements AutoCloseable {
    /**
     * The maximum number of rows of a pass: enough that fixed costs do not count, few enough that
     * several threads share a batch.
     */
    private static final int MOST_PASS_ROWS = 25;

    /** The maximum number of rows of a pass on a GPU, which needs many rows to be busy. */
    private static final int MOST_PASS_ROWS_ON_GPU = 100;

    /**
     * The values of a pass of large inputs, which limit its rows: then the last pass has few padded
     * rows, and a row takes no longer.
     */
    private static final int PASS_VALUES = 1 << 19;

    /** The same on a GPU: 17 photos, so that several threads keep it busy with a batch. */
    private static final int PASS_VALUES_ON_GPU = 5 << 19;

    /** The share of a GPU's memory that passes may use; the rest is for weights and fragments. */
    private static final double USABLE = 0.8;

    /** The passes of a few inputs, which several threads share. */
    private static final int PASSES = 4;

    /** The fewest rows of such a pass: in smaller ones a row of a small network takes longer. */
    private static final int FEWEST_SHARED_ROWS = 8;

    /** The maximum number of rows of a pass of inputs that are larger. */
    private static final int MOST_LARGE_ROWS = 4;

    /** The rows that show whether a network mixes them. */
    private static final int MIXED_ROWS = 8;

    /** The key of the noise among them, which no search uses. */
    private static final long NOISE = -59;

    private final Network network;
    private final String layer;
    private final List<LayerHook> hooks;
    private final Shape pixelShape;
    private final Shape modelShape;
    private final int batchSize;
    private final int passRows;
    private final List<Evaluator> evaluators;
    private final List<Batch> pixels = new ArrayList<>();
    private final List<Batch> representations = new ArrayList<>();

    private CutNetwork(
            Network network,
            String layer,
            List<LayerHook> hooks,
            Shape pixelShape,
            Shape modelShape,
            int batchSize,
            List<? extends Evaluator> evaluators) {
        this.network = network;
        this.layer = layer;
        this.hooks = List.copyOf(hooks);
        this.pixelShape = pixelShape;
        this.modelShape = modelShape;
        this.batchSize = batchSize;
        this.evaluators = List.copyOf(evaluators);
        this.passRows = evaluators.get(0).passRows();
        for (var evaluator : evaluators) {
            pixels.add(Batch.allocate(passRows, pixelShape));
            representations.add(Batch.allocate(passRows, evaluator.representation()));
        }
    }

    /**
     * Returns the rows of a pass: passes of equal size, with hardly a padded row. On a CPU the
     * number is a function of the inputs, not of the batch or the threads, since the last bits of a
     * result depend on it. On a GPU a smaller batch size bounds it.
     *
     * @param inputs the number of all inputs
     * @param batchSize the most rows of a pass on a GPU, whose memory is small
     */
    static int passRows(Shape modelShape, Device device, int inputs, int batchSize) {
        boolean onCpu = device.kind() == Device.Kind.CPU;
        int most = onCpu ? most(device) : Math.min(most(device), batchSize);
        boolean isShared = onCpu || isLarge(modelShape, device);
        int shared = isShared ? Math.max(FEWEST_SHARED_ROWS, passes(inputs, PASSES)) : most;
        int large = Math.max(MOST_LARGE_ROWS, values(device) / modelShape.size());
        int rows = Math.min(shared, Math.min(most, large));
        return passes(inputs, passes(inputs, rows));
    }

    private static boolean isLarge(Shape modelShape, Device device) {
        return (long) most(device) * modelShape.size() > values(device);
    }

    private static int most(Device device) {
        return device.kind() == Device.Kind.CPU ? MOST_PASS_ROWS : MOST_PASS_ROWS_ON_GPU;
    }

    private static int values(Device device) {
        return device.kind() == Device.Kind.CPU ? PASS_VALUES : PASS_VALUES_ON_GPU;
    }

    /**
     * Returns the rows that a worker holds at a time: its share of a batch, in whole passes. Of
     * large inputs it holds one pass: more passes at a time are not faster, but an input is saved
     * only at the end of its search, and needs memory until then.
     *
     * @param rows the number of rows in total, at most those of a batch
     */
    static int share(Shape modelShape, Device device, int passRows, int rows, int workers) {
        return isLarge(modelShape, device) ? passRows : passRows * passes(passes(rows, passRows), workers);
    }

    private static int passes(int rows, int passRows) {
        return (rows + passRows - 1) / passRows;
    }

    /**
     * Cuts a network.
     *
     * @param network the caller retains ownership
     * @param layer the layer
     * @param inputs all inputs, whose shape and number determine the rows of a pass
     * @param batchSize the rows that all workers process at a time; rounded up to whole passes
     * @param fakeRelu the fake ReLU, as {@link HookOptions#fakeRelu}
     */
    public static CutNetwork of(Network network, String layer, Inputs inputs, int batchSize, FakeRelu fakeRelu) {
        return alone(network, layer, inputs, batchSize, shape -> new HookOptions(shape, fakeRelu));
    }

    /**
     * Cuts a network without gradients, which more layers allow.
     *
     * @param network the caller retains ownership
     * @param layer the layer
     * @param inputs the inputs, as for {@link #of}
     * @param batchSize the batch size, as for {@link #of}
     */
    public static CutNetwork withoutGradients(Network network, String layer, Inputs inputs, int batchSize) {
        return alone(network, layer, inputs, batchSize, HookOptions::withoutGradients);
    }

    /**
     * Cuts a network without gradients at the layer that is measured.
     *
     * @param network the caller retains ownership
     * @param inputs the inputs, as for {@link #of}
     * @param batchSize the batch size, as for {@link #of}
     * @throws UsageException if no layer was chosen and the model proposes none
     */
    public static CutNetwork withoutGradients(Network network, Inputs inputs, int batchSize) {
        var shape = PixelTransform.between(inputs.shape(), network).modelShape();
        return withoutGradients(network, network.layer(shape), inputs, batchSize);
    }

    /**
     * Cuts another network for the same inputs, in batches and passes of the same size.
     *
     * @param other the caller retains ownership
     * @param at the layer
     * @param fakeRelu the fake ReLU, as {@link HookOptions#fakeRelu}
     */
    public CutNetwork cutOther(Network other, String at, FakeRelu fakeRelu) {
        return cutOther(other, at, shape -> new HookOptions(shape, fakeRelu));
    }

    /**
     * Cuts another network for the same inputs, in batches and passes of the same size, without
     * gradients.
     *
     * @param other the caller retains ownership
     * @param at the layer
     */
    public CutNetwork cutOtherWithoutGradients(Network other, String at) {
        return cutOther(other, at, HookOptions::withoutGradients);
    }

    /**
     * Returns several cut networks as one, whose relative distance is the weighted mean of theirs,
     * of the norm's order. It takes ownership of them.
     *
     * @param parts the first gives the name; the others are cut by its {@link #cutOther}
     * @param weights the weights of the parts' relative distances
     * @param norm the norm of the distance
     * @param inputs the inputs whose representations are matched
     */
    public static CutNetwork joint(List<CutNetwork> parts, double[] weights, Norm norm, Inputs inputs) {
        var first = parts.get(0);
        int workers =
                parts.stream().mapToInt(part -> part.evaluators.size()).min().orElseThrow();
        var evaluators = new ArrayList<Evaluator>();
        for (int i = 0; i < workers; i++) {
            int worker = i;
            evaluators.add(new JointEvaluator(
                    parts.stream().map(part -> part.evaluators.get(worker)).toList(), weights, norm, inputs));
        }
        return new CutNetwork(
                first.network,
                first.layer,
                parts.stream().flatMap(part -> part.hooks.stream()).toList(),
                first.pixelShape,
                first.modelShape,
                first.batchSize,
                evaluators);
    }

    private static CutNetwork alone(
            Network network, String layer, Inputs inputs, int batchSize, Function<Shape, HookOptions> options) {
        var pixels = inputs.shape();
        var transform = PixelTransform.between(pixels, network);
        int passRows = passRows(transform.modelShape(), network.device(), inputs.count(), batchSize);
        return of(network, layer, pixels, batchSize, passRows, transform, options);
    }

    private CutNetwork cutOther(Network other, String at, Function<Shape, HookOptions> options) {
        var alike = other.onInputsOf(network);
        var transform = PixelTransform.between(pixelShape, alike);
        return of(alike, at, pixelShape, batchSize, passRows, transform, options);
    }

    private static CutNetwork of(
            Network network,
            String layer,
            Shape pixels,
            int batchSize,
            int passRows,
            PixelTransform transform,
            Function<Shape, HookOptions> options) {
        try {
            var chosen = options.apply(transform.modelShape());
            if (network.lengths().arePresent() && UnitSample.named(layer).isPresent()) {
                throw new UsageException(
                        "A unit is one value at one position, so '%s' needs inputs without padding: measure the whole layer."
                                .formatted(layer));
            }
            var hook = network.model().hook(layer, chosen);
            boolean extended = chosen.fakeRelu() == FakeRelu.EXTENDED && hook.fakeRelu();
            try {
                int workers = Math.min(network.workers(), passes(batchSize, passRows));
                if (network.device().kind() == Device.Kind.CUDA) {
                    long bytes = passBytes(network, hook, passRows);
                    workers = fitting(workers, bytes, GpuMemory.ofMachine());
                }
                var evaluators = new ArrayList<Evaluator>();
                for (int i = 0; i < workers; i++) {
                    evaluators.add(new HookEvaluator(hook, network, transform.another(), passRows, extended));
                }
                return new CutNetwork(
                        network, layer, List.of(hook), pixels, transform.modelShape(), batchSize, evaluators);
            } catch (RuntimeException | Error failure) {
                hook.close();
                throw failure;
            }
        } catch (UsageException e) {
            throw e.about(network.name());
        }
    }

    /**
     * Returns the memory of a pass, in bytes, estimated from the outputs of all layers up to the
     * hook's. Modules contain each other, so that their outputs are counted more than once, and so
     * the gradients are, too.
     */
    private static long passBytes(Network network, LayerHook hook, int passRows) {
        long values = 0;
        for (var layer : network.layers(hook.inputShape())) {
            values += layer.shape().isKnown() ? layer.shape().size() : 0;
            if (layer.name().equals(hook.layer().name())) {
                break;
            }
        }
        return values * Float.BYTES * passRows;
    }

    /**
     * Returns the workers, at least one, whose passes fit a GPU's memory together. Warns if a
     * single pass may not fit.
     */
    static int fitting(int workers, long passBytes, OptionalLong memory) {
        long usable = (long) (USABLE * memory.orElse(Long.MAX_VALUE));
        if (passBytes > usable) {
            var message = "A pass may need %d MB, and the GPU has %d MB: use a smaller batch size, or an earlier layer."
                    .formatted(passBytes >> 20, memory.orElseThrow() >> 20);
            System.getLogger(CutNetwork.class.getName()).log(System.Logger.Level.WARNING, message);
        }
        return (int) Math.max(1, Math.min(workers, usable / Math.max(1, passBytes)));
    }

    /** Returns the network. The caller retains ownership. */
    public Network network() {
        return network;
    }

    /** Returns the name of the layer at which the network is cut. */
    public String layer() {
        return layer;
    }

    /** Returns whether a fake ReLU is in effect: {@link LayerHook#fakeRelu}. */
    public boolean fakeRelu() {
        return hooks.stream().anyMatch(LayerHook::fakeRelu);
    }

    /** Returns whether units that are off at all positions are extended. */
    public boolean isExtended() {
        return evaluators.get(0).isExtended();
    }

    /** Returns the shape of the representation of one input. */
    public Shape representationShape() {
        return evaluators.get(0).representation();
    }

    /** Returns the shape of an input in pixels. */
    public Shape pixelShape() {
        return pixelShape;
    }

    /** Returns the shape of an input as the model receives it. */
    public Shape modelShape() {
        return modelShape;
    }

    /** Returns the rows that all workers process at a time. */
    public int batchSize() {
        return batchSize;
    }

    /** Returns the rows of a pass. */
    public int passRows() {
        return passRows;
    }

    /** Returns one evaluator per worker. */
    public List<Evaluator> evaluators() {
        return evaluators;
    }

    /**
     * Returns the rows that a worker holds at a time.
     *
     * @param rows the number of rows in total
     */
    public int share(int rows) {
        int most = Math.min(rows, batchSize);
        return share(modelShape, network.device(), passRows, most, evaluators.size());
    }

    /**
     * Computes representations.
     *
     * @param rows the source of the pixels
     * @param from the index of the first row
     * @param into the representations, to be written; their number determines that of the inputs
     */
    public void represent(Rows rows, int from, Batch into) {
        int passes = passes(into.rows(), passRows);
        int workers = Math.min(evaluators.size(), Math.max(1, passes));
        Workers.run(workers, worker -> {
            var batch = pixels.get(worker);
            var represented = representations.get(worker);
            var inputs = new int[passRows];
            for (int pass = worker; pass < passes; pass += workers) {
                int start = pass * passRows;
                int count = Math.min(passRows, into.rows() - start);
                rows.read(from + start, count, batch, 0);
                for (int row = 0; row < count; row++) {
                    inputs[row] = rows.input(from + start + row);
                }
                evaluators.get(worker).represent(batch, inputs, represented);
                for (int row = 0; row < count; row++) {
                    into.copyRow(represented, row, start + row);
                }
            }
        });
    }

    /**
     * Returns why the network is not a function of its input, by a few passes of the first inputs
     * and of noise like that from which searches begin by default, with the side inputs of the
     * first.
     *
     * @param inputs the inputs, at least one
     */
    public Optional<Inconsistency> inconsistency(Inputs inputs) {
        int rows = Math.max(MOST_LARGE_ROWS, Math.min(passRows, MIXED_ROWS));
        var first = inputs.read(0, Math.min(rows, inputs.count()));
        var pass = Batch.allocate(rows, pixelShape);
        for (int row = 0; row < rows; row++) {
            int input = row % first.rows();
            pass.copyRow(first, input, row);
            boolean isNoise = row % 4 >= 2;
            if (!isNoise || network.model().takesWholeNumbers()) { // noise may be no token
                continue;
            }
            var fixed = inputs.facts().fixed(input);
            var noise = KeyedRandom.of(NOISE, row);
            for (int i = 0; i < pass.rowSize(); i++) {
                float value = Math.max(0, Math.min(1, (float) noise.nextGaussian()));
                pass.set(row, i, fixed.get(i) ? first.get(input, i) : value);
            }
        }
        return Inconsistency.of(
                batch -> {
                    var represented = Batch.allocate(batch.rows(), representationShape());
                    var evaluator = evaluators.get(0).ofRows(batch.rows());
                    evaluator.represent(batch, new int[batch.rows()], represented);
                    return represented;
                },
                pass,
                this::drewRandomNumbers);
    }

    /** Returns whether a pass since the previous call has drawn random numbers. */
    private boolean drewRandomNumbers() {
        return hooks.stream().filter(LayerHook::drawsRandomNumbers).count() > 0;
    }

    /**
     * Represents a few rows of the passes so far again.
     *
     * @return the refusal of the network if a row differs: it is not a function of its input
     */
    public Optional<DataException> change() {
        double difference = 0;
        boolean isBroken = false;
        for (var evaluator : evaluators) {
            for (var watch : evaluator.watches()) {
                difference = Math.max(difference, watch.repeat());
                isBroken |= watch.isBroken();
            }
        }
        return isBroken ? Optional.of(Inconsistency.refusal(network.name(), layer, difference)) : Optional.empty();
    }

    /** Lets passes differ: {@link #change} returns empty from now on. */
    public void ignoreChanges() {
        evaluators.forEach(evaluator -> evaluator.watches().forEach(PassWatch::stop));
    }

    @Override
    public void close() {
        try (var scope = new Scope()) {
            hooks.forEach(scope::own);
        }
    }
}
