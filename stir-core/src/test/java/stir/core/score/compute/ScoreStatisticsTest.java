package stir.core.score.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Matrix;
import stir.api.Model;
import stir.api.Norm;
import stir.api.Scale;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Seed;
import stir.core.inversion.search.ClassifyingNetwork;
import stir.core.inversion.search.DenseNetwork;
import stir.core.inversion.search.SearchTest;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.score.Comparison;
import stir.core.score.DirectedScore;
import stir.core.score.ScoreSettings;
import stir.core.similarity.LinearCka;
import stir.core.statistics.ConfidenceInterval;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** What a comparison says of its values' uncertainty, baselines and single inputs. */
class ScoreStatisticsTest {
    private static final Shape SHAPE = Shape.of(1, 4, 4);
    private static final int COUNT = 24;
    private static final int WIDTH = 6;
    private static final SearchTest.Noise INPUTS = new SearchTest.Noise(COUNT, SHAPE);
    private static final ScoreSettings SETTINGS =
            ScoreSettings.REFERENCE
                    .withInversion(InversionSettings.REFERENCE.withIterations(80).withRngSeed(3))
                    .withMeasures("linear-cka", "procrustes");

    private final Model a = new ClassifyingNetwork(1, SHAPE, WIDTH);
    private final Model b = new DenseNetwork(2, SHAPE, WIDTH);

    private Comparison compare(ScoreSettings settings, int threads) {
        return compare(a, b, settings, threads);
    }

    private static Comparison compare(Model a, Model b, ScoreSettings settings, int threads) {
        var spec = NetworkSpec.of(Path.of("dense")).withThreads(threads);
        return Stir.load()
                .compare(
                        Network.of("a", "", "test", a, spec),
                        Network.of("b", "", "test", b, spec),
                        INPUTS,
                        settings);
    }

    /** A model's representations of all rows at once. */
    private static Matrix represent(Model model, String layer, Batch pixels) {
        try (var hook = model.hook(layer, new HookOptions(SHAPE, false))) {
            var found = Batch.allocate(pixels.rows(), hook.layer().shape());
            hook.represent(pixels, found);
            return Matrix.of(found);
        }
    }

    private static Matrix ofInputs(Model model) {
        return represent(model, "hidden", INPUTS.read(0, COUNT));
    }

    private static Matrix ofInvariant(Model model, DirectedScore score) {
        return represent(model, "hidden", score.inversion().invariantInputs().read(0, COUNT));
    }

    private static <T> T get(Map<String, T> values, String measure) {
        return Objects.requireNonNull(values.get(measure), measure);
    }

    @Test
    void intervalsAreThoseOfTheRepresentations() {
        var comparison = compare(SETTINGS, 1);
        var plain = get(comparison.similarity(), "linear-cka");
        assertEquals(
                ConfidenceInterval.of(new LinearCka(), ofInputs(a), ofInputs(b), 0.95, 3),
                plain.interval());
        var score = comparison.bGivenA();
        var stir = get(score.stir(), "linear-cka");
        assertEquals(
                ConfidenceInterval.of(new LinearCka(), ofInputs(b), ofInvariant(b, score), 0.95, 3),
                stir.interval());
        var interval = stir.interval().orElseThrow();
        assertTrue(interval.low() < stir.value() && stir.value() < interval.high());
    }

    @Test
    void intervalsDoNotDependOnBatchesAndThreads() {
        var smaller = SETTINGS.withInversion(SETTINGS.inversion().withBatchSize(5));
        var expected = compare(SETTINGS, 1);
        var found = compare(smaller, 3);
        assertEquals(expected.similarity(), found.similarity());
        assertEquals(expected.aGivenB().stir(), found.aGivenB().stir());
        var other = SETTINGS.withInversion(SETTINGS.inversion().withRngSeed(4));
        assertNotEquals(
                get(expected.aGivenB().stir(), "linear-cka").interval(),
                get(compare(other, 1).aGivenB().stir(), "linear-cka").interval());
    }

    @Test
    void rowsThatDoNotFitGiveTheSameValueWithoutAnInterval() {
        var measures = Map.of("linear-cka", new LinearCka());
        var tight = new Similarities(Map.copyOf(measures), 0);
        var roomy = new Similarities(Map.copyOf(measures));
        RepresentationPairs pairs = new ParsedPairs(ofInputs(a), ofInputs(b));
        var without = get(tight.estimate(pairs, 1), "linear-cka");
        var with = get(roomy.estimate(pairs, 1), "linear-cka");
        assertEquals(Optional.empty(), without.interval());
        assertTrue(with.interval().isPresent());
        assertEquals(with.value(), without.value(), 1e-12);
        assertTrue(tight.cautions(pairs).toString().contains("intervals"));
        assertEquals(List.of(), roomy.cautions(pairs));
    }

