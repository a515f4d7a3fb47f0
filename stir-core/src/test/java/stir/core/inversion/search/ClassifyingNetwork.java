package stir.core.inversion.search;

import java.util.List;
import java.util.Optional;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Model;
import stir.api.Shape;

/**
 * A {@link DenseNetwork}, for tests, whose first values are its classes: behind the layer {@code
 * hidden} come {@code map}, which is no vector, {@code classes}, {@code score}, which is a single
 * value, and {@code argmax}, which has no gradient.
 */
public final class ClassifyingNetwork implements Model {
    static final int CLASSES = 3;

    private static final Layer LAYER = new Layer("classes", "Slice", Shape.of(CLASSES));

    private final DenseNetwork network;
    private final Shape input;

    public ClassifyingNetwork(long seed, Shape input, int width) {
        this.network = new DenseNetwork(seed, input, width);
        this.input = input;
    }

    @Override
    public InputSpec input() {
        return network.input();
    }

    @Override
    public List<Layer> layers(Shape shape) {
        return List.of(
                network.layers(shape).get(0),
                new Layer("map", "Reshape", Shape.of(CLASSES, 1, 1)),
                LAYER,
                new Layer("score", "Sum", Shape.of(1)),
                new Layer("argmax", "ArgMax", Shape.of(5), Optional.of("It has no gradient")));
    }

    @Override
    public Optional<String> defaultLayer() {
        return network.defaultLayer();
    }

    @Override
    public LayerHook hook(String layer, HookOptions options) {
        var hidden = network.hook("hidden", options);
        return layer.equals("hidden") ? hidden : new Classes(hidden, input);
    }

    @Override
    public void close() {
        network.close();
    }

    private record Classes(LayerHook hidden, Shape inputShape) implements LayerHook {
        @Override
        public Layer layer() {
            return LAYER;
        }

        @Override
        public boolean fakeRelu() {
            return false;
        }

        @Override
        public void represent(Batch inputs, Batch representations) {
            var all = Batch.allocate(inputs.rows(), hidden.layer().shape());
            hidden.represent(inputs, all);
            for (int row = 0; row < inputs.rows(); row++) {
                for (int i = 0; i < CLASSES; i++) {
                    representations.set(row, i, all.get(row, i));
                }
            }
        }

        @Override
        public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
            throw new UnsupportedOperationException("Classes are read, never inverted");
        }

        @Override
        public void close() {
            hidden.close();
        }
    }
}
