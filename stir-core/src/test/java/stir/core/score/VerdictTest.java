package stir.core.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import stir.api.Batch;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inversion.CkaAttack;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.inversion.SecondNetwork;
import stir.core.inversion.Seed;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;
import stir.core.math.statistics.PermutationFloor;
import stir.core.math.statistics.Quantiles;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

class VerdictTest {
    private static final int COUNT = 20;
    private static final String MEASURE = "linear-cka";
    private static final InversionSettings FAST = InversionSettings.of(Optimizer.FAST.method());

    /** Returns an inversion, of which some inputs have a residual of 0 and the others of 0.3. */
    private static Inversion inversion(double distance, int found) {
        var rows =
                IntStream.range(0, COUNT)
                        .mapToObj(i -> new Inversion.Row(i < found ? 0 : 0.3, 0, 0, 0, 0, distance))
                        .toList();
        var inputs = Inputs.of(Batch.allocate(COUNT, Shape.of(1)));
        return new Inversion(inputs, rows, List.of(), false);
    }

    private static Optional<Acceptance> acceptance(int accepted) {
        return accepted < 0
                ? Optional.empty()
                : Optional.of(
                        new Acceptance(
                                new Acceptance.DifferentInputs(
                                        2,
                                        2,
                                        Quantiles.of(new double[] {0.5}).orElseThrow(),
                                        Optional.empty(),
                                        Optional.empty()),
                                0.25,
                                Optional.empty(),
                                IntStream.range(0, COUNT)
                                        .mapToObj(
                                                i ->
                                                        new Acceptance.Outcome(
                                                                i < accepted,
                                                                OptionalDouble.empty(),
                                                                OptionalInt.empty(),
                                                                OptionalInt.empty()))
                                        .toList()));
    }

    private static Estimate estimate(double value, double low, double high) {
        return Estimate.of(value, Optional.of(new Interval(low, high, 0.95)));
    }

    private static DirectedScore score(
            Inversion inversion,
            Optional<Acceptance> acceptance,
            Map<String, Estimate> self,
            Map<String, PermutationFloor> floors,
            Map<String, Estimate> corrected) {
        return new DirectedScore(
                Map.of(MEASURE, Estimate.of(0.5)),
                self,
                Map.of(),
                floors.isEmpty() ? Map.of() : Map.of(MEASURE, Estimate.of(0.1)),
                Map.of(),
                floors,
                corrected,
                Optional.empty(),
                Map.of(),
                new InputOutcomes(List.of(), Optional.empty()),
                inversion,
                acceptance,
                List.of());
    }

    /**
     * One row per rule: the distance from the inputs, how many were found and accepted (-1: it is
     * not stored), the p-value, and the baseline-corrected interval.
     */
    @ParameterizedTest
    @CsvSource({
        "0.01, 20, 20, 0.001, 0.95, 0.99, NOTHING_TO_IGNORE",
        "0.02, 0, 0, 0.9, -0.1, 0.1, NOTHING_TO_IGNORE",
        "0.5, 20, 17, 0.001, 0.95, 0.99, FEW_ACCEPTED",
        "0.5, 17, -1, 0.001, 0.95, 0.99, FEW_ACCEPTED",
        "0.5, 18, -1, 0.001, 0.95, 0.99, NEARLY_ALL",
        "0.5, 0, 18, 0.001, 0.95, 0.99, NEARLY_ALL",
        "NaN, 0, 20, 0.001, 0.91, 1.1, NEARLY_ALL",
        "0.5, 0, 20, 0.001, 0.9, 1.1, PARTLY",
        "0.5, 0, 20, 0.05, 0.01, 0.5, PARTLY",
        "0.5, 0, 20, 0.051, 0.01, 0.5, CHANCE",
        "0.5, 0, 20, 0.001, 0.0, 0.5, WIDE_INTERVAL",
        "0.5, 0, 20, 0.001, 0.0, 0.49, CHANCE",
        "0.5, 0, 20, 0.9, -0.2, 1.5, WIDE_INTERVAL"
    })
    void theRulesAreAppliedInTheirOrder(
            double distance,
            int found,
            int accepted,
            double p,
            double low,
            double high,
            Verdict expected) {
        var score =
                score(
                        inversion(distance, found),
                        acceptance(accepted),
                        Map.of(MEASURE, estimate(0.99, 0.98, 1)),
                        Map.of(MEASURE, new PermutationFloor(0.1, 0.01, p, 1000)),
                        Map.of(MEASURE, estimate((low + high) / 2, low, high)));
        assertEquals(expected, Verdict.of(score, MEASURE, FAST));
        assertEquals(
                List.of(Verdict.CHANCE, Verdict.PARTLY, Verdict.NEARLY_ALL).contains(expected),
                expected.isKnown());
    }

