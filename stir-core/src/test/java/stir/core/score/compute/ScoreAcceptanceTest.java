package stir.core.score.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.core.score.Values.all;
import static stir.core.score.Values.value;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.UsageException;
import stir.core.inversion.SearchOption;
import stir.core.inversion.Seed;
import stir.core.inversion.search.DenseNetwork;
import stir.core.math.statistics.Interval;
import stir.core.measure.LinearCka;
import stir.core.network.NetworkSpec;
import stir.core.score.Quantity;
import stir.core.score.Values;

/** The inputs that a score accepts or leaves out, classes, and repeats. */
class ScoreAcceptanceTest extends ScoredNetworks {
    @Test
    void classesAreTheLargestValuesOfTheLastVector() {
        var score = COMPARISON.aGivenB();
        assertEquals(Optional.of("classes"), score.outcomes().classLayer());
        var before = represent(A, "classes", INPUTS.read(0, COUNT));
        var after = represent(A, "classes", score.inversion().invariantInputs().read(0, COUNT));
        int same = 0;
        for (int i = 0; i < COUNT; i++) {
            var outcome = score.outcomes().inputs().get(i);
            assertEquals(largest(before, i), outcome.classBefore().orElseThrow());
            assertEquals(largest(after, i), outcome.classAfter().orElseThrow());
            same += largest(before, i) == largest(after, i) ? 1 : 0;
        }
        assertTrue(same > 0 && same < COUNT, "the case tells both apart");
        assertEquals(same / (double) COUNT, score.outcomes().classAgreement().orElseThrow(), 1e-12);

        var blind = COMPARISON.bGivenA().outcomes();
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
        var score = compare(SETTINGS.withRepeats(3)).aGivenB();
        var repeated = score.of("linear-cka").repeats().orElseThrow();
        var expected = new double[3];
        for (int i = 0; i < 3; i++) {
            var settings = SETTINGS.withInversion(SETTINGS.inversion().withRngSeed(3 + i));
            var once = i == 0 ? COMPARISON : compare(settings);
            expected[i] = value(once.aGivenB(), "linear-cka", Quantity.STIR);
            assertEquals(expected[i], repeated.values().get(i));
        }
        assertEquals(expected[0], value(score, "linear-cka", Quantity.STIR));
        assertEquals(
                Arrays.stream(expected).average().orElseThrow(),
                repeated.mean().value().orElseThrow(),
                1e-12);
        var interval = Interval.ofMean(expected, Scale.UNIT, 0.95).orElseThrow();
        assertEquals(interval.low(), repeated.mean().interval().orElseThrow().low(), 1e-12);
        for (var once : COMPARISON.aGivenB().measures().values()) {
            assertEquals(Optional.empty(), once.repeats());
        }
    }

    @Test
    void repeatsThatCanNotDifferAreRefused() {
        var white = SETTINGS.withInversion(SETTINGS.inversion().withSeed(new Seed.Constant(1)));
        assertEquals(1, white.repeats());
        assertTrue(assertThrows(UsageException.class, () -> white.withRepeats(2))
                .getMessage()
                .contains("white"));
        assertThrows(UsageException.class, () -> SETTINGS.withRepeats(0));
        assertThrows(UsageException.class, () -> SETTINGS.withRepeats(1001));
    }

    @Test
    void convergedOnlyIsTheScoreOfTheRowsThatWereFound() {
        var all = COMPARISON.bGivenA().inversion();
        double[] residuals =
                IntStream.range(0, COUNT).mapToDouble(all::residual).toArray();
        Arrays.sort(residuals);
        double within = residuals[COUNT / 2]; // half of them, and the rest go on in vain
        var settings =
                SETTINGS.withInversion(SETTINGS.inversion().with(SearchOption.TOLERANCE, String.valueOf(within)));
        var score = compare(settings).bGivenA();
        int[] converged = IntStream.range(0, COUNT)
                .filter(i -> score.inversion().residual(i) <= within)
                .toArray();
        assertEquals(COUNT / 2 + 1, converged.length);
        assertEquals(converged.length / (double) COUNT, score.search().converged());
        assertEquals(within, score.search().tolerance());
        var before = ofInputs(B).select(converged);
        var after = ofInvariant(B, score).select(converged);
        var estimate = Values.get(score, "linear-cka", Quantity.CONVERGED_ONLY);
        assertEquals(new LinearCka().compare(before, after), estimate.value().orElseThrow(), 1e-12);
        assertEquals(Interval.of(new LinearCka(), before, after, 0.95, 3), estimate.interval());
    }

    @Test
    void convergedOnlyIsAbsentForAllAndNoneAndSaysWhatIsNotDefined() {
        var loose = SETTINGS.withInversion(SETTINGS.inversion().with(SearchOption.TOLERANCE, "0.999"));
        assertEquals(Map.of(), all(compare(loose).bGivenA(), Quantity.CONVERGED_ONLY));
        var strict = SETTINGS.withInversion(
                SETTINGS.inversion().with(SearchOption.TOLERANCE, "1e-9").withIterations(2));
        assertEquals(Map.of(), all(compare(strict).bGivenA(), Quantity.CONVERGED_ONLY));

        var all = COMPARISON.bGivenA().inversion();
        double[] residuals =
                IntStream.range(0, COUNT).mapToDouble(all::residual).toArray();
        Arrays.sort(residuals);
        var few = SETTINGS.withInversion(
                        SETTINGS.inversion().with(SearchOption.TOLERANCE, String.valueOf(residuals[2])))
                .withMeasures("linear-cka-debiased", "cca"); // 3 rows of 6 features
        var comparison = compare(few);
        var score = comparison.bGivenA();
        assertEquals(3 / (double) COUNT, score.search().converged());
        assertTrue(Values.get(score, "cca", Quantity.CONVERGED_ONLY).isDefined());
        var debiased = Values.get(score, "linear-cka-debiased", Quantity.CONVERGED_ONLY);
        assertTrue(debiased.value().isEmpty());
        assertTrue(debiased.undefined().orElseThrow().contains("at least 4"), debiased::toString);
        assertTrue(
                comparison.cautions().stream()
                        .anyMatch(caution -> caution.measure().equals(Optional.of("cca"))
                                && "b | a".equals(caution.facts().get("direction"))
                                && Long.valueOf(3).equals(caution.facts().get("converged_inputs"))),
                comparison.cautions()::toString);
    }

