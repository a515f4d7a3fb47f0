package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Norm;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.SearchOption;
import stir.core.inversion.optimizer.Pass;
import stir.core.inversion.optimizer.UpdateRule;
import stir.core.inversion.optimizer.UpdateState;
import stir.core.inversion.optimizer.reference.ObjectiveRule;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.pass.CutNetwork;
import stir.core.runtime.progress.ProgressListener;

/** The gradients of every objective, and their estimates, against the objective's value. */
class ObjectiveGradientsTest extends SearchedObjectives {
    static Stream<String> objectives() {
        return OBJECTIVES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void gradientsAreThoseOfTheValue(String name) {
        for (int layers = 1; layers <= 3; layers += 2) {
            for (double p : new double[] {1, 2, 3.5, Double.POSITIVE_INFINITY}) {
                var settings = descent(objective(name)).with(SearchOption.NORM, new Norm(p).toString());
                try (var setting = Setting.of(settings, layers, 1)) {
                    checkGradient(settings, setting.searched(), name + ", p = " + p);
                }
            }
        }
    }

    private static void checkGradient(InversionSettings settings, SearchedNetworks searched, String objective) {
        var hooked = searched.reference();
        var inputs = new SearchFixture.Noise(9, SHAPE);
        var seeds = new SeedSource(settings.seed(), settings.rngSeed(), inputs);
        checkGradient(
                new UpdateRules(settings, searched, inputs, TermCatalogue.ofApplication(), seeds).of(0, 25),
                settings,
                hooked,
                objective);
    }

    private static <S extends UpdateState> void checkGradient(
            UpdateRule<S> rule, InversionSettings settings, CutNetwork hooked, String objective) {
        var inputs = new SearchFixture.Noise(9, SHAPE);
        var points = Batch.allocate(25, SHAPE);
        var targets = Batch.allocate(25, hooked.representationShape());
        hooked.represent(inputs, 0, targets.slice(0, 2));
        var begun = new ArrayList<S>();
        for (int slot = 0; slot < 2; slot++) {
            inputs.read(slot + 4, points, slot);
            begun.add(rule.begin(slot, points.slice(slot, slot + 1).toArray()));
        }
        var gradients = Batch.allocate(25, SHAPE);
        values(rule, begun, settings, hooked, points, targets, gradients);
        var expected = gradients.copy();
        float step = 5e-4f;
        for (int i = 0; i < points.rowSize(); i++) {
            var sides = new double[2][];
            for (int side = 0; side < 2; side++) {
                for (int slot = 0; slot < 2; slot++) {
                    points.set(slot, i, points.get(slot, i) + (side == 0 ? step : -2 * step));
                }
                sides[side] = values(rule, begun, settings, hooked, points, targets, gradients);
            }
            for (int slot = 0; slot < 2; slot++) {
                points.set(slot, i, points.get(slot, i) + step);
                assertEquals(
                        (sides[0][slot] - sides[1][slot]) / (2 * step),
                        scale(rule, settings, targets, slot) * expected.get(slot, i),
                        3e-3,
                        objective + ", pixel " + i);
            }
        }
    }

    /** The distance alone is differentiated as it is, all else relative to the target. */
    private static double scale(UpdateRule<?> rule, InversionSettings settings, Batch targets, int slot) {
        if (rule instanceof ObjectiveRule) {
            return 1;
        }
        var norms = new double[targets.rows()];
        settings.norm().norms(targets, norms);
        return 1 / norms[slot];
    }

    private static <S extends UpdateState> double[] values(
            UpdateRule<S> rule,
            List<S> begun,
            InversionSettings settings,
            CutNetwork hooked,
            Batch points,
            Batch targets,
            Batch gradients) {
        var distances = new double[25];
        var norms = new double[25];
        settings.norm().norms(targets, norms);
        rule.differentiate(
                new Pass(
                        hooked.evaluators().get(0),
                        points,
                        new int[points.rows()],
                        targets,
                        settings.norm(),
                        distances,
                        gradients),
                begun);
        var values = new double[2];
        for (int slot = 0; slot < 2; slot++) {
            var steps = begun.get(slot);
            values[slot] = steps.value(steps.residual(distances[slot] / norms[slot]), false);
        }
        return values;
    }

    /** With 500 directions among 20 pixels, an estimate is usually within a fifth. */
    @ParameterizedTest
    @ValueSource(strings = {"controversial", "controversial-auto", "all"})
    void estimatesAreGradientsOnAverage(String name) {
        var settings = descent(objective(name));
        var exact = gradient(settings);
        var estimated = gradient(settings.with(SearchOption.ESTIMATE_GRADIENTS, "1000:0.01"));
        double length = 0;
        double difference = 0;
        for (int i = 0; i < exact.length; i++) {
            length += exact[i] * exact[i];
            difference += (exact[i] - estimated[i]) * (exact[i] - estimated[i]);
        }
        assertTrue(difference > 0, "no estimate is exact");
        assertTrue(Math.sqrt(difference) < 0.4 * Math.sqrt(length), difference + " of " + length);
    }

    private static float[] gradient(InversionSettings settings) {
        try (var setting = Setting.of(settings, 3, 1)) {
            var inputs = new SearchFixture.Noise(9, SHAPE);
            var rule = new UpdateRules(
                            settings,
                            setting.searched(),
                            inputs,
                            TermCatalogue.ofApplication(),
                            new SeedSource(settings.seed(), settings.rngSeed(), inputs))
                    .of(0, 25);
            return gradient(rule, settings, setting.searched().reference(), inputs);
        }
    }

    private static <S extends UpdateState> float[] gradient(
            UpdateRule<S> rule, InversionSettings settings, CutNetwork reference, Inputs inputs) {
        var points = Batch.allocate(25, SHAPE);
        var targets = Batch.allocate(25, reference.representationShape());
        reference.represent(inputs, 0, targets.slice(0, 2));
        var begun = new ArrayList<S>();
        for (int slot = 0; slot < 2; slot++) {
            inputs.read(slot + 4, points, slot);
            begun.add(rule.begin(slot, points.slice(slot, slot + 1).toArray()));
        }
        var gradients = Batch.allocate(25, SHAPE);
        values(rule, begun, settings, reference, points, targets, gradients);
        return gradients.slice(0, 2).toArray();
    }

    @Test
    void estimatesNeedNoGradients() {
        var spec = NetworkSpec.of(Path.of("opaque"));
        var model = DenseNetwork.withoutGradients(1, SHAPE, 6);
        var settings =
                SETTINGS.withIterations(300).with(SearchOption.STEP, "0.1").with(SearchOption.ESTIMATE_GRADIENTS, "20");
        var inputs = new SearchFixture.Noise(6, SHAPE);
        try (var network = Network.of("opaque", "", "test", model, spec)) {
            assertThrows(DataException.class, () -> SearchedNetworks.of(network, inputs, 100, SETTINGS, NO_NETWORKS));
            var residuals = new ArrayList<Double>();
            for (int iterations : new int[] {1, 300}) {
                var some = settings.withIterations(iterations);
                try (var searched = SearchedNetworks.of(network, inputs, 100, some, NO_NETWORKS)) {
                    residuals.add(new Inverter(some, searched, inputs)
                            .invert(ProgressListener.SILENT)
                            .meanResidual());
                }
            }
            assertTrue(residuals.get(1) < 0.3 * residuals.get(0), "residuals " + residuals);
            var time = PassTime.measureForwards(network, inputs, NO_NETWORKS, System::nanoTime);
            assertEquals(time.seconds() * 6 * 301 * 21, time.of(settings, 6), 1e-6 * time.seconds());
        }
    }
}