    /**
     * The floor of the inputs themselves, the score with its interval, the ceiling, the floor, and
     * the lower end of the corrected interval; the second half are distances.
     */
    @ParameterizedTest
    @CsvSource({
        "0.84, 0.9, 0.85, 0.95, 0.99, 0.1, 0.5, PARTLY",
        "0.85, 0.9, 0.85, 0.95, 0.99, 0.1, 0.5, NEAR_INPUTS",
        "0.97, 0.9, 0.85, 0.95, 0.99, 0.1, 0.95, NEAR_INPUTS",
        "0.9999914, 0.9999984, 0.9999979, 0.9999989, 0.9999996, 0.001, 0.9999983, NEAR_INPUTS",
        "0.98, 0.999, 0.989, 0.9999, 0.9999, 0.0, 0.99, NEAR_INPUTS",
        "0.98, 0.999, 0.991, 0.9999, 0.9999, 0.0, 0.99, NEARLY_ALL",
        "0.97, 0.12, 0.09, 0.15, 0.99, 0.1, -0.01, CHANCE",
        "NaN, 0.9, 0.85, 0.95, 0.99, 0.1, 0.95, NEARLY_ALL",
        "0.16, 0.1, 0.05, 0.15, 0.01, 0.9, 0.5, PARTLY",
        "0.14, 0.1, 0.05, 0.15, 0.01, 0.9, 0.5, NEAR_INPUTS",
        "0.0100002, 0.0100001, 0.01, 0.0100001, 0.01, 0.9, 0.99, NEAR_INPUTS"
    })
    void aScoreThatTheInputsThemselvesExplainIsNotKnown(
            double inputs,
            double stir,
            double low,
            double high,
            double ceiling,
            double floor,
            double corrected,
            Verdict expected) {
        var score =
                new DirectedScore(
                        Map.of(MEASURE, estimate(stir, low, high)),
                        Map.of(MEASURE, estimate(ceiling, ceiling - 0.001, ceiling + 0.001)),
                        Map.of(),
                        Map.of(MEASURE, Estimate.of(floor)),
                        Double.isNaN(inputs) ? Map.of() : Map.of(MEASURE, Estimate.of(inputs)),
                        Map.of(MEASURE, new PermutationFloor(floor, 0.01, 0.001, 1000)),
                        Map.of(MEASURE, estimate(corrected, corrected, corrected + 0.2)),
                        Optional.empty(),
                        Map.of(),
                        new InputOutcomes(List.of(), Optional.empty()),
                        inversion(0.5, COUNT),
                        acceptance(COUNT),
                        List.of());
        assertEquals(expected, Verdict.of(score, MEASURE, FAST));
    }

    @Test
    void missingValuesAreUndefinedAndACeilingAtTheFloorIsLow() {
        var all = inversion(0.5, COUNT);
        var self = Map.of(MEASURE, estimate(0.99, 0.98, 1));
        var floors = Map.of(MEASURE, new PermutationFloor(0.1, 0.01, 0.001, 1000));
        var corrected = Map.of(MEASURE, estimate(0.5, 0.4, 0.6));
        assertEquals(
                Verdict.UNDEFINED,
                Verdict.of(score(all, acceptance(-1), Map.of(), floors, corrected), MEASURE, FAST));
        assertEquals(
                Verdict.UNDEFINED,
                Verdict.of(score(all, acceptance(-1), self, Map.of(), corrected), MEASURE, FAST));
        assertEquals(
                Verdict.UNDEFINED,
                Verdict.of(score(all, acceptance(-1), self, floors, corrected), "cca", FAST));
        assertEquals(
                Verdict.UNDEFINED,
                Verdict.of(
                        score(all, acceptance(-1), self, floors, Map.of(MEASURE, Estimate.of(0.5))),
                        MEASURE,
                        FAST));
        assertEquals(
                Verdict.LOW_CEILING,
                Verdict.of(
                        score(
                                all,
                                acceptance(-1),
                                self,
                                floors,
                                Map.of(MEASURE, Estimate.undefined("At the floor."))),
                        MEASURE,
                        FAST));
    }

