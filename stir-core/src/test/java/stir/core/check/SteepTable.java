package stir.core.check;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Model;
import stir.api.Shape;

/**
 * Splits of soft trees for tests: sigmoids of weighted sums of standardised columns.
 *
 * @param widths of the columns, repeated
 */
record SteepTable(List<Double> widths) implements Model {
    static final int COLUMNS = 12;
    private static final String LAYER = "splits";
    private static final int SPLITS = 24;
    private static final double STEEPNESS = 4;

    @Override
    public InputSpec input() {
        return new InputSpec("x", Shape.of(COLUMNS), Layout.FLAT, OptionalInt.empty());
    }

    @Override
    public List<Layer> layers(Shape input) {
        return List.of(new Layer(LAYER, "Dense", Shape.of(SPLITS)));
    }

    @Override
    public Optional<String> defaultLayer() {
        return Optional.of(LAYER);
    }

    @Override
    public LayerHook hook(String layer, HookOptions options) {
        return new Hook(widths);
    }

    @Override
    public void close() {}

    private static final class Hook implements LayerHook {
        private final double[][] weights = new double[SPLITS][COLUMNS];
        private final List<Double> widths;

        Hook(List<Double> widths) {
            this.widths = widths;
            var random = new Random(1);
            for (var row : weights) {
                for (int i = 0; i < COLUMNS; i++) {
                    row[i] = STEEPNESS * random.nextGaussian();
                }
            }
        }

        private double width(int column) {
            return widths.get(column % widths.size());
        }

        private double split(Batch inputs, int row, int split) {
            double sum = 0;
            for (int i = 0; i < COLUMNS; i++) {
                sum += weights[split][i] * (inputs.get(row, i) / width(i) - 0.5);
            }
            return 1 / (1 + Math.exp(-sum));
        }

        @Override
        public Layer layer() {
            return new Layer(LAYER, "Dense", Shape.of(SPLITS));
        }

        @Override
        public Shape inputShape() {
            return Shape.of(COLUMNS);
        }

        @Override
        public boolean fakeRelu() {
            return false;
        }

        @Override
        public void represent(Batch inputs, Batch representations) {
            for (int row = 0; row < inputs.rows(); row++) {
                for (int j = 0; j < SPLITS; j++) {
                    representations.set(row, j, (float) split(inputs, row, j));
                }
            }
        }

        @Override
        public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
            for (int row = 0; row < inputs.rows(); row++) {
                var sums = new double[COLUMNS];
                for (int j = 0; j < SPLITS; j++) {
                    double value = split(inputs, row, j);
                    for (int i = 0; i < COLUMNS; i++) {
                        double slope = value * (1 - value) * weights[j][i] / width(i);
                        sums[i] += slope * cotangents.get(row, j);
                    }
                }
                for (int i = 0; i < COLUMNS; i++) {
                    gradients.set(row, i, (float) sums[i]);
                }
            }
        }

        @Override
        public void close() {}
    }
}
