package stir.core.check;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Model;
import stir.api.Shape;
import stir.core.check.KinkedNetwork.Defect;

/**
 * A network of many layers with the same representation, for tests.
 *
 * @param count the number of layers
 * @param hooks counts the hooks at layers
 */
record DeepNetwork(int count, AtomicInteger hooks) implements Model {
    private static final KinkedNetwork ONE = new KinkedNetwork(Defect.NONE, 1, KinkedNetwork.INPUT);

    @Override
    public InputSpec input() {
        return ONE.input();
    }

    @Override
    public List<Layer> layers(Shape input) {
        var shape =
                ONE.hook(KinkedNetwork.LAYER, new HookOptions(input)).layer().shape();
        return IntStream.range(0, count)
                .mapToObj(i -> new Layer("l" + i, "Dense", shape))
                .toList();
    }

    @Override
    public Optional<String> defaultLayer() {
        return Optional.of("l" + (count - 1));
    }

    @Override
    public LayerHook hook(String layer, HookOptions options) {
        hooks.incrementAndGet();
        return ONE.hook(layer, options);
    }

    @Override
    public void close() {}
}
