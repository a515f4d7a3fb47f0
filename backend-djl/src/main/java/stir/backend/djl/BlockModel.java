package stir.backend.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Model;
import stir.api.Shape;
import stir.api.support.NearestNames;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A network of DJL blocks, which remain owned by the caller.
 *
 * @param inputShape the shape of one input
 */
record BlockModel(String name, NDManager manager, Shape inputShape, BlockTree tree)
        implements Model {
    private static final int IMAGE_RANK = 3;

    @Override
    public InputSpec input() {
        return new InputSpec(
                "input",
                inputShape,
                inputShape.rank() == IMAGE_RANK ? Layout.CHANNELS_FIRST : Layout.FLAT,
                OptionalInt.empty());
    }

    @Override
    public List<Layer> layers(Shape shape) {
        if (!shape.isKnown()) {
            return tree.names().stream()
                    .map(layer -> new Layer(layer, tree.kind(layer), Shape.of()))
                    .toList();
        }
        try {
            return GradientMode.run(
                    manager,
                    arrays -> {
                        var layers = new ArrayList<Layer>();
                        var inputs = NetworkHook.array(arrays, Batch.allocate(1, shape));
                        tree.run(
                                new NDList(BlockComputation.copy(inputs)),
                                (layer, values) -> layers.add(layer(layer, values)));
                        return layers;
                    });
        } catch (EngineException e) {
            throw Failures.ofFirstPass(e, name, "the output", shape);
        } catch (IllegalArgumentException e) { // DJL's blocks check their inputs themselves
            throw refusal(shape, e);
        }
    }

    private Layer layer(String layer, NDList values) {
        var dimensions = values.get(0).getShape().getShape();
        return new Layer(
                layer,
                tree.kind(layer),
                Shape.of(Arrays.stream(dimensions).skip(1).mapToInt(Math::toIntExact).toArray()));
    }

    private DataException refusal(Shape shape, RuntimeException e) {
        return new DataException(
                "The network %s does not accept inputs of shape %s: %s."
                        .formatted(name, shape, Failures.reason(e)),
                e);
    }

    @Override
    public Optional<String> defaultLayer() {
        return tree.classifierInput();
    }

    @Override
    public LayerHook hook(String layer, HookOptions options) {
        if (!tree.names().contains(layer)) {
            throw NearestNames.unknownLayer(layer, tree.names());
        }
        var relu = tree.relu(layer, options.fakeRelu());
        var computation = new BlockComputation(tree, layer, relu, manager.newSubManager());
        var request =
                new HookProbe.Request(
                        name,
                        layer,
                        tree.kind(layer),
                        options.input(),
                        relu.isPresent(),
                        false,
                        OptionalInt.empty(),
                        options.gradients());
        try {
            return HookProbe.open(computation, request, null);
        } catch (IllegalArgumentException e) {
            throw refusal(options.input(), e);
        }
    }

    @Override
    public Map<String, String> runtime() {
        return PyTorch.runtime(manager.getEngine(), manager.getDevice());
    }

    /** Does nothing: the caller owns the blocks, and the hooks own the rest. */
    @Override
    public void close() {}

    /** Returns the network's name, for messages. */
    @Override
    public String toString() {
        return name;
    }
}