    private record ParsedPairs(Matrix a, Matrix b) implements RepresentationPairs {
        @Override
        public int count() {
            return a.rows();
        }

        @Override
        public int rowsOfOneInput() {
            return 1;
        }

        @Override
        public int columnsOfA() {
            return a.columns();
        }

        @Override
        public int columnsOfB() {
            return b.columns();
        }

        @Override
        public void forEachPart(BiConsumer<Matrix, Matrix> part) {
            part.accept(a, b);
        }
    }

    @Test
    void correctedValuesLieBetweenTheHigherFloorAndTheCeiling() {
        for (var score : List.of(compare(SETTINGS, 1).aGivenB(), compare(SETTINGS, 1).bGivenA())) {
            double floor =
                    Math.max(
                            get(score.seedOnly(), "linear-cka"),
                            get(score.shuffled(), "linear-cka"));
            double stir = get(score.stir(), "linear-cka").value();
            assertEquals(
                    (stir - floor) / (get(score.self(), "linear-cka") - floor),
                    get(score.baselineCorrected(), "linear-cka"),
                    1e-12);
            double nearest =
                    Math.min(
                            get(score.seedOnly(), "procrustes"),
                            get(score.shuffled(), "procrustes"));
            double distance = get(score.stir(), "procrustes").value();
            assertEquals(
                    (nearest - distance) / (nearest - get(score.self(), "procrustes")),
                    get(score.baselineCorrected(), "procrustes"),
                    1e-12);
        }
    }

    @Test
    void withoutASearchThereIsNothingToCorrectBy() {
        // One step from a seed that is not random leaves the ceiling at the floor.
        var settings =
                SETTINGS.withInversion(
                        SETTINGS.inversion().withSeed(new Seed.OtherInput()).withIterations(1));
        var comparison = compare(settings, 1);
        int missing = 0;
        for (var score : List.of(comparison.aGivenB(), comparison.bGivenA())) {
            for (String measure : settings.measures()) {
                double floor =
                        Math.max(get(score.seedOnly(), measure), get(score.shuffled(), measure));
                if (measure.equals("linear-cka") && get(score.self(), measure) <= floor) {
                    missing++;
                    assertFalse(score.baselineCorrected().containsKey(measure));
                }
            }
        }
        long told =
                comparison.cautions().stream()
                        .filter(caution -> caution.startsWith("linear-cka: "))
                        .filter(caution -> caution.contains("no better than the floor"))
                        .count();
        assertEquals(missing, told);
    }

    @Test
    void keptIsTheDistanceOfTheTargetsRepresentations() {
        var score = compare(SETTINGS, 2).bGivenA();
        var before = ofInputs(b);
        var after = ofInvariant(b, score);
        for (int i = 0; i < COUNT; i++) {
            double difference = 0;
            double size = 0;
            for (int j = 0; j < WIDTH; j++) {
                difference += Math.pow(after.get(i, j) - before.get(i, j), 2);
                size += Math.pow(before.get(i, j), 2);
            }
            assertEquals(
                    Math.sqrt(difference / size),
                    score.outcomes().inputs().get(i).kept().orElseThrow(),
                    1e-9);
        }
    }

    @Test
    void aNetworkKeepsItsOwnInvariantInputsUpToTheResidual() {
        var settings = SETTINGS.withInversion(SETTINGS.inversion().withNorm(Norm.LINF));
        var score = compare(a, a, settings, 1).bGivenA();
        for (int i = 0; i < COUNT; i++) {
            assertEquals(
                    score.inversion().residual(i),
                    score.outcomes().inputs().get(i).kept().orElseThrow(),
                    1e-6);
        }
    }

    @Test
    void classesAreTheLargestValuesOfTheLastVector() {
        var comparison = compare(SETTINGS, 1);
        var score = comparison.aGivenB();
        assertEquals(Optional.of("classes"), score.outcomes().classLayer());
        var before = represent(a, "classes", INPUTS.read(0, COUNT));
        var after = represent(a, "classes", score.inversion().invariantInputs().read(0, COUNT));
        int same = 0;
        for (int i = 0; i < COUNT; i++) {
            var outcome = score.outcomes().inputs().get(i);
            assertEquals(largest(before, i), outcome.classBefore().orElseThrow());
            assertEquals(largest(after, i), outcome.classAfter().orElseThrow());
            same += largest(before, i) == largest(after, i) ? 1 : 0;
        }
        assertTrue(same > 0 && same < COUNT, "the case tells both apart");
        assertEquals(same / (double) COUNT, score.outcomes().classAgreement().orElseThrow(), 1e-12);

        var blind = comparison.bGivenA().outcomes();
        assertEquals(Optional.empty(), blind.classLayer());
        assertEquals(OptionalDouble.empty(), blind.classAgreement());
        assertTrue(blind.inputs().get(0).classBefore().isEmpty());
    }

