package stir.core.check;

import java.util.List;
import java.util.Map;
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
import stir.api.Norm;
import stir.api.Shape;

/**
 * {@code W2 relu(W1 x) + W3 x} for tests: many kinks, a parallel branch, and optionally a defect.
 *
 * @param defect the defect
 * @param seed of its weights
 * @param spec the input shape that it reports
 */
record KinkedNetwork(Defect defect, long seed, Shape spec) implements Model {
    static final Shape INPUT = Shape.of(3, 5, 5);
    static final String LAYER = "features";
    private static final int SIZE = INPUT.size();
    private static final int HIDDEN = 100;
    private static final int WIDTH = 20;
    private static final double PERIOD = 0.02;

    /** The possible defects. */
    enum Defect {
        NONE,
        /** None, but kinks are closer than the smallest step that rounding permits. */
        CLOSE_KINKS,
        /** The gradient omits the branch. */
        FORGOTTEN_BRANCH,
        /** The gradient is a tenth too long. */
        TOO_LONG,
        /** The gradient is a twentieth too long. */
        SLIGHTLY_LONG,
        /** The gradient is a twentieth too long or too short, by turns. */
        ALTERNATING,
        /** The gradient is 0 for half of the values. */
        HALVED,
        /** Only the gradient of the distance is wrong. */
        OTHER_DISTANCE,
        /** Representations are rounded, so that the gradient is meaningless. */
        ROUNDED,
        /** All inputs have the same representation. */
        CONSTANT,
        /** A value of the batch's first row is subtracted. */
        TRAINING,
        /** No two calls have the same result. */
        DROPOUT,
        /** One value is NaN. */
        NAN,
        /** The gradient is NaN, as that of a square root at 0. */
        NAN_GRADIENT,
        /** The gradient is NaN unless it is that of the representation itself. */
        NAN_GRADIENT_OF_DIFFERENCES,
        /** Only the gradient of the distance is NaN. */
        NAN_DISTANCE,
        /** Weights are a hundredth larger. */
        OTHER_WEIGHTS,
        /** Weights are a two-hundredth larger, and in half precision. */
        HALF,
        /** Weights are a fiftieth larger, and in half precision. */
        OTHER_HALF,
        /** None, but values are in another order. */
        OTHER_ORDER
    }

    @Override
    public InputSpec input() {
        return new InputSpec("x", spec, Layout.CHANNELS_FIRST, OptionalInt.empty());
    }

    @Override
    public Map<String, String> origin() {
        return defect == Defect.HALF || defect == Defect.OTHER_HALF
                ? Map.of("format", "test", "precision", "float16")
                : Map.of("format", "test");
    }

    @Override
    public List<Layer> layers(Shape input) {
        return List.of(
                Layer.refused("conv", "Conv", Shape.of(WIDTH), "It is merged."),
                new Layer("argmax", "ArgMax", Shape.of(1), Optional.of("ArgMax has no gradient.")),
                new Layer(LAYER, "Dense", Shape.of(WIDTH)));
    }

    @Override
    public Optional<String> defaultLayer() {
        return Optional.of(LAYER);
    }

    @Override
    public LayerHook hook(String layer, HookOptions options) {
        return new Hook(defect, seed);
    }

    @Override
    public void close() {}

    private static final class Hook implements LayerHook {
        private final Defect defect;
        private final float[][] first = new float[HIDDEN][SIZE];
        private final float[][] second = new float[WIDTH][HIDDEN];
        private final float[][] branch = new float[WIDTH][SIZE];
        private int calls;

        Hook(Defect defect, long seed) {
            this.defect = defect;
            var random = new Random(seed);
            for (var weights : List.of(first, second, branch)) {
                for (var row : weights) {
                    for (int i = 0; i < row.length; i++) {
                        row[i] = (float) (random.nextGaussian() / Math.sqrt(row.length));
                    }
                }
            }
        }

        @Override
        public Layer layer() {
            return new Layer(LAYER, "Dense", Shape.of(WIDTH));
        }

