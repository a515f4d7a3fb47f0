package stir.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import stir.api.BackendProvider;
import stir.api.Batch;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.Recognition;
import stir.api.Shape;
import stir.api.support.NearestNames;

/**
 * Runs files that end in {@code .tiny} and hold a number, the random seed of the weights: one
 * linear layer, called {@code hidden}, of images of 4 x 4, the first units of which are the layer
 * {@code logits}. With the word {@code flat} after the number it takes vectors of as many values.
 */
public final class TinyBackend implements BackendProvider {
    static final Shape INPUT = Shape.of(1, 4, 4);
    private static final int WIDTH = 6;
    private static final int CLASSES = 3;

    @Override
    public String id() {
        return "tiny";
    }

    @Override
    public String description() {
        return "Linear networks for tests";
    }

    @Override
    public Recognition recognise(Path file) {
        return file.toString().endsWith(".tiny") ? Recognition.BY_NAME : Recognition.NONE;
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("gain", "what representations are multiplied with");
    }

    @Override
    public List<Device> devices(Path cache) {
        return List.of(Device.CPU);
    }

    @Override
    public Model open(Path file, ModelOptions options) {
        try {
            var words = Files.readString(file).trim().split(" ", -1);
            var random = new Random(Long.parseLong(words[0]));
            var weights = new float[WIDTH][INPUT.size()];
            float gain = Float.parseFloat(options.settings().getOrDefault("gain", "1"));
            for (float[] row : weights) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = gain * (float) random.nextGaussian();
                }
            }
            return new TinyModel(words.length > 1 ? Shape.of(INPUT.size()) : INPUT, weights);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class TinyModel implements Model {
        private static final Layer HIDDEN = new Layer("hidden", "Linear", Shape.of(WIDTH));
        private static final Layer LOGITS = new Layer("logits", "Slice", Shape.of(CLASSES));

        private final Shape input;
        private final float[][] weights;

        TinyModel(Shape input, float[][] weights) {
            this.input = input;
            this.weights = weights;
        }

        @Override
        public InputSpec input() {
            var layout = input.rank() == 1 ? Layout.FLAT : Layout.CHANNELS_FIRST;
            return new InputSpec("x", input, layout, OptionalInt.empty());
        }

        @Override
        public List<Layer> layers(Shape input) {
            return List.of(
                    HIDDEN,
                    new Layer("classes", "ArgMax", Shape.of(1), Optional.of("ArgMax has no derivative")),
                    LOGITS);
        }

        @Override
        public Optional<String> defaultLayer() {
            return Optional.of(HIDDEN.name());
        }

        @Override
        public LayerHook hook(String layer, HookOptions options) {
            if (layer.equals(LOGITS.name())) {
                return new TinyHook(input, LOGITS, Arrays.copyOf(weights, CLASSES));
            }
            if (!layer.equals(HIDDEN.name())) {
                throw NearestNames.unknownLayer(layer, List.of(HIDDEN.name()));
            }
            return new TinyHook(input, HIDDEN, weights);
        }

        @Override
        public void close() {}
    }

    private static final class TinyHook implements LayerHook {
        private final Shape input;
        private final Layer layer;
        private final float[][] weights;

        TinyHook(Shape input, Layer layer, float[][] weights) {
            this.input = input;
            this.layer = layer;
            this.weights = weights;
        }

        @Override
        public Layer layer() {
            return layer;
        }

        @Override
        public Shape inputShape() {
            return input;
        }

        @Override
        public boolean fakeRelu() {
            return false;
        }

        /** Returns a row as an array, which is read many times faster. */
        private static float[] row(Batch batch, int row) {
            var values = new float[batch.rowSize()];
            batch.buffer().get(row * values.length, values);
            return values;
        }

        @Override
        public void represent(Batch inputs, Batch representations) {
            for (int row = 0; row < inputs.rows(); row++) {
                var values = row(inputs, row);
                for (int j = 0; j < weights.length; j++) {
                    float sum = 0;
                    for (int i = 0; i < values.length; i++) {
                        sum += weights[j][i] * values[i];
                    }
                    representations.set(row, j, sum);
                }
            }
        }

        @Override
        public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
            for (int row = 0; row < inputs.rows(); row++) {
                var slopes = row(cotangents, row);
                for (int i = 0; i < inputs.rowSize(); i++) {
                    float sum = 0;
                    for (int j = 0; j < weights.length; j++) {
                        sum += weights[j][i] * slopes[j];
                    }
                    gradients.set(row, i, sum);
                }
            }
        }

        @Override
        public void close() {}
    }
}
