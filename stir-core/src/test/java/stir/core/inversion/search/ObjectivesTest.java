package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import stir.api.Batch;
import stir.api.Norm;
import stir.api.UsageException;
import stir.core.inversion.Augmentation;
import stir.core.inversion.Ball;
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
import stir.core.inversion.optimizer.reference.PixelTerms;
import stir.core.inversion.term.TotalVariation;
import stir.core.network.pass.CutNetwork;
import stir.core.runtime.progress.ProgressListener;

/** Every objective, movement and constraint, on networks in plain Java. */
public class ObjectivesTest extends SearchedObjectives {
    private static Inversion invert(InversionSettings settings, int count, int layers, int threads) {
        return invert(settings, count, layers, threads, 100);
    }

    private static Inversion invert(InversionSettings settings, int count, int layers, int threads, int batchSize) {
        try (var setting = Setting.of(settings, layers, threads, batchSize)) {
            return new Inverter(settings, setting.searched(), new SearchFixture.Noise(count, SHAPE))
                    .invert(ProgressListener.SILENT);
        }
    }

    static Stream<InversionSettings> searches() {
        var all = objective("all");
        var augmented = new Objective(
                all.terms(), all.controversial(), Augmentation.parse("pad:2,jitter:2,scale:0.1,rotate:20"));
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
                        InversionSettings.of(Optimizer.CANDIDATES.method())));
    }

    @ParameterizedTest
    @MethodSource("searches")
    void resultsDoNotDependOnBatchSizeOrThreads(InversionSettings longer) {
        var settings = longer.iterations() > 0 ? longer.withIterations(12) : longer;
        int layers = settings.method() instanceof GradientDescent ? 2 : 1;
        var expected = invert(settings, 30, layers, 1);
        for (int threads = 1; threads <= 2; threads++) {
            for (int batchSize : new int[] {1, 7, 100}) {
                var inversion = invert(settings, 30, layers, threads, batchSize);
                for (int i = 0; i < 30; i++) {
                    assertEquals(expected.residual(i), inversion.residual(i), "input " + i);
                    assertEquals(expected.moved(i), inversion.moved(i));
                    assertEquals(expected.distanceFromInput(i), inversion.distanceFromInput(i));
                    assertEquals(
                            DistanceFromInputTest.distance(inversion, i, SHAPE),
                            inversion.distanceFromInput(i).orElseThrow(),
                            1e-12,
                            "input " + i);
                }
                assertArrayEquals(
                        expected.invariantInputs().read(0, 30).toArray(),
                        inversion.invariantInputs().read(0, 30).toArray());
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
            assertEquals(0.25, all.searched().weight(), 1e-12);
            for (var inversion : List.of(one, three)) {
                double[] mean = new double[4];
                double[] own = relative(all.searched().reference(), inversion);
                for (int i = 0; i < 4; i++) {
                    mean[i] = 0.25 * own[i];
                }
                all.searched().moreLayers().forEach((layer, share) -> {
                    double[] other = relative(layer, inversion);
                    for (int i = 0; i < 4; i++) {
                        mean[i] += share * other[i];
                    }
                });
                for (int i = 0; i < 4; i++) {
                    assertEquals(inversion.equals(one) ? own[i] : mean[i], inversion.residual(i), 1e-5);
                }
                means.add(mean(mean));
            }
        }
        assertTrue(means.get(1) < 0.75 * means.get(0), "means over the layers: " + means);
    }

    private static double[] relative(CutNetwork network, Inversion inversion) {
        int count = inversion.count();
        var before = Batch.allocate(count, network.representationShape());
        var after = Batch.allocate(count, network.representationShape());
        network.represent(new SearchFixture.Noise(count, SHAPE), 0, before);
        network.represent(inversion.invariantInputs(), 0, after);
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
            var inversion = invert(against, 10, 1, 1);
            double with = mean(relative(rival, inversion));
            assertTrue(with > 1.2 * without, without + " without, " + with + " with");
            assertTrue(inversion.meanResidual() < 0.25, "residual " + inversion.meanResidual());
        }
    }

    /** Where the weight is automatic, the ratio is what becomes small. */
    @Test
    void theAutomaticWeightMakesTheRatioSmall() {
        var automatic = with(new Controversial(SecondNetwork.of(ANY), Controversial.Factor.AUTOMATIC));
        var ratios = new ArrayList<Double>();
        for (var objective : List.of(Objective.DISTANCE, automatic)) {
            var settings = descent(objective).withIterations(500);
            var inversion = invert(settings, 10, 1, 1);
            try (var setting = Setting.of(descent(automatic), 1, 1)) {
                var rival = relative(setting.searched().second().orElseThrow(), inversion);
                double sum = 0;
                for (int i = 0; i < 10; i++) {
                    sum += inversion.residual(i) / rival[i];
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

    private static double roughness(Inversion inversion) {
        var points = inversion.invariantInputs().read(0, inversion.count());
        var values = new double[inversion.count()];
        var variation = new PixelTerms.Weighted(1, new TotalVariation().on(SHAPE));
        new PixelTerms(List.of(variation), SHAPE.size()).add(points, values, Batch.allocate(inversion.count(), SHAPE));
        return mean(values);
    }

    @ParameterizedTest
    @MethodSource("balls")
    void pointsStayInTheBall(String ball, Optimizer optimizer, Seed seed) {
        var settings = SETTINGS.withMethod(optimizer.method())
                .withIterations(40)
                .withSeed(seed)
                .with(SearchOption.BALL, ball);
        var inputs = new SearchFixture.Noise(12, SHAPE);
        var invariant = invert(settings, 12, 1, 1).invariantInputs().read(0, 12);
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
            for (int i = 0; i < invariant.rowSize(); i++) {
                float value = invariant.get(row, i);
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
                .flatMap(ball -> Stream.of(Optimizer.PUBLISHED, Optimizer.FAST)
                        .flatMap(optimizer -> Stream.of(Seed.Kind.SUPER_NOISE, new Seed.Constant(0.5f))
                                .map(seed -> Arguments.of(ball, optimizer, seed))));
    }

    @Test
    void severalLayersAreForTheReferenceOptimizer() {
        var refusal =
                assertThrows(UsageException.class, () -> invert(SETTINGS.withMethod(Optimizer.FAST.method()), 4, 2, 1));
        assertTrue(refusal.getMessage().contains("only one layer"), refusal.getMessage());
    }
}
