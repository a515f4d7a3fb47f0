package stir.core.score.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.core.score.Values.all;
import static stir.core.score.Values.value;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.core.inversion.SearchOption;
import stir.core.inversion.Seed;
import stir.core.inversion.search.SearchFixture;
import stir.core.math.statistics.BaselineCorrection;
import stir.core.math.statistics.Interval;
import stir.core.math.statistics.PermutationFloor;
import stir.core.math.statistics.Replicates;
import stir.core.math.statistics.RowsOfInputs;
import stir.core.measure.LinearCka;
import stir.core.network.NetworkSpec;
import stir.core.score.Quantity;
import stir.core.score.Values;

/** What a comparison says of its values' uncertainty, baselines and single inputs. */
class ScoreStatisticsTest extends ScoredNetworks {
    @Test
    void intervalsAreThoseOfTheRepresentations() {
        var plain = Values.get(COMPARISON.aGivenB(), "linear-cka", Quantity.SIMILARITY);
        assertEquals(Interval.of(new LinearCka(), ofInputs(A), ofInputs(B), 0.95, 3), plain.interval());
        var score = COMPARISON.bGivenA();
        var stir = Values.get(score, "linear-cka", Quantity.STIR);
        assertEquals(Interval.of(new LinearCka(), ofInputs(B), ofInvariant(B, score), 0.95, 3), stir.interval());
        var interval = stir.interval().orElseThrow();
        double value = stir.value().orElseThrow();
        assertTrue(interval.low() < value && value < interval.high());
    }

