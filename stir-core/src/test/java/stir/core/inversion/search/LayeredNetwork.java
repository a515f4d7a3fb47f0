package stir.core.inversion.search;

import java.util.List;
import java.util.Optional;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Model;
import stir.api.Shape;

/**
 * Several {@link DenseNetwork}s side by side, for tests: layers "0", "1" and so on of one model.
 */
final class LayeredNetwork implements Model {
    private final List<DenseNetwork> layers;

    LayeredNetwork(DenseNetwork... layers) {
        this.layers = List.of(layers);
    }

    @Override
    public InputSpec input() {
        return layers.get(0).input();
    }

    @Override
    public List<Layer> layers(Shape shape) {
        return layers.stream().map(layer -> layer.layers(shape).get(0)).toList();
    }

    @Override
    public Optional<String> defaultLayer() {
        return Optional.of("0");
    }

    @Override
    public LayerHook hook(String layer, HookOptions options) {
        return layers.get(Integer.parseInt(layer)).hook("hidden", options);
    }

    @Override
    public void close() {
        layers.forEach(DenseNetwork::close);
    }
}
