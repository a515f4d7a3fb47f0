package stir.core.inversion.optimizer.gaussnewton;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stir.api.Batch;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Model;
import stir.api.Norm;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.inversion.search.SearchFixture;
import stir.core.inversion.search.SearchedNetworks;
import stir.core.inversion.search.SearchedObjectives;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;

/** Searches for a unit that is off at all positions of the seed and on in the input. */
class ExtendedUnitsTest {
    private static final int SIDE = 64;
    private static final Shape PHOTO = Shape.of(1, SIDE, SIDE);
    private static final int UNITS = Schedule.MOST_WIDTH + 1;
    private static final int STEPS = 600;
    private static final double TOLERANCE = 0.02;

    /** A photo whose first quarter is bright, and whose other quarters are dark. */
    private static final Inputs BRIGHT = Inputs.of("bright", 1, PHOTO, (index, into, row) -> {
        for (int i = 0; i < PHOTO.size(); i++) {
            into.set(row, i, Pooled.quarter(i) == 0 ? 0.9f : 0.2f);
        }
    });

    /**
     * A network of means of ReLUs over the four quarters of a photo. With their mean brightness b,
     * the first unit has the values 4 (b - 0.85), the second b + 0.05, and all others b - 2.
     */
    private static final class Pooled implements Model {
        private static final int QUARTERS = 4;
        private final int units;
        private FakeRelu wanted = FakeRelu.NONE;

        Pooled(int units) {
            this.units = units;
        }

        static int quarter(int pixel) {
            return pixel % SIDE / (SIDE / 2) + pixel / SIDE / (SIDE / 2) * 2;
        }

        private static double slope(int unit) {
            return unit == 0 ? 4 : 1;
        }

        private static double shift(int unit) {
            return unit == 0 ? -3.4 : unit == 1 ? 0.05 : -2;
        }

        @Override
        public InputSpec input() {
            return new InputSpec("x", PHOTO, Layout.CHANNELS_FIRST, OptionalInt.empty());
        }

        @Override
        public List<Layer> layers(Shape shape) {
            return List.of(new Layer("pooled", "Mean", Shape.of(units)));
        }

        @Override
        public Optional<String> defaultLayer() {
            return Optional.of("pooled");
        }

        @Override
        public LayerHook hook(String layer, HookOptions options) {
            wanted = options.gradients() ? options.fakeRelu() : wanted;
            return new Hook(options.fakeRelu() == FakeRelu.EXTENDED, units);
        }

        @Override
        public void close() {}

        private record Hook(boolean fakeRelu, int units) implements LayerHook {
            @Override
            public Layer layer() {
                return new Layer("pooled", "Mean", Shape.of(units));
            }

            @Override
            public Shape inputShape() {
                return PHOTO;
            }

            private static double[] brightness(Batch inputs, int row) {
                var values = new float[PHOTO.size()];
                inputs.buffer().get(row * values.length, values);
                var means = new double[QUARTERS];
                for (int i = 0; i < values.length; i++) {
                    means[quarter(i)] += values[i] * QUARTERS / (double) values.length;
                }
                return means;
            }

            private int nearest(double[] brightness) {
                int nearest = 0;
                for (int quarter = 1; quarter < QUARTERS; quarter++) {
                    nearest = brightness[quarter] > brightness[nearest] ? quarter : nearest;
                }
                return nearest;
            }

            @Override
            public void represent(Batch inputs, Batch representations) {
                for (int row = 0; row < inputs.rows(); row++) {
                    var brightness = brightness(inputs, row);
                    for (int unit = 0; unit < units; unit++) {
                        double sum = 0;
                        for (double mean : brightness) {
                            sum += Math.max(0, slope(unit) * mean + shift(unit));
                        }
                        double best = slope(unit) * brightness[nearest(brightness)] + shift(unit);
                        boolean isOff = fakeRelu && best <= 0;
                        representations.set(row, unit, (float) ((isOff ? best : sum) / QUARTERS));
                    }
                }
            }