    @ParameterizedTest
    @CsvSource({
        "SEED, light-noise:0.001, NEARLY_ALL",
        "BALL, l2:0.01@input, NEARLY_ALL",
        "CKA_ATTACK, rival, NEARLY_ALL",
        "SEED, uniform, NOTHING_TO_IGNORE"
    })
    void aSearchThatCouldNotLeaveItsInputsDoesNotShowThatThereIsNothingToIgnore(
            SearchOption option, String value, Verdict expected) {
        var score =
                score(
                        inversion(0.001, COUNT),
                        acceptance(COUNT),
                        Map.of(MEASURE, estimate(0.99, 0.98, 1)),
                        Map.of(MEASURE, new PermutationFloor(0.1, 0.01, 0.001, 1000)),
                        Map.of(MEASURE, estimate(0.97, 0.95, 0.99)));
        var search = InversionSettings.REFERENCE.with(option, value);
        assertEquals(expected, Verdict.of(score, MEASURE, search));
        assertEquals(
                Verdict.NEARLY_ALL,
                Verdict.of(score, MEASURE, InversionSettings.of(Optimizer.NEAREST.method())));
        var given = FAST.withSeed(new Seed.Given(Path.of("seeds.npy")));
        assertEquals(Verdict.NEARLY_ALL, Verdict.of(score, MEASURE, given));
    }

    @Test
    void aMissingFloorOrCorrectedValueDoesNotShowALowCeiling() {
        var self = Map.of(MEASURE, estimate(0.99, 0.98, 1));
        var floors = Map.of(MEASURE, new PermutationFloor(0.1, 0.01, 0.001, 1000));
        var missing = Map.of(MEASURE, Estimate.undefined("Neither floor is defined."));
        var all = inversion(0.5, COUNT);
        for (var ofFloors : List.of(Map.<String, Estimate>of(), missing)) {
            var score =
                    new DirectedScore(
                            Map.of(MEASURE, Estimate.of(0.5)),
                            self,
                            ofFloors,
                            ofFloors,
                            Map.of(),
                            floors,
                            missing,
                            Optional.empty(),
                            Map.of(),
                            new InputOutcomes(List.of(), Optional.empty()),
                            all,
                            acceptance(COUNT),
                            List.of());
            assertEquals(Verdict.UNDEFINED, Verdict.of(score, MEASURE, FAST));
        }
        assertEquals(
                Verdict.UNDEFINED,
                Verdict.of(score(all, acceptance(COUNT), self, floors, Map.of()), MEASURE, FAST));
    }

    @Test
    void theShareThatIsAcceptedNeedsAnOutcome() {
        var different = acceptance(COUNT).orElseThrow().different();
        assertThrows(
                IllegalArgumentException.class,
                () -> new Acceptance(different, 0.25, Optional.empty(), List.of()));
    }

    @Test
    void anAttackNeedsNoAcceptedInputs() {
        var attack =
                InversionSettings.REFERENCE.withMethod(
                        CkaAttack.of(SecondNetwork.of(Path.of("rival"))));
        var score =
                score(
                        inversion(0.5, 0),
                        acceptance(-1),
                        Map.of(MEASURE, estimate(0.99, 0.98, 1)),
                        Map.of(MEASURE, new PermutationFloor(0.1, 0.01, 0.001, 1000)),
                        Map.of(MEASURE, estimate(0.5, 0.4, 0.6)));
        assertEquals(Verdict.PARTLY, Verdict.of(score, MEASURE, attack));
    }

    @Test
    void theDebiasedMeasureDecidesWhereItIsPresent() {
        assertEquals("linear-cka-debiased", Verdict.measure(List.of("cca", "linear-cka-debiased")));
        assertEquals("cca", Verdict.measure(List.of("cca", MEASURE)));
    }
}
