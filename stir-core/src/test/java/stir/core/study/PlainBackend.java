package stir.core.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import stir.api.BackendProvider;
import stir.api.Batch;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.Recognition;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.support.NearestNames;
import stir.core.inversion.search.DenseNetwork;
import stir.core.network.ForwardingHook;

/**
 * Runs files that end in {@code .plain} and hold a number, the random seed of the weights: a
 * network in plain Java with two layers side by side, {@code hidden} and {@code block 1/logits}.
 * After the number, {@code changing}, {@code mixing} or {@code mixing-noise} makes it no function
 * of its input, and {@code drawing} draws random numbers. With {@code free} it takes images of any
 * size and has no default layer. With {@code headed}, its logits are those of the head of {@code
 * hidden} that another file with the same number and {@code head} holds; {@code scalar} is a head
 * of one output, and {@code mixing-head} one that mixes its rows.
 */
public final class PlainBackend implements BackendProvider {
    static final Shape INPUT = Shape.of(1, 4, 4);
    static final String HIDDEN = "hidden";
    static final String LOGITS = "block 1/logits";
    static final int WIDTH = 6;
    static final int CLASSES = 3;

    @Override
    public String id() {
        return "plain";
    }

    @Override
    public String description() {
        return "Networks in plain Java for tests";
    }

    @Override
    public Recognition recognise(Path file) {
        return file.toString().endsWith(".plain") ? Recognition.BY_NAME : Recognition.NONE;
    }

    @Override
    public List<Device> devices(Path cache) {
        return List.of(Device.CPU);
    }

    @Override
    public Model open(Path file, ModelOptions options) {
        try {
            var words = Files.readString(file).trim().split(" ", -1);
            return new PlainModel(Long.parseLong(words[0]), words.length > 1 ? words[1] : "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class PlainModel implements Model {
        private final Map<String, DenseNetwork> networks;
        private final String defect;

        PlainModel(long seed, String defect) {
            this.defect = defect;
            networks = switch (defect) {
                case "head", "mixing-head" -> Map.of(LOGITS, head(seed, CLASSES));
                case "scalar" -> Map.of(LOGITS, head(seed, 1));
                case "headed" -> Map.of(HIDDEN, new DenseNetwork(seed, INPUT, WIDTH), LOGITS, head(seed, CLASSES));
                default ->
                    Map.of(
                            HIDDEN, new DenseNetwork(seed, INPUT, WIDTH),
                            LOGITS, new DenseNetwork(seed + 1000, INPUT, CLASSES));
            };
        }

        private static DenseNetwork head(long seed, int outputs) {
            return new DenseNetwork(seed + 2000, Shape.of(WIDTH), outputs);
        }

        @Override
        public InputSpec input() {
            var input = network(isHead() ? LOGITS : HIDDEN).input();
            var free = Shape.of(1, Shape.UNKNOWN, Shape.UNKNOWN);
            return isFree() ? new InputSpec(input.name(), free, input.layout(), input.batch()) : input;
        }

        private boolean isHead() {
            return !networks.containsKey(HIDDEN);
        }

        private boolean isFree() {
            return defect.equals("free");
        }

        private DenseNetwork network(String layer) {
            var network = networks.get(layer);
            if (network == null) {
                throw new UsageException(NearestNames.sentence("layer", layer, List.of(HIDDEN, LOGITS)));
            }
            return network;
        }

        @Override
        public List<Layer> layers(Shape input) {
            if (!input.isKnown()) {
                throw new UsageException("The sizes are unknown: specify the shape.");
            }
            if (isHead()) {
                return List.of(new Layer(
                        LOGITS, "Dense", network(LOGITS).layers(input).get(0).shape()));
            }
            return List.of(new Layer(HIDDEN, "Dense", Shape.of(WIDTH)), new Layer(LOGITS, "Dense", Shape.of(CLASSES)));
        }

        @Override
        public Optional<String> defaultLayer() {
            return Optional.of(HIDDEN).filter(hidden -> !isFree());
        }

        @Override
        public LayerHook hook(String layer, HookOptions options) {
            if (defect.equals("headed") && layer.equals(LOGITS)) {
                return new HeadedHook(
                        network(HIDDEN).hook(HIDDEN, options), network(LOGITS).hook(HIDDEN, options));
            }
            var hook = network(layer).hook(HIDDEN, options);
            boolean isSoundHead = isHead() && !defect.equals("mixing-head");
            return isSoundHead || defect.equals("headed") || defect.isEmpty() || isFree()
                    ? hook
                    : new InconsistentHook(hook, defect);
        }

        @Override
        public void close() {
            networks.values().forEach(DenseNetwork::close);
        }
    }

    /** A hook behind a head, without gradients. */
    private static final class HeadedHook extends ForwardingHook {
        private final LayerHook head;

        HeadedHook(LayerHook hidden, LayerHook head) {
            super(hidden);
            this.head = head;
        }

        @Override
        public Layer layer() {
            return head.layer();
        }

        @Override
        public void represent(Batch inputs, Batch representations) {
            var hidden = Batch.allocate(inputs.rows(), Shape.of(WIDTH));
            super.represent(inputs, hidden);
            head.represent(hidden, representations);
        }
    }

    /** A hook that adds the number of its passes, or the sum of its last row. */
    private static final class InconsistentHook extends ForwardingHook {
        private final boolean changes;
        private final boolean ofNoise;
        private final boolean draws;
        private final AtomicInteger passes = new AtomicInteger();

        InconsistentHook(LayerHook hook, String defect) {
            super(hook);
            this.changes = defect.equals("changing");
            this.ofNoise = defect.equals("mixing-noise");
            this.draws = defect.equals("drawing");
        }

        private static float sum(Batch batch, int row) {
            float sum = 0;
            for (int i = 0; i < batch.rowSize(); i++) {
                sum += batch.get(row, i);
            }
            return sum;
        }

        @Override
        public boolean drawsRandomNumbers() {
            return draws;
        }

        @Override
        public void represent(Batch inputs, Batch representations) {
            super.represent(inputs, representations);
            if (draws) { // numbers that change nothing
                return;
            }
            float added = changes ? passes.incrementAndGet() : sum(inputs, inputs.rows() - 1);
            for (int row = 0; row < inputs.rows(); row++) {
                float grey = inputs.get(row, 0) * inputs.rowSize();
                if (!ofNoise || Math.abs(sum(inputs, row) - grey) > 0.1f) {
                    representations.set(row, 0, representations.get(row, 0) + added);
                }
            }
        }
    }
}
