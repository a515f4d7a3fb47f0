package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.extension.TermCatalogue;
import stir.core.inputs.Inputs;
import stir.core.inversion.Augmentation;
import stir.core.inversion.Ball;
import stir.core.inversion.CkaAttack;
import stir.core.inversion.Controversial;
import stir.core.inversion.GradientDescent;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Objective;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.inversion.SecondNetwork;
import stir.core.inversion.Seed;
import stir.core.inversion.WeightedTerm;
import stir.core.inversion.optimizer.Pass;
import stir.core.inversion.optimizer.UpdateRule;
import stir.core.inversion.optimizer.UpdateState;
import stir.core.inversion.optimizer.reference.ObjectiveRule;
import stir.core.inversion.optimizer.reference.PixelTerms;
import stir.core.inversion.term.TotalVariation;
import stir.core.measure.LinearCka;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.Networks;
import stir.core.network.SearchedLayer;
import stir.core.network.pass.CutNetwork;
import stir.core.runtime.progress.ProgressListener;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Every objective, movement and constraint, on networks in plain Java. */
public class ObjectivesTest {
    private static final Shape SHAPE = Shape.of(1, 5, 4);
    private static final InversionSettings SETTINGS =
            InversionSettings.REFERENCE.withIterations(30).withRngSeed(5);
    private static final Path ANY = Path.of("rival");

    private static final Map<String, Objective> OBJECTIVES =
            new TreeMap<>(
                    Map.of(
                            "distance", Objective.DISTANCE,
                            "tv", with(WeightedTerm.parse("tv?beta=2:0.3")),
                            "tv-1.5", with(WeightedTerm.parse("tv?beta=1.5:0.3")),
                            "blur", with(WeightedTerm.parse("blur:0.4")),
                            "grey-1", with(WeightedTerm.parse("grey?p=1&level=0.41:0.2")),
                            "grey-6", with(WeightedTerm.parse("grey?p=6&level=0:0.2")),
                            "grey-inf", with(WeightedTerm.parse("grey?p=inf&level=0.3:0.2")),
                            "controversial", with(against(0.3)),
                            "controversial-auto",
                                    with(
                                            new Controversial(
                                                    SecondNetwork.of(ANY),
                                                    Controversial.Factor.AUTOMATIC),
                                            WeightedTerm.parse("blur:0.1")),
                            "all",
                                    with(
                                            against(0.2),
                                            WeightedTerm.parse("tv?beta=2:0.1"),
                                            WeightedTerm.parse("blur:0.1"),
                                            WeightedTerm.parse("grey?p=1&level=0.5:0.05"))));

    private static Controversial against(double factor) {
        return new Controversial(SecondNetwork.of(ANY), factor);
    }

    /** Descent of another objective. */
    private static InversionSettings descent(Objective objective) {
        return SETTINGS.withMethod(GradientDescent.of(objective)).withIterations(30);
    }

    private static InversionSettings attack() {
        return SETTINGS.withMethod(CkaAttack.of(SecondNetwork.of(ANY))).withIterations(30);
    }

    private static Objective with(WeightedTerm... terms) {
        return Objective.of(terms);
    }

