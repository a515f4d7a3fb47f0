package org.example.__package__;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Model;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.support.NearestNames;
import stir.api.support.RuntimeFacts;

/** A model of one linear layer. It holds no native memory, and its hooks hold no state. */
final class LinearModel implements Model {
    private final float[][] weights;
    private final Shape input;
    private final Layer layer;

    /** Creates a model of weights with a row per output. */
    LinearModel(float[][] weights) {
        this.weights = weights;
        input = Shape.of(weights[0].length);
        layer = new Layer("linear", "Linear", Shape.of(weights.length));
    }

    @Override
    public InputSpec input() {
        return new InputSpec("input", input, Layout.FLAT, OptionalInt.empty());
    }

    @Override
    public List<Layer> layers(Shape shape) {
        checkInput(shape);
        return List.of(layer);
    }

    @Override
    public Optional<String> defaultLayer() {
        return Optional.of(layer.name());
    }

    /** Returns the library's name and version, and the processor: results depend on both. */
    @Override
    public Map<String, String> runtime() {
        return RuntimeFacts.of("__id__ 1.0", Device.CPU);
    }

    @Override
    public LayerHook hook(String name, HookOptions options) {
        if (!name.equals(layer.name())) {
            throw new UsageException(NearestNames.sentence("layer", name, List.of(layer.name())));
        }
        checkInput(options.input());
        return new Hook();
    }

    private void checkInput(Shape shape) {
        if (!input.equals(shape)) {
            throw new DataException("The model takes inputs of %s values, not of shape %s.".formatted(input, shape));
        }
    }

    @Override
    public void close() {}

    /** The layer as a function of the input. Stir's guard has checked the shapes of batches. */
    private final class Hook implements LayerHook {
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
            return false; // there is no ReLU
        }

        @Override
        public void represent(Batch inputs, Batch representations) {
            for (int row = 0; row < inputs.rows(); row++) {
                for (int output = 0; output < weights.length; output++) {
                    float sum = 0;
                    for (int i = 0; i < input.size(); i++) {
                        sum += weights[output][i] * inputs.get(row, i);
                    }
                    representations.set(row, output, sum);
                }
            }
        }

        @Override
        public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
            for (int row = 0; row < inputs.rows(); row++) {
                for (int i = 0; i < input.size(); i++) {
                    float sum = 0;
                    for (int output = 0; output < weights.length; output++) {
                        sum += weights[output][i] * cotangents.get(row, output);
                    }
                    gradients.set(row, i, sum);
                }
            }
        }

        @Override
        public void close() {}
    }
}
