package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import stir.api.Batch;
import stir.api.Matrix;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.extension.Extensions;
import stir.core.inversion.Ball;
import stir.core.inversion.Distortion;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Movement;
import stir.core.inversion.Objective;
import stir.core.inversion.Optimizer;
import stir.core.inversion.Regulariser;
import stir.core.inversion.Rival;
import stir.core.inversion.Seed;
import stir.core.inversion.rule.Calibration;
import stir.core.inversion.rule.ObjectiveRule;
import stir.core.inversion.rule.PixelTerms;
import stir.core.inversion.rule.UpdateRule;
import stir.core.inversion.rule.UpdateRules;
import stir.core.inversion.start.SeedSource;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.SearchedLayer;
import stir.core.network.open.CacheFolder;
import stir.core.network.open.ModelOpener;
import stir.core.network.pass.HookedNetwork;
import stir.core.progress.ProgressListener;
import stir.core.similarity.LinearCka;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Every objective, movement and constraint, on networks in plain Java. */
class ObjectivesTest {
    private static final Shape SHAPE = Shape.of(1, 5, 4);
    private static final InversionSettings SETTINGS =
            InversionSettings.REFERENCE.withIterations(30).withRngSeed(5);
    private static final Path ANY = Path.of("rival");

    private static final Map<String, Objective> OBJECTIVES =
            new TreeMap<>(
                    Map.of(
                            "distance", Objective.DISTANCE,
                            "tv", with(new Regulariser.TotalVariation(0.3, 2)),
                            "tv-1.5", with(new Regulariser.TotalVariation(0.3, 1.5)),
                            "blur", with(new Regulariser.Blur(0.4)),
                            "grey-1", with(new Regulariser.Grey(0.2, Norm.L1, 0.41)),
                            "grey-6", with(new Regulariser.Grey(0.2, new Norm(6), 0)),
                            "grey-inf", with(new Regulariser.Grey(0.2, Norm.LINF, 0.3)),
                            "controversial",
                                    Objective.DISTANCE.withRival(Rival.controversial(ANY, 0.3)),
                            "all",
                                    with(
                                                    new Regulariser.TotalVariation(0.1, 2),
                                                    new Regulariser.Blur(0.1),
                                                    new Regulariser.Grey(0.05, Norm.L1, 0.5))
                                            .withRival(Rival.controversial(ANY, 0.2))));

    private static Objective with(Regulariser... terms) {
        return Objective.DISTANCE.withRegularisers(terms);
    }

    static Stream<String> objectives() {
        return OBJECTIVES.keySet().stream();
    }

    private static Objective objective(String name) {
        var found = OBJECTIVES.get(name);
        if (found == null) {
            throw new IllegalArgumentException(name);
        }
        return found;
    }

    /** A reference with three layers, searched at some of them, and a rival. */
    private record Setting(Network reference, Network rival, HookedNetwork hooked)
            implements AutoCloseable {
        static Setting of(InversionSettings settings, int layers, int threads) {
            var all =
                    List.of(
                            new SearchedLayer("0", 2),
                            new SearchedLayer("1", 1),
                            new SearchedLayer("2", 5));
            var spec =
                    NetworkSpec.of(Path.of("layered"))
                            .withThreads(threads)
                            .withLayers(all.subList(0, layers));
            var model =
                    new LayeredNetwork(
                            new DenseNetwork(1, SHAPE, 6),
                            new DenseNetwork(2, SHAPE, 3),
                            new DenseNetwork(3, SHAPE, 4));
            var reference = Network.of("layered", "", "test", model, spec);
            var rival =
                    Network.of(
                            "rival",
                            "",
                            "test",
                            new DenseNetwork(9, SHAPE, 7),
                            NetworkSpec.of(ANY).withThreads(threads));
            var alone = settings.withObjective(Objective.DISTANCE);
            var hooked =
                    HookedNetwork.forSearch(
                            reference, SHAPE, settings.batchSize(), alone, NO_OPENER);
            if (settings.objective().rival().isPresent()) {
                hooked.rival(rival, SHAPE, false);
            }
            return new Setting(reference, rival, hooked);
        }

        @Override
        public void close() {
            hooked.close();
            reference.close();
            rival.close();
        }
    }