    private static Objective with(Controversial second, WeightedTerm... terms) {
        return new Objective(List.of(terms), Optional.of(second), List.of());
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
    private record Setting(Network reference, Network rival, SearchedNetworks searched)
            implements AutoCloseable {
        static Setting of(InversionSettings settings, int layers, int threads) {
            return of(settings, layers, threads, 100);
        }

        static Setting of(InversionSettings settings, int layers, int threads, int batchSize) {
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
            return new Setting(
                    reference,
                    rival,
                    SearchedNetworks.of(
                            reference,
                            new SearchTest.Noise(100, SHAPE),
                            batchSize,
                            settings,
                            unused -> rival));
        }

        @Override
        public void close() {
            searched.close();
            reference.close();
            rival.close();
        }
    }

    /** Where a search has one network alone. */
    public static final Networks NO_NETWORKS =
            spec -> {
                throw new AssertionError("no second network is needed: " + spec);
            };

    private static Inversion invert(
            InversionSettings settings, int count, int layers, int threads) {
        return invert(settings, count, layers, threads, 100);
    }

    private static Inversion invert(
            InversionSettings settings, int count, int layers, int threads, int batchSize) {
        try (var setting = Setting.of(settings, layers, threads, batchSize)) {
            return new Inverter(settings, setting.searched(), new SearchTest.Noise(count, SHAPE))
                    .invert(ProgressListener.SILENT);
        }
    }

    @ParameterizedTest
    @MethodSource("objectives")
    void gradientsAreThoseOfTheValue(String name) {
        for (int layers = 1; layers <= 3; layers += 2) {
            for (double p : new double[] {1, 2, 3.5, Double.POSITIVE_INFINITY}) {
                var settings =
                        descent(objective(name)).with(SearchOption.NORM, new Norm(p).toString());
                try (var setting = Setting.of(settings, layers, 1)) {
                    checkGradient(settings, setting.searched(), name + ", p = " + p);
                }
            }
        }
    }

    private static void checkGradient(
            InversionSettings settings, SearchedNetworks searched, String what) {
        var hooked = searched.reference();
        var inputs = new SearchTest.Noise(9, SHAPE);
        var seeds = new SeedSource(settings.seed(), settings.rngSeed(), inputs);
        checkGradient(
                new UpdateRules(settings, searched, inputs, TermCatalogue.ofApplication(), seeds)
                        .of(0, 25),
                settings,
                hooked,
                what);
    }

    private static <S extends UpdateState> void checkGradient(
            UpdateRule<S> rule, InversionSettings settings, CutNetwork hooked, String what) {
        var inputs = new SearchTest.Noise(9, SHAPE);
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
                        what + ", pixel " + i);
            }
        }
    }

    /** The distance alone is differentiated as it is, all else relative to the target. */
    private static double scale(
            UpdateRule<?> rule, InversionSettings settings, Batch targets, int slot) {
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

    static Stream<InversionSettings> searches() {
        var all = objective("all");
        var augmented =
                new Objective(
                        all.terms(),
                        all.controversial(),
                        Augmentation.parse("pad:2,jitter:2,scale:0.1,rotate:20"));
        return Stream.concat(
                OBJECTIVES.values().stream().map(ObjectivesTest::descent),
                Stream.of(
                        descent(augmented),
                        descent(objective("tv")).with(SearchOption.TOLERANCE, "0.3"),
                        SETTINGS.with(SearchOption.STEP, "0.3")
                                .with(SearchOption.MOMENTUM, "0.9")
                                .with(SearchOption.FOURIER, "true")
                                .with(SearchOption.BALL, "l2:0.7@input"),
                        SETTINGS.with(SearchOption.BALL, "linf:0.2@seed"),
                        SETTINGS.with(SearchOption.ESTIMATE_GRADIENTS, "6:0.05"),
                        descent(augmented).with(SearchOption.ESTIMATE_GRADIENTS, "4"),
                        InversionSettings.of(Optimizer.NEAREST.method()),
                        attack()));
    }

    @ParameterizedTest
    @MethodSource("searches")
    void resultsDoNotDependOnBatchSizeOrThreads(InversionSettings longer) {
        var settings = longer.iterations() > 0 ? longer.withIterations(12) : longer;
        int layers = settings.method() instanceof GradientDescent ? 2 : 1;
        var expected = invert(settings, 30, layers, 1);
        for (int threads = 1; threads <= 2; threads++) {
            for (int batchSize : new int[] {1, 7, 100}) {
                var found = invert(settings, 30, layers, threads, batchSize);
                for (int i = 0; i < 30; i++) {
                    assertEquals(expected.residual(i), found.residual(i), "input " + i);
                    assertEquals(expected.moved(i), found.moved(i));
                    assertEquals(expected.distanceFromInput(i), found.distanceFromInput(i));
                    assertEquals(
                            DistanceFromInputTest.distance(found, i, SHAPE),
                            found.distanceFromInput(i).orElseThrow(),
                            1e-12,
                            "input " + i);
                }
                assertArrayEquals(
                        expected.invariantInputs().read(0, 30).toArray(),
                        found.invariantInputs().read(0, 30).toArray());
            }
        }
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
            var inputs = new SearchTest.Noise(9, SHAPE);
            var rule =
                    new UpdateRules(
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
                SETTINGS.withIterations(300)
                        .with(SearchOption.STEP, "0.1")
                        .with(SearchOption.ESTIMATE_GRADIENTS, "20");
        var inputs = new SearchTest.Noise(6, SHAPE);
        try (var network = Network.of("opaque", "", "test", model, spec)) {
            assertThrows(
                    DataException.class,
                    () -> SearchedNetworks.of(network, inputs, 100, SETTINGS, NO_NETWORKS));
            var residuals = new ArrayList<Double>();
            for (int iterations : new int[] {1, 300}) {
                var some = settings.withIterations(iterations);
                try (var searched = SearchedNetworks.of(network, inputs, 100, some, NO_NETWORKS)) {
                    residuals.add(
                            new Inverter(some, searched, inputs)
                                    .invert(ProgressListener.SILENT)
                                    .meanResidual());
                }
            }
            assertTrue(residuals.get(1) < 0.3 * residuals.get(0), "residuals " + residuals);
            var time = PassTime.measureForwards(network, inputs, NO_NETWORKS, System::nanoTime);
            assertEquals(
                    time.seconds() * 6 * 301 * 21, time.of(settings, 6), 1e-6 * time.seconds());
        }
    }

    @Test
    void severalLayersShareTheResidual() {
        var settings = SETTINGS.withIterations(600);
        var one = invert(settings, 4, 1, 1);
        var three = invert(settings, 4, 3, 1);
        var means = new ArrayList<Double>();
        try (var all = Setting.of(settings, 3, 1)) {
            assertEquals(0.25, all.searched().weight(), 1e-12);
            for (var found : List.of(one, three)) {
                double[] mean = new double[4];
                double[] own = relative(all.searched().reference(), found);
                for (int i = 0; i < 4; i++) {
                    mean[i] = 0.25 * own[i];
                }
                all.searched()
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

    private static double[] relative(CutNetwork network, Inversion found) {
        int count = found.count();
        var before = Batch.allocate(count, network.representationShape());
        var after = Batch.allocate(count, network.representationShape());
        network.represent(new SearchTest.Noise(count, SHAPE), 0, before);
        network.represent(found.invariantInputs(), 0, after);
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
        var against = descent(with(against(0.2))).withIterations(500);
        try (var setting = Setting.of(against, 1, 1)) {
            var rival = setting.searched().second().orElseThrow();
            double without = mean(relative(rival, invert(alone, 10, 1, 1)));
            var found = invert(against, 10, 1, 1);
            double with = mean(relative(rival, found));
            assertTrue(with > 1.2 * without, without + " without, " + with + " with");
            assertTrue(found.meanResidual() < 0.25, "residual " + found.meanResidual());
        }
    }

    /** Where the weight is automatic, the ratio is what becomes small. */
    @Test
    void theAutomaticWeightMakesTheRatioSmall() {
        var automatic =
                with(new Controversial(SecondNetwork.of(ANY), Controversial.Factor.AUTOMATIC));
        var ratios = new ArrayList<Double>();
        for (var objective : List.of(Objective.DISTANCE, automatic)) {
            var settings = descent(objective).withIterations(500);
            var found = invert(settings, 10, 1, 1);
            try (var setting = Setting.of(descent(automatic), 1, 1)) {
                var rival = relative(setting.searched().second().orElseThrow(), found);
                double sum = 0;
                for (int i = 0; i < 10; i++) {
                    sum += found.residual(i) / rival[i];
                }
                ratios.add(sum / 10);
            }
        }
        assertTrue(ratios.get(1) < ratios.get(0), "ratios " + ratios);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    @Test
    void regularisersSmooth() {
        double rough = roughness(invert(SETTINGS.withIterations(300), 8, 1, 1));
        var smooth = descent(with(WeightedTerm.parse("tv?beta=2:0.02"))).withIterations(300);
        double smoothed = roughness(invert(smooth, 8, 1, 1));
        assertTrue(smoothed < 0.7 * rough, rough + " became " + smoothed);
    }

    private static double roughness(Inversion found) {
        var points = found.invariantInputs().read(0, found.count());
        var values = new double[found.count()];
        var variation = new PixelTerms.Weighted(1, new TotalVariation().on(SHAPE));
        new PixelTerms(List.of(variation), SHAPE.size())
                .add(points, values, Batch.allocate(found.count(), SHAPE));
        return mean(values);
    }

    @Test
    void aCkaAttackLowersTheCka() {
        var attack =
                attack().withIterations(200)
                        .withSeed(new Seed.LightNoise(0.01))
                        .with(SearchOption.STEP, "0.1");
        var before = cka(invert(attack.withIterations(1), 40, 1, 1));
        var after = cka(invert(attack, 40, 1, 1));
        assertTrue(after < 0.6 * before, before + " became " + after);
    }

    @Test
    void aNetworkThatIsKeptStaysAsItIs() {
        var plain = attacked(Optional.empty());
        var reference = attacked(Optional.of(CkaAttack.Kept.REFERENCE));
        var second = attacked(Optional.of(CkaAttack.Kept.SECOND));
        var neither = attacked(Optional.of(CkaAttack.Kept.NEITHER));
        assertTrue(reference.ofReference() > plain.ofReference(), reference + " " + plain);
        assertTrue(reference.ofReference() > reference.ofSecond() + 0.2, reference::toString);
        assertTrue(second.ofSecond() > plain.ofSecond(), second + " " + plain);
        assertTrue(second.ofSecond() > second.ofReference() + 0.2, second::toString);
        assertTrue(neither.ofReference() < reference.ofReference(), neither::toString);
        assertTrue(neither.ofSecond() < second.ofSecond(), neither::toString);
    }

    /** How similar each network finds the searched inputs and the given ones. */
    private record Kept(double ofReference, double ofSecond) {}

    private static Kept attacked(Optional<CkaAttack.Kept> kept) {
        var attack = attack().withIterations(200);
        var settings =
                kept.map(one -> attack.with(SearchOption.CKA_KEEP, one.toString()))
                        .orElse(attack)
                        .withSeed(new Seed.LightNoise(0.01))
                        .with(SearchOption.STEP, "0.1");
        var found = invert(settings, 40, 1, 1);
        var given = new SearchTest.Noise(40, SHAPE);
        try (var setting = Setting.of(attack(), 1, 1)) {
            var networks = setting.searched();
            return new Kept(
                    self(networks.reference(), found, given),
                    self(networks.second().orElseThrow(), found, given));
        }
    }

    private static double self(CutNetwork network, Inversion found, Inputs given) {
        var x = Batch.allocate(found.count(), network.representationShape());
        var y = Batch.allocate(found.count(), network.representationShape());
        network.represent(found.invariantInputs(), 0, x);
        network.represent(given, 0, y);
        return new LinearCka().compare(Matrix.of(x), Matrix.of(y));
    }

    private static double cka(Inversion found) {
        try (var setting = Setting.of(attack(), 1, 1)) {
            var rival = setting.searched().second().orElseThrow();
            var x =
                    Batch.allocate(
                            found.count(), setting.searched().reference().representationShape());
            var y = Batch.allocate(found.count(), rival.representationShape());
            setting.searched().reference().represent(found.invariantInputs(), 0, x);
            rival.represent(found.invariantInputs(), 0, y);
            return new LinearCka().compare(Matrix.of(x), Matrix.of(y));
        }
    }

    @ParameterizedTest
    @MethodSource("balls")
    void pointsStayInTheBall(String ball, Optimizer optimizer, Seed seed) {
        var settings =
                SETTINGS.withMethod(optimizer.method())
                        .withIterations(40)
                        .withSeed(seed)
                        .with(SearchOption.BALL, ball);
        var inputs = new SearchTest.Noise(12, SHAPE);
        var found = invert(settings, 12, 1, 1).invariantInputs().read(0, 12);
        var seeds = new SeedSource(seed, settings.rngSeed(), inputs);
        var centre = Batch.allocate(1, SHAPE);
        double radius = Ball.parse(ball).radius();
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
                        () -> invert(SETTINGS.withMethod(Optimizer.FAST.method()), 4, 2, 1));
        assertTrue(refusal.getMessage().contains("one layer alone"), refusal.getMessage());
    }
}
