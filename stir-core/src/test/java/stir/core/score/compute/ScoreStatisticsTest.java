package stir.core.score.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import stir.api.Batch;
import stir.api.Caution;
import stir.api.HookOptions;
import stir.api.Matrix;
import stir.api.Model;
import stir.api.Scale;
import stir.api.Shape;
import stir.api.SimilarityMeasure;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.SearchOption;
import stir.core.inversion.Seed;
import stir.core.inversion.search.ClassifyingNetwork;
import stir.core.inversion.search.DenseNetwork;
import stir.core.inversion.search.SearchTest;
import stir.core.math.statistics.BaselineCorrection;
import stir.core.math.statistics.ConfidenceInterval;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.PermutationFloor;
import stir.core.math.statistics.Replicates;
import stir.core.math.statistics.RowsOfInputs;
import stir.core.measure.GeometryScore;
import stir.core.measure.LinearCka;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.score.Comparison;
import stir.core.score.DirectedScore;
import stir.core.score.ScoreSettings;
import stir.core.study.RunOptions;
import stir.core.study.StudyListener;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
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

    private static final Model A = new ClassifyingNetwork(1, SHAPE, WIDTH);
    private static final Model B = new DenseNetwork(2, SHAPE, WIDTH);

    /** What the settings find; most tests look at it from one side or another. */
    private static final Comparison FOUND = compare(SETTINGS);

    private static Comparison compare(ScoreSettings settings) {
        return compare(A, B, settings);
    }

    private static Comparison compare(Model a, Model b, ScoreSettings settings) {
        return compare(a, b, settings, NetworkSpec.of(Path.of("dense")).withThreads(1));
    }

    private static Comparison compare(Model a, Model b, ScoreSettings settings, NetworkSpec spec) {
        return Stir.load()
                .compare(
                        Network.of("a", "", "test", a, spec),
                        Network.of("b", "", "test", b, spec),
                        INPUTS,
                        settings,
                        List.of(),
                        Optional.empty(),
                        RunOptions.DEFAULT,
                        StudyListener.SILENT)
                .get(0);
    }

    /** A model's representations of all rows at once. */
    private static Matrix represent(Model model, String layer, Batch pixels) {
        try (var hook = model.hook(layer, new HookOptions(SHAPE))) {
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

    private static double value(Map<String, Estimate> values, String measure) {
        return get(values, measure).value().orElseThrow();
    }

    @Test
    void intervalsAreThoseOfTheRepresentations() {
        var plain = get(FOUND.similarity(), "linear-cka");
        assertEquals(
                ConfidenceInterval.of(new LinearCka(), ofInputs(A), ofInputs(B), 0.95, 3),
                plain.interval());
        var score = FOUND.bGivenA();
        var stir = get(score.stir(), "linear-cka");
        assertEquals(
                ConfidenceInterval.of(new LinearCka(), ofInputs(B), ofInvariant(B, score), 0.95, 3),
                stir.interval());
        var interval = stir.interval().orElseThrow();
        double value = stir.value().orElseThrow();
        assertTrue(interval.low() < value && value < interval.high());
    }

    @Test
    void intervalsDoNotDependOnBatchesAndThreads() {
        var smaller = NetworkSpec.of(Path.of("dense")).withThreads(3).withBatchSize(5);
        var found = compare(A, B, SETTINGS, smaller);
        assertEquals(FOUND.similarity(), found.similarity());
        assertEquals(FOUND.aGivenB().stir(), found.aGivenB().stir());
        assertEquals(FOUND.aGivenB().self(), found.aGivenB().self());
        assertEquals(FOUND.aGivenB().seedOnly(), found.aGivenB().seedOnly());
        assertEquals(FOUND.aGivenB().shuffled(), found.aGivenB().shuffled());
        var other = SETTINGS.withInversion(SETTINGS.inversion().withRngSeed(4));
        assertNotEquals(
                get(FOUND.aGivenB().stir(), "linear-cka").interval(),
                get(compare(other).aGivenB().stir(), "linear-cka").interval());
    }

    @Test
    void rowsThatDoNotFitGiveTheSameValueWithoutAnInterval() {
        var measures = Map.<String, SimilarityMeasure>of("linear-cka", new LinearCka());
        long ofAccumulator = new LinearCka().accumulatorBytes(WIDTH, WIDTH);
        int count = 400;
        long ofRows = 16L * count * 2 * WIDTH;
        assertTrue(0 < ofAccumulator && ofAccumulator < ofRows, "the case tells both apart");
        var tight = new Similarities(measures, ofAccumulator);
        var roomy = new Similarities(measures, ofRows);
        var many = new SearchTest.Noise(count, SHAPE).read(0, count);
        RepresentationPairs pairs =
                new GivenPairs(represent(A, "hidden", many), represent(B, "hidden", many));
        var without = get(tight.estimate(pairs, 1), "linear-cka");
        var with = get(roomy.estimate(pairs, 1), "linear-cka");
        assertEquals(Optional.empty(), without.interval());
        assertTrue(with.interval().isPresent());
        assertEquals(with.value().orElseThrow(), without.value().orElseThrow(), 1e-12);
        assertEquals(
                List.of("rows-exceed-memory"),
                tight.cautions(pairs).stream().map(Caution::kind).toList());
        assertEquals(List.of(), roomy.cautions(pairs));
    }

    @Test
    void aMeasureWithoutIntervalsSaysSoAndIsNoReasonToAskForMoreMemory() {
        var score = new GeometryScore().with(Map.of("repeats", "2", "landmarks", "4"));
        var measures = new LinkedHashMap<String, SimilarityMeasure>();
        measures.put("linear-cka", new LinearCka());
        measures.put("geometry-score", score);
        int count = 400;
        var many = new SearchTest.Noise(count, SHAPE).read(0, count);
        RepresentationPairs pairs =
                new GivenPairs(represent(A, "hidden", many), represent(B, "hidden", many));
        var all = new Similarities(measures, 16L * count * 2 * WIDTH);
        var values = all.estimate(pairs, 1);
        assertTrue(get(values, "linear-cka").interval().isPresent());
        assertTrue(get(values, "geometry-score").value().isPresent());
        assertEquals(Optional.empty(), get(values, "geometry-score").interval());
        assertEquals(
                List.of(Caution.of("no-interval", Map.of()).about("geometry-score")),
                all.cautions(pairs));
        measures.remove("linear-cka");
        assertEquals(all.cautions(pairs), new Similarities(measures, 1).cautions(pairs));
    }

    @Test
    void anAccumulatorIsTakenWithinTheLimitOnlyAndRefusedWithAReasonBeyondIt() {
        var taken = new ArrayList<String>();
        var measure =
                new SimilarityMeasure() {
                    @Override
                    public String id() {
                        return "greedy";
                    }

                    @Override
                    public String description() {
                        return "A measure whose accumulator needs a megabyte";
                    }

                    @Override
                    public Scale scale() {
                        return Scale.UNIT;
                    }

                    @Override
                    public double compare(Matrix one, Matrix other) {
                        taken.add("rows");
                        return 0.5;
                    }

                    @Override
                    public long accumulatorBytes(int columnsOfA, int columnsOfB) {
                        return 1_000_000;
                    }

                    @Override
                    public Optional<Accumulator> accumulator(int columnsOfA, int columnsOfB) {
                        taken.add("accumulator");
                        return new LinearCka().accumulator(columnsOfA, columnsOfB);
                    }
                };
        RepresentationPairs pairs = new GivenPairs(ofInputs(A), ofInputs(B));
        long ofRows = 16L * COUNT * 2 * WIDTH;
        var measures = Map.<String, SimilarityMeasure>of("greedy", measure);
        assertTrue(get(new Similarities(measures, ofRows).compare(pairs), "greedy").isDefined());
        assertEquals(List.of("rows"), taken, "rows fit, and the accumulator does not");
        var refused = get(new Similarities(measures, ofRows - 1).compare(pairs), "greedy");
        assertEquals(List.of("rows"), taken);
        assertTrue(
                refused.undefined().orElseThrow().contains("the limit of memory is"),
                refused::toString);
        assertTrue(get(new Similarities(measures, 1_000_000).compare(pairs), "greedy").isDefined());
        assertEquals(List.of("rows", "accumulator"), taken);
    }

    @Test
    void theInputsThemselvesAreComparedByTheMeasureThatDecides() {
        for (var score : List.of(FOUND.aGivenB(), FOUND.bGivenA())) {
            assertEquals(List.of("linear-cka"), List.copyOf(score.inputsOnly().keySet()));
            assertEquals(
                    new LinearCka()
                            .compare(
                                    Matrix.of(INPUTS.read(0, COUNT)),
                                    Matrix.of(score.inversion().invariantInputs().read(0, COUNT))),
                    value(score.inputsOnly(), "linear-cka"),
                    1e-9);
        }
    }

    @Test
    void correctedValuesLieBetweenTheHigherFloorAndTheCeiling() {
        for (var score : List.of(FOUND.aGivenB(), FOUND.bGivenA())) {
            double floor =
                    Math.max(
                            value(score.seedOnly(), "linear-cka"),
                            value(score.shuffled(), "linear-cka"));
            double stir = value(score.stir(), "linear-cka");
            assertEquals(
                    (stir - floor) / (value(score.self(), "linear-cka") - floor),
                    value(score.baselineCorrected(), "linear-cka"),
                    1e-12);
            double nearest =
                    Math.min(
                            value(score.seedOnly(), "procrustes"),
                            value(score.shuffled(), "procrustes"));
            double distance = value(score.stir(), "procrustes");
            assertEquals(
                    (nearest - distance) / (nearest - value(score.self(), "procrustes")),
                    value(score.baselineCorrected(), "procrustes"),
                    1e-12);
        }
    }

    @Test
    void correctedValuesHaveTheIntervalOfScoreAndCeilingTogether() {
        var score = FOUND.aGivenB();
        var measure = new LinearCka();
        double floor =
                Math.max(
                        value(score.seedOnly(), "linear-cka"),
                        value(score.shuffled(), "linear-cka"));
        var stir = Replicates.of(measure, ofInputs(A), ofInvariant(A, score), 3).orElseThrow();
        var self = Replicates.of(measure, ofInputs(B), ofInvariant(B, score), 3).orElseThrow();
        var corrected = get(score.baselineCorrected(), "linear-cka");
        var expected = BaselineCorrection.correct(stir, self, floor, Scale.UNIT).orElseThrow();
        assertEquals(expected, corrected.groups().orElseThrow());
        var interval = corrected.interval().orElseThrow();
        assertTrue(interval.low() < expected.value() && expected.value() < interval.high());
    }

    @Test
    void theFloorOfShuffledPairsIsTheMeanOverManyOrders() {
        for (var score : List.of(FOUND.aGivenB(), FOUND.bGivenA())) {
            for (var measure : SETTINGS.measures()) {
                var floor = get(score.permutations(), measure);
                assertEquals(floor.mean(), value(score.shuffled(), measure));
                assertEquals(measure.equals("linear-cka") ? 1000 : 200, floor.permutations());
                assertTrue(floor.standardDeviation() > 0);
                assertTrue(floor.pValue() < 0.2, floor::toString);
            }
            var a = score.equals(FOUND.aGivenB()) ? A : B;
            var expected =
                    PermutationFloor.of(
                            new LinearCka(),
                            value(score.stir(), "linear-cka"),
                            ofInputs(a),
                            ofInvariant(a, score),
                            RowsOfInputs.alike(ofInputs(a).rows(), 1),
                            3);
            assertEquals(expected, get(score.permutations(), "linear-cka"));
        }
    }

    @Test
    void seedsThatAreOneForAllHaveNoFloorAndTheRunGoesOn() {
        for (var seed : List.of(new Seed.Constant(1), new Seed.OneNoise())) {
            var search = SETTINGS.inversion().withSeed(seed);
            var score = compare(SETTINGS.withInversion(search)).aGivenB();
            for (var measure : SETTINGS.measures()) {
                var reason = get(score.seedOnly(), measure).undefined().orElseThrow();
                assertTrue(reason.contains("Every input has the same seed"), reason);
                assertTrue(get(score.stir(), measure).isDefined(), "the score stays");
                assertTrue(get(score.shuffled(), measure).isDefined(), "and the other floor");
            }
        }
    }

    @Test
    void withoutASearchThereIsNothingToCorrectBy() {
        // One step from a seed that is not random leaves the ceiling at the floor.
        int missing = 0;
        int unsure = 0;
        for (int key = 0; key < 8; key++) {
            var search =
                    SETTINGS.inversion()
                            .withSeed(new Seed.OtherInput())
                            .withIterations(1)
                            .withRngSeed(key);
            var comparison = compare(SETTINGS.withInversion(search));
            for (var score : List.of(comparison.aGivenB(), comparison.bGivenA())) {
                double floor =
                        Math.max(
                                value(score.seedOnly(), "linear-cka"),
                                value(score.shuffled(), "linear-cka"));
                var corrected = get(score.baselineCorrected(), "linear-cka");
                boolean none = value(score.self(), "linear-cka") <= floor;
                assertTrue(get(score.stir(), "linear-cka").isDefined(), "the score stays");
                if (none) {
                    missing++;
                    assertTrue(corrected.value().isEmpty(), corrected::toString);
                    assertTrue(
                            corrected
                                    .undefined()
                                    .orElseThrow()
                                    .contains("no better than the floor"),
                            corrected::toString);
                } else if (get(score.self(), "linear-cka").interval().orElseThrow().low() < floor) {
                    unsure++;
                    assertTrue(
                            corrected
                                    .undefined()
                                    .orElseThrow()
                                    .contains("not clearly better than the floor"),
                            corrected::toString);
                }
            }
        }
        assertTrue(missing > 0, "there are cases with the ceiling at the floor");
        assertTrue(unsure > 0, "there are cases with the ceiling a little above the floor");
    }

    @Test
    void keptIsTheDistanceOfTheTargetsRepresentations() {
        var score = FOUND.bGivenA();
        var before = ofInputs(B);
        var after = ofInvariant(B, score);
        for (int i = 0; i < COUNT; i++) {
            double difference = 0;
            double size = 0;
            for (int j = 0; j < WIDTH; j++) {
                difference += Math.pow(after.get(i, j) - before.get(i, j), 2);
                size += Math.pow(before.get(i, j), 2);
            }
            assertEquals(
                    Math.sqrt(difference / size),
                    score.outcomes().inputs().get(i).targetMoved().orElseThrow(),
                    1e-9);
        }
    }

    @Test
    void aNetworkKeepsItsOwnInvariantInputsUpToTheResidual() {
        var settings = SETTINGS.withInversion(SETTINGS.inversion().with(SearchOption.NORM, "inf"));
        var score = compare(A, A, settings).bGivenA();
        for (int i = 0; i < COUNT; i++) {
            assertEquals(
                    score.inversion().residual(i),
                    score.outcomes().inputs().get(i).targetMoved().orElseThrow(),
                    1e-6);
        }
    }

    @Test
    void classesAreTheLargestValuesOfTheLastVector() {
        var score = FOUND.aGivenB();
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

        var blind = FOUND.bGivenA().outcomes();
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
        var repeated = get(score.repeats(), "linear-cka");
        var expected = new double[3];
        for (int i = 0; i < 3; i++) {
            var settings = SETTINGS.withInversion(SETTINGS.inversion().withRngSeed(3 + i));
            var once = i == 0 ? FOUND : compare(settings);
            expected[i] = value(once.aGivenB().stir(), "linear-cka");
            assertEquals(expected[i], repeated.values().get(i));
        }
        assertEquals(expected[0], value(score.stir(), "linear-cka"));
        assertEquals(Arrays.stream(expected).average().orElseThrow(), repeated.mean(), 1e-12);
        var interval = ConfidenceInterval.ofMean(expected, Scale.UNIT, 0.95).orElseThrow();
        assertEquals(interval.low(), repeated.interval().orElseThrow().low(), 1e-12);
        assertEquals(Map.of(), FOUND.aGivenB().repeats());
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
        var all = FOUND.bGivenA().inversion();
        double[] residuals = IntStream.range(0, COUNT).mapToDouble(all::residual).toArray();
        Arrays.sort(residuals);
        double within = residuals[COUNT / 2]; // half of them, and the rest go on in vain
        var settings =
                SETTINGS.withInversion(
                        SETTINGS.inversion().with(SearchOption.TOLERANCE, String.valueOf(within)));
        var score = compare(settings).bGivenA();
        var converged = score.converged().orElseThrow();
        int[] found =
                IntStream.range(0, COUNT)
                        .filter(i -> score.inversion().residual(i) <= within)
                        .toArray();
        assertEquals(COUNT / 2 + 1, found.length);
        assertEquals(found.length, converged.count());
        assertEquals(within, converged.within());
        var before = ofInputs(B).select(found);
        var after = ofInvariant(B, score).select(found);
        var estimate = get(converged.stir(), "linear-cka");
        assertEquals(new LinearCka().compare(before, after), estimate.value().orElseThrow(), 1e-12);
        assertEquals(
                ConfidenceInterval.of(new LinearCka(), before, after, 0.95, 3),
                estimate.interval());
    }

    @Test
    void convergedOnlyIsAbsentForAllAndNoneAndSaysWhatIsNotDefined() {
        var loose =
                SETTINGS.withInversion(SETTINGS.inversion().with(SearchOption.TOLERANCE, "0.999"));
        assertEquals(Optional.empty(), compare(loose).bGivenA().converged());
        var strict =
                SETTINGS.withInversion(
                        SETTINGS.inversion()
                                .with(SearchOption.TOLERANCE, "1e-9")
                                .withIterations(2));
        assertEquals(Optional.empty(), compare(strict).bGivenA().converged());

        var all = FOUND.bGivenA().inversion();
        double[] residuals = IntStream.range(0, COUNT).mapToDouble(all::residual).toArray();
        Arrays.sort(residuals);
        var few =
                SETTINGS.withInversion(
                                SETTINGS.inversion()
                                        .with(SearchOption.TOLERANCE, String.valueOf(residuals[2])))
                        .withMeasures("linear-cka-debiased", "cca"); // 3 rows of 6 features
        var comparison = compare(few);
        var converged = comparison.bGivenA().converged().orElseThrow();
        assertEquals(3, converged.count());
        assertTrue(get(converged.stir(), "cca").isDefined());
        var debiased = get(converged.stir(), "linear-cka-debiased");
        assertTrue(debiased.value().isEmpty());
        assertTrue(debiased.undefined().orElseThrow().contains("at least 4"), debiased::toString);
        assertTrue(
                comparison.cautions().stream()
                        .anyMatch(
                                caution ->
                                        caution.measure().equals(Optional.of("cca"))
                                                && "b|a".equals(caution.facts().get("direction"))
                                                && Long.valueOf(3)
                                                        .equals(
                                                                caution.facts()
                                                                        .get("converged-inputs"))),
                comparison.cautions()::toString);
    }

    @Test
    void whatHoldsOfAllInputsIsNotToldAgainOfThoseThatConverged() {
        var a = new DenseNetwork(1, SHAPE, COUNT + 6);
        var b = new DenseNetwork(2, SHAPE, COUNT + 6);
        var all = compare(a, b, SETTINGS).bGivenA().inversion();
        double[] residuals = IntStream.range(0, COUNT).mapToDouble(all::residual).toArray();
        Arrays.sort(residuals);
        var most =
                SETTINGS.withInversion(
                        SETTINGS.inversion()
                                .with(SearchOption.TOLERANCE, String.valueOf(residuals[20])));
        var comparison = compare(a, b, most);
        assertEquals(21, comparison.bGivenA().converged().orElseThrow().count());
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
                classes[row] =
                        hidden.get(row, i) > hidden.get(row, classes[row]) ? i : classes[row];
            }
        }
        return classes;
    }

    @Test
    void inputsAreAcceptedByTheirResidualsAndClasses() {
        var score = FOUND.bGivenA(); // whose reference is A
        var acceptance = score.acceptance().orElseThrow();
        var before = ofInputs(A);
        var after = ofInvariant(A, score);
        double smallest = Double.POSITIVE_INFINITY;
        for (int x = 0; x < COUNT; x++) {
            for (int y = 0; y < COUNT; y++) {
                double squares = 0;
                double norm = 0;
                for (int i = 0; i < WIDTH; i++) {
                    squares += Math.pow(before.get(y, i) - before.get(x, i), 2);
                    norm += Math.pow(before.get(x, i), 2);
                }
                smallest = x == y ? smallest : Math.min(smallest, Math.sqrt(squares / norm));
            }
        }
        assertEquals(COUNT, acceptance.different().inputs());
        assertEquals(COUNT * (COUNT - 1), acceptance.different().pairs());
        assertEquals(smallest, acceptance.different().distance().min(), 1e-12);
        assertEquals(smallest / 2, acceptance.threshold(), 1e-12);
        assertEquals(Optional.of("classes"), acceptance.classLayer());
        int accepted = 0;
        int near = 0;
        for (int i = 0; i < COUNT; i++) {
            var outcome = acceptance.inputs().get(i);
            boolean isNear = score.inversion().residual(i) < smallest / 2;
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
        assertEquals(acceptance.share(), score.accepted(SETTINGS.inversion()));
    }

    @Test
    void residualsAloneDecideWhereThereAreNoClasses() {
        var score = FOUND.aGivenB(); // whose reference is B
        var acceptance = score.acceptance().orElseThrow();
        assertEquals(Optional.empty(), acceptance.classLayer());
        for (int i = 0; i < COUNT; i++) {
            var outcome = acceptance.inputs().get(i);
            assertEquals(
                    score.inversion().residual(i) < acceptance.threshold(), outcome.accepted());
            assertEquals(OptionalInt.empty(), outcome.classBefore());
        }
    }

    @Test
    void acceptanceDoesNotDependOnThreadsOrOnTheMeasures() {
        var spec = NetworkSpec.of(Path.of("dense")).withThreads(3).withBatchSize(5);
        var other = compare(A, B, SETTINGS.withMeasures("cca"), spec);
        assertEquals(FOUND.aGivenB().acceptance(), other.aGivenB().acceptance());
        assertEquals(FOUND.bGivenA().acceptance(), other.bGivenA().acceptance());
    }
}
