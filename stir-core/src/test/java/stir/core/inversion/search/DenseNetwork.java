package stir.core.inversion.search;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Model;
import stir.api.Shape;

/**
 * A network in plain Java, for tests: one dense layer and a smooth non-linearity or none, computed
 * row by row.
 */
public final class DenseNetwork implements Model {
    private final Shape input;
    private final int width;
    private final double[] weights;
    private final boolean linear;
    private final boolean differentiable;
    private boolean closed;

    public DenseNetwork(long seed, Shape input, int width) {
        this(seed, input, width, false, true);
    }

    /** A network that refuses hooks with gradients. */
    static DenseNetwork withoutGradients(long seed, Shape input, int width) {
        return new DenseNetwork(seed, input, width, false, false);
    }

    /** A network without non-linearity. */
    public static DenseNetwork linear(long seed, Shape input, int width) {
        return new DenseNetwork(seed, input, width, true, true);
    }

    private DenseNetwork(long seed, Shape input, int width, boolean linear, boolean differentiable) {
        this.linear = linear;
        this.differentiable = differentiable;
        this.input = input;
        this.width = width;
        var random = new Random(seed);
        weights = random.doubles((long) width * input.size(), -1, 1).toArray();
    }

    @Override
    public InputSpec input() {
        return new InputSpec("x", input, input.rank() == 3 ? Layout.CHANNELS_FIRST : Layout.FLAT, OptionalInt.empty());
    }

    @Override
    public List<Layer> layers(Shape shape) {
        return List.of(new Layer("hidden", "Dense", Shape.of(width)));
    }

    @Override
    public Optional<String> defaultLayer() {
        return Optional.of("hidden");
    }

    @Override
    public LayerHook hook(String layer, HookOptions options) {
        if (options.gradients() && !differentiable) {
            throw new DataException("There are no gradients.");
        }
        return new Hook();
    }

    @Override
    public void close() {
        closed = true;
    }

    public boolean isClosed() {
        return closed;
    }

    private final class Hook implements LayerHook {
        @Override
        public Layer layer() {
            return new Layer("hidden", "Dense", Shape.of(width));
        }

        @Override
        public Shape inputShape() {
            return input;
        }

        @Override
        public boolean fakeRelu() {
            return false;
        }

        private float[] row(Batch inputs, int row) {
            var values = new float[input.size()];
            inputs.buffer().get(row * values.length, values);
            return values;
        }

        private double sum(float[] values, int unit) {
            int from = unit * values.length;
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += weights[from + i] * values[i];
            }
            return sum;
        }

        @Override
        public void represent(Batch inputs, Batch representations) {
            for (int row = 0; row < inputs.rows(); row++) {
                var values = row(inputs, row);
                for (int unit = 0; unit < width; unit++) {
                    double sum = sum(values, unit);
                    representations.set(row, unit, (float) (linear ? sum : Math.tanh(sum)));
                }
            }
        }

        @Override
        public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
            for (int row = 0; row < inputs.rows(); row++) {
                var values = row(inputs, row);
                var sums = new double[values.length];
                for (int unit = 0; unit < width; unit++) {
                    double value = linear ? 0 : Math.tanh(sum(values, unit));
                    double slope = (1 - value * value) * cotangents.get(row, unit);
                    for (int i = 0; i < sums.length; i++) {
                        sums[i] += slope * weights[unit * sums.length + i];
                    }
                }
                for (int i = 0; i < sums.length; i++) {
                    gradients.set(row, i, (float) sums[i]);
                }
            }
        }

        @Override
        public void close() {}
    }
}