    @Test
    void factsOfAllInputsAreNotRepeatedForThoseThatConverged() {
        var a = new DenseNetwork(1, SHAPE, COUNT + 6);
        var b = new DenseNetwork(2, SHAPE, COUNT + 6);
        var all = compare(a, b, SETTINGS).bGivenA().inversion();
        double[] residuals =
                IntStream.range(0, COUNT).mapToDouble(all::residual).toArray();
        Arrays.sort(residuals);
        var most = SETTINGS.withInversion(
                SETTINGS.inversion().with(SearchOption.TOLERANCE, String.valueOf(residuals[20])));
        var comparison = compare(a, b, most);
        var score = comparison.bGivenA();
        assertEquals(21 / (double) COUNT, score.search().converged());
        assertEquals(
                most.measures(), List.copyOf(all(score, Quantity.CONVERGED_ONLY).keySet()));
        assertEquals(
                List.of("biased-by-width"),
                comparison.cautions().stream()
                        .filter(caution -> caution.measure().equals(Optional.of("linear-cka")))
                        .map(Caution::kind)
                        .toList());
    }

    private static double correlation(Matrix a, Matrix b, int row) {
        double[] means = new double[2];
        for (int i = 0; i < WIDTH; i++) {
            means[0] += a.get(row, i) / WIDTH;
            means[1] += b.get(row, i) / WIDTH;
        }
        double[] sums = new double[3];
        for (int i = 0; i < WIDTH; i++) {
            double x = a.get(row, i) - means[0];
            double y = b.get(row, i) - means[1];
            sums[0] += x * y;
            sums[1] += x * x;
            sums[2] += y * y;
        }
        return sums[0] / Math.sqrt(sums[1] * sums[2]);
    }

    /** Returns the class of each row of A: the largest of the first values. */
    private static int[] classes(Matrix hidden) {
        var classes = new int[hidden.rows()];
        for (int row = 0; row < classes.length; row++) {
            for (int i = 1; i < 3; i++) {
                classes[row] = hidden.get(row, i) > hidden.get(row, classes[row]) ? i : classes[row];
            }
        }
        return classes;
    }

    @Test
    void inputsAreAcceptedByTheirResidualsAndClasses() {
        var score = COMPARISON.bGivenA(); // whose reference is A
        var acceptance = score.search().acceptance().orElseThrow();
        var before = ofInputs(A);
        var after = ofInvariant(A, score);
        var distances = SharedMetamersTest.distances(before);
        double threshold = SharedMetamersTest.p5(distances);
        assertEquals(COUNT, acceptance.different().inputs());
        assertEquals(COUNT * (COUNT - 1), acceptance.different().pairs());
        assertEquals(distances[0], acceptance.different().distance().min(), 1e-12);
        assertEquals(threshold, acceptance.threshold(), 1e-12);
        assertEquals(0.05, acceptance.quantile().orElseThrow());
        assertEquals(Optional.of("classes"), acceptance.classLayer());
        int accepted = 0;
        int near = 0;
        for (int i = 0; i < COUNT; i++) {
            var outcome = acceptance.inputs().get(i);
            boolean isNear = score.inversion().residual(i) < threshold;
            boolean isKept = classes(before)[i] == classes(after)[i];
            assertEquals(isNear && isKept, outcome.accepted(), "input " + i);
            assertEquals(classes(before)[i], outcome.classBefore().orElseThrow());
            assertEquals(classes(after)[i], outcome.classAfter().orElseThrow());
            assertEquals(correlation(before, after, i), outcome.correlation().orElseThrow(), 1e-12);
            accepted += outcome.accepted() ? 1 : 0;
            near += isNear ? 1 : 0;
        }
        assertTrue(accepted > 0 && accepted < COUNT, accepted + " accepted, " + near + " near");
        assertEquals(accepted / (double) COUNT, acceptance.share());
        assertEquals(acceptance.share(), score.search().accepted());
    }

    @Test
    void residualsAloneDecideWhereThereAreNoClasses() {
        var score = COMPARISON.aGivenB(); // whose reference is B
        var acceptance = score.search().acceptance().orElseThrow();
        assertEquals(Optional.empty(), acceptance.classLayer());
        for (int i = 0; i < COUNT; i++) {
            var outcome = acceptance.inputs().get(i);
            assertEquals(score.inversion().residual(i) < acceptance.threshold(), outcome.accepted());
            assertEquals(OptionalInt.empty(), outcome.classBefore());
        }
    }

    @Test
    void acceptanceDoesNotDependOnThreadsOrOnTheMeasures() {
        var spec = NetworkSpec.of(Path.of("dense")).withThreads(3).withBatchSize(5);
        var other = compare(A, B, SETTINGS.withMeasures("cca"), spec);
        assertEquals(
                COMPARISON.aGivenB().search().acceptance(),
                other.aGivenB().search().acceptance());
        assertEquals(
                COMPARISON.bGivenA().search().acceptance(),
                other.bGivenA().search().acceptance());
    }
}