        @Override
        public Shape inputShape() {
            return INPUT;
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

        private double hidden(float[] values, int unit) {
            double sum = 0;
            for (int i = 0; i < SIZE; i++) {
                sum += first[unit][i] * (values[i] - 0.5);
            }
            return sum;
        }

        @Override
        public void represent(Batch inputs, Batch representations) {
            calls++;
            for (int row = 0; row < inputs.rows(); row++) {
                var values = row(inputs, row);
                var hidden = new double[HIDDEN];
                for (int unit = 0; unit < HIDDEN; unit++) {
                    hidden[unit] = activation(hidden(values, unit));
                }
                for (int j = 0; j < WIDTH; j++) {
                    double sum = 0;
                    for (int unit = 0; unit < HIDDEN; unit++) {
                        sum += second[j][unit] * hidden[unit];
                    }
                    for (int i = 0; i < SIZE; i++) {
                        sum += branch[j][i] * values[i];
                    }
                    int at = defect == Defect.OTHER_ORDER ? WIDTH - 1 - j : j;
                    representations.set(row, at, (float) spoilt(sum, inputs, j));
                }
            }
        }

        /** Applies ReLU, or a triangle wave. */
        private double activation(double value) {
            return defect == Defect.CLOSE_KINKS
                    ? Math.abs(value - PERIOD * Math.rint(value / PERIOD))
                    : Math.max(0, value);
        }

        private double slope(double value) {
            return defect == Defect.CLOSE_KINKS
                    ? Math.signum(value - PERIOD * Math.rint(value / PERIOD))
                    : value > 0 ? 1 : 0;
        }

        private double spoilt(double value, Batch inputs, int unit) {
            return switch (defect) {
                case ROUNDED -> Math.rint(value * 4);
                case CLOSE_KINKS -> value + 50;
                case CONSTANT -> unit;
                case TRAINING -> value - inputs.get(0, 0) * inputs.rows();
                case DROPOUT -> (unit + calls) % 2 == 0 ? 0 : value;
                case NAN -> unit == 1 ? Double.NaN : value;
                case OTHER_WEIGHTS -> value * 1.01;
                case HALF -> value * 1.005;
                case OTHER_HALF -> value * 1.02;
                default -> value;
            };
        }

        @Override
        public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
            boolean isUndefined = isUndefined(inputs, cotangents);
            for (int row = 0; row < inputs.rows(); row++) {
                var values = row(inputs, row);
                var slopes = row(cotangents, row);
                var sums = new double[SIZE];
                for (int unit = 0; unit < HIDDEN; unit++) {
                    double back = 0;
                    for (int j = 0; j < WIDTH; j++) {
                        back += second[j][unit] * slopes[j];
                    }
                    back *= slope(hidden(values, unit));
                    for (int i = 0; i < SIZE; i++) {
                        sums[i] += first[unit][i] * back;
                    }
                }
                for (int j = 0; j < WIDTH && defect != Defect.FORGOTTEN_BRANCH; j++) {
                    for (int i = 0; i < SIZE; i++) {
                        sums[i] += branch[j][i] * slopes[j];
                    }
                }
                if (isUndefined) {
                    sums[0] = Double.NaN;
                }
                for (int i = 0; i < SIZE; i++) {
                    double factor = switch (defect) {
                        case TOO_LONG -> 1.1;
                        case SLIGHTLY_LONG -> 1.05;
                        case ALTERNATING -> i % 2 == 0 ? 1.05 : 0.95;
                        case HALVED -> i % 2 == 0 ? 1 : 0;
                        default -> 1;
                    };
                    gradients.set(row, i, (float) (factor * sums[i]));
                }
            }
        }

        private boolean isUndefined(Batch inputs, Batch cotangents) {
            if (defect != Defect.NAN_GRADIENT_OF_DIFFERENCES) {
                return defect == Defect.NAN_GRADIENT;
            }
            var representations = Batch.allocate(inputs.rows(), cotangents.rowShape());
            represent(inputs, representations);
            return HookProbe.difference(representations, cotangents) > 0;
        }

        @Override
        public void distance(Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
            LayerHook.super.distance(inputs, targets, norm, distances, gradients);
            if (defect == Defect.OTHER_DISTANCE) {
                gradients.set(0, 0, gradients.get(0, 0) + 1);
            } else if (defect == Defect.NAN_DISTANCE) {
                gradients.set(0, 0, Float.NaN);
            }
        }

        @Override
        public void close() {}
    }
}