            @Override
            public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
                for (int row = 0; row < inputs.rows(); row++) {
                    var brightness = brightness(inputs, row);
                    int nearest = nearest(brightness);
                    var slopes = new double[QUARTERS];
                    for (int unit = 0; unit < units; unit++) {
                        double best = slope(unit) * brightness[nearest] + shift(unit);
                        for (int quarter = 0; quarter < QUARTERS; quarter++) {
                            boolean isOn = slope(unit) * brightness[quarter] + shift(unit) > 0;
                            if (isOn || (fakeRelu && best <= 0 && quarter == nearest)) {
                                slopes[quarter] += slope(unit) * cotangents.get(row, unit);
                            }
                        }
                    }
                    for (int i = 0; i < PHOTO.size(); i++) {
                        gradients.set(row, i, (float) (slopes[quarter(i)] / PHOTO.size()));
                    }
                }
            }

            @Override
            public void close() {}
        }
    }

    private static Inversion invert(Pooled model, Optimizer optimizer, boolean fakeRelu) {
        var settings = InversionSettings.of(optimizer.method())
                .withRngSeed(5)
                .withIterations(STEPS)
                .with(SearchOption.TOLERANCE, String.valueOf(TOLERANCE))
                .with(SearchOption.FAKE_RELU, String.valueOf(fakeRelu));
        return SearchFixture.of(model, BRIGHT, settings).withBatchSize(1).invert();
    }

    @ParameterizedTest
    @EnumSource(names = {"FAST", "THOROUGH"})
    void anInputIsFoundWithThemAndNotWithout(Optimizer optimizer) {
        var model = new Pooled(UNITS);
        var inversion = invert(model, optimizer, true);
        assertTrue(inversion.fakeRelu());
        assertTrue(inversion.residual(0) <= TOLERANCE, "residual " + inversion.residual(0));
        var own = invert(model, optimizer, false);
        assertFalse(own.fakeRelu());
        assertTrue(own.residual(0) > 4 * TOLERANCE, "without " + own.residual(0));
    }

    @Test
    void theResidualIsThatOfTheNetworksOwnValues() {
        var model = new Pooled(UNITS);
        var inversion = invert(model, Optimizer.FAST, true);
        try (var hook = model.hook("pooled", HookOptions.withoutGradients(PHOTO))) {
            var target = Batch.allocate(1, Shape.of(UNITS));
            var represented = Batch.allocate(1, Shape.of(UNITS));
            hook.represent(BRIGHT.read(0, 1), target);
            hook.represent(inversion.invariantInputs().read(0, 1), represented);
            var distance = new double[1];
            var norm = new double[1];
            Norm.L2.distances(represented, target, distance);
            Norm.L2.norms(target, norm);
            assertEquals(distance[0] / norm[0], inversion.residual(0), 1e-6);
        }
    }

    /** They have a descent and a bound, too. */
    @Test
    void inputsAreFoundWithThemAtNarrowLayers() {
        var model = new Pooled(4);
        var inversion = invert(model, Optimizer.THOROUGH, true);
        assertEquals(FakeRelu.EXTENDED, model.wanted);
        assertTrue(inversion.residual(0) <= TOLERANCE, "residual " + inversion.residual(0));
        assertTrue(inversion.movedAtLeast(0).orElseThrow() <= inversion.moved(0) * 1.00001);
        var own = invert(model, Optimizer.THOROUGH, false);
        assertTrue(own.residual(0) > 4 * TOLERANCE, "without " + own.residual(0));
    }

    @Test
    void shortSearchesHaveNone() {
        var model = new Pooled(UNITS);
        var settings = InversionSettings.of(Optimizer.THOROUGH.method()).withIterations(3);
        var spec = NetworkSpec.of(Path.of("pooled"));
        try (var network = Network.of("pooled", "", "test", model, spec);
                var searched = SearchedNetworks.of(network, BRIGHT, 1, settings, SearchedObjectives.NO_NETWORKS)) {
            assertEquals(FakeRelu.OF_LAYER, model.wanted);
            assertFalse(searched.reference().isExtended());
        }
    }
}