    static final ModelOpener NO_OPENER =
            new ModelOpener(
                    new Extensions(new TreeMap<>(), new TreeMap<>(), List.of()),
                    new CacheFolder(Path.of("target")));

    private static Inversion invert(
            InversionSettings settings, int count, int layers, int threads) {
        try (var setting = Setting.of(settings, layers, threads)) {
            return new Inverter()
                    .invert(
                            setting.hooked(),
                            new SearchTest.Noise(count, SHAPE),
                            settings,
                            ProgressListener.SILENT);
        }
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void gradientsAreThoseOfTheValue(String name) {
        for (int layers = 1; layers <= 3; layers += 2) {
            for (double p : new double[] {1, 2, 3.5, Double.POSITIVE_INFINITY}) {
                var settings = SETTINGS.withObjective(objective(name)).withNorm(new Norm(p));
                try (var setting = Setting.of(settings, layers, 1)) {
                    checkGradient(settings, setting.hooked(), name + ", p = " + p);
                }
            }
        }
    }

    private static void checkGradient(
            InversionSettings settings, HookedNetwork hooked, String what) {
        var inputs = new SearchTest.Noise(9, SHAPE);
        var seeds = new SeedSource(settings.seed(), settings.rngSeed(), inputs);
        var rule = new UpdateRules(settings, hooked, inputs, Calibration.none(), seeds).of(0, 25);
        var points = Batch.allocate(25, SHAPE);
        var targets = Batch.allocate(25, hooked.representationShape());
        hooked.represent(inputs::read, 0, targets.slice(0, 2));
        for (int slot = 0; slot < 2; slot++) {
            inputs.read(slot + 4, points, slot);
            rule.begin(slot, slot, points);
        }
        var gradients = Batch.allocate(25, SHAPE);
        values(rule, settings, hooked, points, targets, gradients);
        var expected = gradients.copy();
        float step = 5e-4f;
        for (int i = 0; i < points.rowSize(); i++) {
            var sides = new double[2][];
            for (int side = 0; side < 2; side++) {
                for (int slot = 0; slot < 2; slot++) {
                    points.set(slot, i, points.get(slot, i) + (side == 0 ? step : -2 * step));
                }
                sides[side] = values(rule, settings, hooked, points, targets, gradients);
            }
            for (int slot = 0; slot < 2; slot++) {
                points.set(slot, i, points.get(slot, i) + step);
                assertEquals(
                        (sides[0][slot] - sides[1][slot]) / (2 * step),
                        scale(rule, settings, targets, slot) * expected.get(slot, i),
                        3e-3,
                        what + ", pixel " + i);
            }
        }
    }

    /** The distance alone is differentiated as it is, all else relative to the target. */
    private static double scale(
            UpdateRule rule, InversionSettings settings, Batch targets, int slot) {
        if (rule instanceof ObjectiveRule) {
            return 1;
        }
        var norms = new double[targets.rows()];
        settings.norm().norms(targets, norms);
        return 1 / norms[slot];
    }

    private static double[] values(
            UpdateRule rule,
            InversionSettings settings,
            HookedNetwork hooked,
            Batch points,
            Batch targets,
            Batch gradients) {
        var distances = new double[25];
        var norms = new double[25];
        settings.norm().norms(targets, norms);
        rule.differentiate(
                hooked.evaluators().get(0), points, targets, settings.norm(), distances, gradients);
        var values = new double[2];
        for (int slot = 0; slot < 2; slot++) {
            values[slot] = rule.value(slot, rule.residual(slot, distances[slot] / norms[slot]));
        }
        return values;
    }

    static Stream<InversionSettings> searches() {
        var distorted =
                objective("all")
                        .withDistortions(Distortion.parse("pad:2,jitter:2,scale:0.1,rotate:20"));
        return Stream.concat(
                OBJECTIVES.values().stream().map(SETTINGS::withObjective),
                Stream.of(
                        SETTINGS.withObjective(distorted),
                        SETTINGS.withObjective(objective("tv")).withTolerance(0.3),
                        SETTINGS.withMovement(
                                new Movement(
                                        0.3, 0.9, true, Optional.of(Ball.parse("l2:0.7@input")))),
                        SETTINGS.withMovement(
                                Movement.REFERENCE.withBall(Ball.parse("linf:0.2@seed"))),
                        SETTINGS.withOptimizer(Optimizer.NEAREST),
                        SETTINGS.withObjective(Objective.DISTANCE.withRival(Rival.cka(ANY)))));
    }

    @ParameterizedTest
    @MethodSource("searches")
    void resultsDoNotDependOnBatchSizeOrThreads(InversionSettings longer) {
        var settings = longer.withIterations(12);
        int layers =
                settings.optimizer() == Optimizer.REFERENCE && !settings.objective().isCkaAttack()
                        ? 2
                        : 1;
        var expected = invert(settings.withBatchSize(100), 30, layers, 1);
        for (int threads = 1; threads <= 2; threads++) {
            for (int batchSize : new int[] {1, 7, 100}) {
                var found = invert(settings.withBatchSize(batchSize), 30, layers, threads);
                for (int i = 0; i < 30; i++) {
                    assertEquals(expected.residual(i), found.residual(i), "input " + i);
                    assertEquals(expected.moved(i), found.moved(i));
                }
                assertArrayEquals(
                        expected.invariantInputs().read(0, 30).toArray(),
                        found.invariantInputs().read(0, 30).toArray());
            }
        }
    }

    @Test
    void severalLayersShareTheResidual() {
        var settings = SETTINGS.withIterations(600);
        var one = invert(settings, 4, 1, 1);
        var three = invert(settings, 4, 3, 1);
        var means = new ArrayList<Double>();
        try (var all = Setting.of(settings, 3, 1)) {
            assertEquals(0.25, all.hooked().weight(), 1e-12);
            for (var found : List.of(one, three)) {
                double[] mean = new double[4];
                double[] own = relative(all.hooked(), found);
                for (int i = 0; i < 4; i++) {
                    mean[i] = 0.25 * own[i];
                }
                all.hooked()
                        .moreLayers()
                        .forEach(
                                (layer, share) -> {
                                    double[] other = relative(layer, found);
                                    for (int i = 0; i < 4; i++) {
                                        mean[i] += share * other[i];
                                    }
                                });
                for (int i = 0; i < 4; i++) {
                    assertEquals(found == one ? own[i] : mean[i], found.residual(i), 1e-5);
                }
                means.add(mean(mean));
            }
        }
        assertTrue(means.get(1) < 0.75 * means.get(0), "means over the layers: " + means);
    }

    private static double[] relative(HookedNetwork network, Inversion found) {
        int count = found.count();
        var before = Batch.allocate(count, network.representationShape());
        var after = Batch.allocate(count, network.representationShape());
        network.represent(new SearchTest.Noise(count, SHAPE)::read, 0, before);
        network.represent(found.invariantInputs()::read, 0, after);
        var distances = new double[count];
        var norms = new double[count];
        Norm.L2.distances(after, before, distances);
        Norm.L2.norms(before, norms);
        for (int i = 0; i < count; i++) {
            distances[i] /= norms[i];
        }
        return distances;
    }

    @Test
    void aRivalIsMovedAway() {
        var alone = SETTINGS.withIterations(500);
        var against =
                alone.withObjective(Objective.DISTANCE.withRival(Rival.controversial(ANY, 0.2)));
        try (var setting = Setting.of(against, 1, 1)) {
            var rival = setting.hooked().rival().orElseThrow();
            double without = mean(relative(rival, invert(alone, 10, 1, 1)));
            var found = invert(against, 10, 1, 1);
            double with = mean(relative(rival, found));
            assertTrue(with > 1.2 * without, without + " without, " + with + " with");
            assertTrue(found.meanResidual() < 0.25, "residual " + found.meanResidual());
        }
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    @Test
    void regularisersSmooth() {
        double rough = roughness(invert(SETTINGS.withIterations(300), 8, 1, 1));
        var smooth =
                SETTINGS.withIterations(300)
                        .withObjective(with(new Regulariser.TotalVariation(0.02, 2)));
        double smoothed = roughness(invert(smooth, 8, 1, 1));
        assertTrue(smoothed < 0.7 * rough, rough + " became " + smoothed);
    }

    private static double roughness(Inversion found) {
        var points = found.invariantInputs().read(0, found.count());
        var values = new double[found.count()];
        new PixelTerms(List.of(new Regulariser.TotalVariation(1, 2)), SHAPE)
                .add(points, values, Batch.allocate(found.count(), SHAPE));
        return mean(values);
    }

    @Test
    void aCkaAttackLowersTheCka() {
        var attack =
                SETTINGS.withIterations(200)
                        .withObjective(Objective.DISTANCE.withRival(Rival.cka(ANY)))
                        .withSeed(new Seed.LightNoise(0.01))
                        .withMovement(Movement.REFERENCE.withStep(0.1));
        var before = cka(invert(attack.withIterations(1), 40, 1, 1));
        var after = cka(invert(attack, 40, 1, 1));
        assertTrue(after < 0.6 * before, before + " became " + after);
    }

    private static double cka(Inversion found) {
        try (var setting =
                Setting.of(
                        SETTINGS.withObjective(Objective.DISTANCE.withRival(Rival.cka(ANY))),
                        1,
                        1)) {
            var rival = setting.hooked().rival().orElseThrow();
            var x = Batch.allocate(found.count(), setting.hooked().representationShape());
            var y = Batch.allocate(found.count(), rival.representationShape());
            setting.hooked().represent(found.invariantInputs()::read, 0, x);
            rival.represent(found.invariantInputs()::read, 0, y);
            return new LinearCka().compare(Matrix.of(x), Matrix.of(y));
        }
    }

    @ParameterizedTest
    @MethodSource("balls")
    void pointsStayInTheBall(String ball, Optimizer optimizer, Seed seed) {
        var settings =
                SETTINGS.withOptimizer(optimizer)
                        .withIterations(40)
                        .withSeed(seed)
                        .withMovement(Movement.REFERENCE.withBall(Ball.parse(ball)));
        var inputs = new SearchTest.Noise(12, SHAPE);
        var found = invert(settings, 12, 1, 1).invariantInputs().read(0, 12);
        var seeds = new SeedSource(seed, settings.rngSeed(), inputs);
        var centre = Batch.allocate(1, SHAPE);
        double radius = settings.movement().ball().orElseThrow().radius();
        double furthest = 0;
        for (int row = 0; row < 12; row++) {
            if (ball.endsWith("seed")) {
                seeds.write(row, centre, 0);
            } else {
                inputs.read(row, centre, 0);
            }
            double squares = 0;
            double largest = 0;
            for (int i = 0; i < found.rowSize(); i++) {
                float value = found.get(row, i);
                assertTrue(value >= 0 && value <= 1, "pixel " + value);
                double difference = (double) value - Math.min(1f, Math.max(0f, centre.get(0, i)));
                squares += difference * difference;
                largest = Math.max(largest, Math.abs(difference));
            }
            double distance = ball.startsWith("l2") ? Math.sqrt(squares) : largest;
            assertTrue(distance <= radius, distance + " from the centre");
            furthest = Math.max(furthest, distance);
        }
        assertTrue(furthest > 0.5 * radius, "only " + furthest + " from the centre");
    }

    static Stream<Arguments> balls() {
        return Stream.of("l2:0.3@seed", "l2:0.3@input", "linf:0.07@seed", "linf:0.07@input")
                .flatMap(
                        ball ->
                                Stream.of(Optimizer.REFERENCE, Optimizer.FAST)
                                        .flatMap(
                                                optimizer ->
                                                        Stream.of(
                                                                        new Seed.SuperNoise(),
                                                                        new Seed.Constant(0.5f))
                                                                .map(
                                                                        seed ->
                                                                                Arguments.of(
                                                                                        ball,
                                                                                        optimizer,
                                                                                        seed))));
    }

    @Test
    void severalLayersAreForTheReferenceOptimizer() {
        var refusal =
                assertThrows(
                        UsageException.class,
                        () -> invert(SETTINGS.withOptimizer(Optimizer.FAST), 4, 2, 1));
        assertTrue(refusal.getMessage().contains("one layer alone"), refusal.getMessage());
    }
}