    private static int largest(Matrix values, int row) {
        return IntStream.range(0, values.columns())
                .reduce((i, j) -> values.get(row, j) > values.get(row, i) ? j : i)
                .orElseThrow();
    }

    @Test
    void repeatsAreInversionsWithTheNextSeeds() {
        var score = compare(SETTINGS.withRepeats(3), 1).aGivenB();
        var repeated = get(score.repeats(), "linear-cka");
        var expected = new double[3];
        for (int i = 0; i < 3; i++) {
            var settings = SETTINGS.withInversion(SETTINGS.inversion().withRngSeed(3 + i));
            expected[i] = get(compare(settings, 1).aGivenB().stir(), "linear-cka").value();
            assertEquals(expected[i], repeated.values().get(i), 1e-12);
        }
        assertEquals(expected[0], get(score.stir(), "linear-cka").value(), 1e-12);
        assertEquals(Arrays.stream(expected).average().orElseThrow(), repeated.mean(), 1e-12);
        var interval = ConfidenceInterval.ofMean(expected, Scale.UNIT, 0.95).orElseThrow();
        assertEquals(interval.low(), repeated.interval().orElseThrow().low(), 1e-12);
        assertEquals(Map.of(), compare(SETTINGS, 1).aGivenB().repeats());
    }

    @Test
    void repeatsThatCanNotDifferAreRefused() {
        var white = SETTINGS.withInversion(SETTINGS.inversion().withSeed(new Seed.Constant(1)));
        assertEquals(1, white.repeats());
        assertTrue(
                assertThrows(UsageException.class, () -> white.withRepeats(2))
                        .getMessage()
                        .contains("white"));
        assertThrows(UsageException.class, () -> SETTINGS.withRepeats(0));
        assertThrows(UsageException.class, () -> SETTINGS.withRepeats(1001));
    }

    @Test
    void convergedOnlyIsTheScoreOfTheRowsThatWereFound() {
        var all = compare(SETTINGS, 1).bGivenA().inversion();
        double[] residuals = IntStream.range(0, COUNT).mapToDouble(all::residual).toArray();
        Arrays.sort(residuals);
        double within = residuals[COUNT / 2]; // half of them, and the rest go on in vain
        var settings = SETTINGS.withInversion(SETTINGS.inversion().withTolerance(within));
        var score = compare(settings, 1).bGivenA();
        var converged = score.converged().orElseThrow();
        int[] found =
                IntStream.range(0, COUNT)
                        .filter(i -> score.inversion().residual(i) <= within)
                        .toArray();
        assertEquals(COUNT / 2 + 1, found.length);
        assertEquals(found.length, converged.count());
        assertEquals(within, converged.within());
        var before = ofInputs(b).select(found);
        var after = ofInvariant(b, score).select(found);
        var estimate = get(converged.stir(), "linear-cka");
        assertEquals(new LinearCka().compare(before, after), estimate.value(), 1e-12);
        assertEquals(
                ConfidenceInterval.of(new LinearCka(), before, after, 0.95, 3),
                estimate.interval());
    }

    @Test
    void convergedOnlyIsAbsentForAllAndNoneAndLeavesOutWhatIsNotDefined() {
        var loose = SETTINGS.withInversion(SETTINGS.inversion().withTolerance(0.999));
        assertEquals(Optional.empty(), compare(loose, 1).bGivenA().converged());
        var strict =
                SETTINGS.withInversion(SETTINGS.inversion().withTolerance(1e-9).withIterations(2));
        assertEquals(Optional.empty(), compare(strict, 1).bGivenA().converged());

        var all = compare(SETTINGS, 1).bGivenA().inversion();
        double[] residuals = IntStream.range(0, COUNT).mapToDouble(all::residual).toArray();
        Arrays.sort(residuals);
        var few =
                SETTINGS.withInversion(SETTINGS.inversion().withTolerance(residuals[2]))
                        .withMeasures("linear-cka-debiased", "cca"); // 3 rows of 6 features
        var comparison = compare(few, 1);
        var converged = comparison.bGivenA().converged().orElseThrow();
        assertEquals(3, converged.count());
        assertEquals(List.of("cca"), List.copyOf(converged.stir().keySet()));
        assertTrue(
                comparison.cautions().stream()
                        .anyMatch(
                                caution ->
                                        caution.startsWith(
                                                "Over the 3 converged inputs of a, cca")),
                comparison.cautions()::toString);
    }
}
