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

/** A {@link DenseNetwork}, for tests, whose representation is an image with channels. */
public final class MapNetwork implements Model {
    private final DenseNetwork network;
    private final Shape input;
    private final Layer layer;

    public MapNetwork(long seed, Shape input, Shape map) {
        this.network = new DenseNetwork(seed, input, map.size());
        this.input = input;
        this.layer = new Layer("map", "Reshape", map);
    }

    @Override
    public InputSpec input() {
        return network.input();
    }

    @Override
    public List<Layer> layers(Shape shape) {
        return List.of(layer);
    }

    @Override
    public Optional<String> defaultLayer() {
        return Optional.of(layer.name());
    }

    @Override
    public LayerHook hook(String name, HookOptions options) {
        return new Map(network.hook("hidden", options), input, layer);
    }

    /** The representations of all rows at once. */
    public Batch represent(Batch pixels) {
        try (var hook = hook(layer.name(), new HookOptions(input))) {
            var representations = Batch.allocate(pixels.rows(), layer.shape());
            hook.represent(pixels, representations);
            return representations;
        }
    }

    @Override
    public void close() {
        network.close();
    }

    private record Map(LayerHook hidden, Shape inputShape, Layer layer) implements LayerHook {
        private Batch flat(Batch maps) {
            return maps.withRowShape(hidden.layer().shape());
        }

        @Override
        public boolean fakeRelu() {
            return false;
        }

        @Override
        public void represent(Batch inputs, Batch representations) {
            hidden.represent(inputs, flat(representations));
        }

        @Override
        public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
            hidden.pullback(inputs, flat(cotangents), gradients);
        }

        @Override
        public void close() {
            hidden.close();
        }
    }
}