    @Test
    void intervalsDoNotDependOnBatchesAndThreads() {
        var smaller = NetworkSpec.of(Path.of("dense")).withThreads(3).withBatchSize(5);
        var compared = compare(A, B, SETTINGS, smaller);
        assertEquals(COMPARISON.results().similarities(), compared.results().similarities());
        assertEquals(COMPARISON.aGivenB().measures(), compared.aGivenB().measures());
        for (var quantity : List.of(
                Quantity.SIMILARITY,
                Quantity.STIR,
                Quantity.CEILING,
                Quantity.SEED_FLOOR,
                Quantity.PERMUTATION_FLOOR)) {
            assertEquals(
                    SETTINGS.measures(),
                    List.copyOf(all(compared.aGivenB(), quantity).keySet()));
        }
        var other = SETTINGS.withInversion(SETTINGS.inversion().withRngSeed(4));
        assertNotEquals(
                COMPARISON.aGivenB().of("linear-cka").stir().interval(),
                compare(other).aGivenB().of("linear-cka").stir().interval());
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
        var many = new SearchFixture.Noise(count, SHAPE).read(0, count);
        RepresentationPairs pairs = new GivenPairs(represent(A, "hidden", many), represent(B, "hidden", many));
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
    void aMeasureWithoutIntervalsSaysSoAndAsksForNoMemory() {
        SimilarityMeasure score = new SimilarityMeasure() {
            @Override
            public String id() {
                return "without-interval";
            }

            @Override
            public String description() {
                return "One value for all, without an interval.";
            }

            @Override
            public Scale scale() {
                return Scale.UNIT;
            }

            @Override
            public double compare(Matrix a, Matrix b) {
                return 0.5;
            }

            @Override
            public boolean hasInterval() {
                return false;
            }
        };
        var measures = new LinkedHashMap<String, SimilarityMeasure>();
        measures.put("linear-cka", new LinearCka());
        measures.put("without-interval", score);
        int count = 400;
        var many = new SearchFixture.Noise(count, SHAPE).read(0, count);
        RepresentationPairs pairs = new GivenPairs(represent(A, "hidden", many), represent(B, "hidden", many));
        var all = new Similarities(measures, 16L * count * 2 * WIDTH);
        var values = all.estimate(pairs, 1);
        assertTrue(get(values, "linear-cka").interval().isPresent());
        assertTrue(get(values, "without-interval").value().isPresent());
        assertEquals(Optional.empty(), get(values, "without-interval").interval());
        assertEquals(List.of(Caution.of("no-interval", Map.of()).about("without-interval")), all.cautions(pairs));
        measures.remove("linear-cka");
        assertEquals(all.cautions(pairs), new Similarities(measures, 1).cautions(pairs));
    }

    @Test
    void anAccumulatorIsTakenWithinTheLimitOnlyAndRefusedWithAReasonBeyondIt() {
        var taken = new ArrayList<String>();
        var measure = new SimilarityMeasure() {
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
        assertTrue(
                get(new Similarities(measures, ofRows).compare(pairs), "greedy").isDefined());
        assertEquals(List.of("rows"), taken, "rows fit, and the accumulator does not");
        var refused = get(new Similarities(measures, ofRows - 1).compare(pairs), "greedy");
        assertEquals(List.of("rows"), taken);
        assertTrue(refused.undefined().orElseThrow().contains("the memory limit is"), refused::toString);
        assertTrue(get(new Similarities(measures, 1_000_000).compare(pairs), "greedy")
                .isDefined());
        assertEquals(List.of("rows", "accumulator"), taken);
    }

    @Test
    void theInputsThemselvesAreComparedByTheMeasureThatDecides() {
        for (var score : List.of(COMPARISON.aGivenB(), COMPARISON.bGivenA())) {
            assertEquals(
                    List.of("linear-cka"),
                    List.copyOf(all(score, Quantity.INPUT_SIMILARITY).keySet()));
            assertEquals(
                    new LinearCka()
                            .compare(
                                    Matrix.of(INPUTS.read(0, COUNT)),
                                    Matrix.of(
                                            score.inversion().invariantInputs().read(0, COUNT))),
                    value(score, "linear-cka", Quantity.INPUT_SIMILARITY),
                    1e-9);
        }
    }

    @Test
    void correctedValuesLieBetweenTheHigherFloorAndTheCeiling() {
        for (var score : List.of(COMPARISON.aGivenB(), COMPARISON.bGivenA())) {
            double floor = Math.max(
                    value(score, "linear-cka", Quantity.SEED_FLOOR),
                    value(score, "linear-cka", Quantity.PERMUTATION_FLOOR));
            double stir = value(score, "linear-cka", Quantity.STIR);
            assertEquals(
                    (stir - floor) / (value(score, "linear-cka", Quantity.CEILING) - floor),
                    value(score, "linear-cka", Quantity.CORRECTED),
                    1e-12);
            double nearest = Math.min(
                    value(score, "procrustes", Quantity.SEED_FLOOR),
                    value(score, "procrustes", Quantity.PERMUTATION_FLOOR));
            double distance = value(score, "procrustes", Quantity.STIR);
            assertEquals(
                    (nearest - distance) / (nearest - value(score, "procrustes", Quantity.CEILING)),
                    value(score, "procrustes", Quantity.CORRECTED),
                    1e-12);
        }
    }

    @Test
    void correctedValuesHaveTheIntervalOfScoreAndCeilingTogether() {
        var score = COMPARISON.aGivenB();
        var measure = new LinearCka();
        double floor = Math.max(
                value(score, "linear-cka", Quantity.SEED_FLOOR),
                value(score, "linear-cka", Quantity.PERMUTATION_FLOOR));
        var stir = Replicates.of(measure, ofInputs(A), ofInvariant(A, score), 3).orElseThrow();
        var self = Replicates.of(measure, ofInputs(B), ofInvariant(B, score), 3).orElseThrow();
        var corrected = Values.get(score, "linear-cka", Quantity.CORRECTED);
        var expected = BaselineCorrection.correct(stir, self, floor, Scale.UNIT).orElseThrow();
        assertEquals(expected, corrected.groups().orElseThrow());
        var interval = corrected.interval().orElseThrow();
        assertTrue(interval.low() < expected.value() && expected.value() < interval.high());
    }

    @Test
    void theFloorOfShuffledPairsIsTheMeanOverManyOrders() {
        for (var score : List.of(COMPARISON.aGivenB(), COMPARISON.bGivenA())) {
            for (var measure : SETTINGS.measures()) {
                var floor = score.of(measure).permutationTest().orElseThrow();
                assertEquals(floor.mean(), value(score, measure, Quantity.PERMUTATION_FLOOR));
                assertEquals(measure.equals("linear-cka") ? 1000 : 200, floor.permutations());
                assertTrue(floor.standardDeviation() > 0);
                assertTrue(floor.pValue() < 0.2, floor::toString);
            }
            var a = score.equals(COMPARISON.aGivenB()) ? A : B;
            var expected = PermutationFloor.of(
                    new LinearCka(),
                    value(score, "linear-cka", Quantity.STIR),
                    ofInputs(a),
                    ofInvariant(a, score),
                    RowsOfInputs.alike(ofInputs(a).rows(), 1),
                    3);
            assertEquals(expected, score.of("linear-cka").permutationTest().orElseThrow());
        }
    }

    @Test
    void seedsThatAreOneForAllHaveNoFloorAndTheRunGoesOn() {
        for (var seed : List.of(new Seed.Constant(1), Seed.Kind.ONE_NOISE)) {
            var search = SETTINGS.inversion().withSeed(seed);
            var score = compare(SETTINGS.withInversion(search)).aGivenB();
            for (var measure : SETTINGS.measures()) {
                var reason = Values.get(score, measure, Quantity.SEED_FLOOR)
                        .undefined()
                        .orElseThrow();
                assertTrue(reason.contains("Every input has the same seed"), reason);
                assertTrue(Values.get(score, measure, Quantity.STIR).isDefined(), "the score stays");
                assertTrue(
                        Values.get(score, measure, Quantity.PERMUTATION_FLOOR).isDefined(), "and the other floor");
            }
        }
    }

    @Test
    void withoutASearchThereIsNothingToCorrectBy() {
        // One step from a seed that is not random leaves the ceiling at the floor.
        int missing = 0;
        int unsure = 0;
        for (int key = 0; key < 8; key++) {
            var search = SETTINGS.inversion()
                    .withSeed(Seed.Kind.OTHER_INPUT)
                    .withIterations(1)
                    .withRngSeed(key);
            var comparison = compare(SETTINGS.withInversion(search));
            for (var score : List.of(comparison.aGivenB(), comparison.bGivenA())) {
                double floor = Math.max(
                        value(score, "linear-cka", Quantity.SEED_FLOOR),
                        value(score, "linear-cka", Quantity.PERMUTATION_FLOOR));
                var corrected = Values.get(score, "linear-cka", Quantity.CORRECTED);
                boolean none = value(score, "linear-cka", Quantity.CEILING) <= floor;
                assertTrue(Values.get(score, "linear-cka", Quantity.STIR).isDefined(), "the score stays");
                if (none) {
                    missing++;
                    assertTrue(corrected.value().isEmpty(), corrected::toString);
                    assertTrue(
                            corrected.undefined().orElseThrow().contains("no better than the floor"),
                            corrected::toString);
                } else if (Values.get(score, "linear-cka", Quantity.CEILING)
                                .interval()
                                .orElseThrow()
                                .low()
                        < floor) {
                    unsure++;
                    assertTrue(
                            corrected.undefined().orElseThrow().contains("not clearly better than the floor"),
                            corrected::toString);
                }
            }
        }
        assertTrue(missing > 0, "there are cases with the ceiling at the floor");
        assertTrue(unsure > 0, "there are cases with the ceiling a little above the floor");
    }

    @Test
    void keptIsTheDistanceOfTheTargetsRepresentations() {
        var score = COMPARISON.bGivenA();
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
}
