package stir.core.score.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import stir.api.Scale;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Replicates;
import stir.core.score.MeasureScore;
import stir.core.score.Quantity;

/** Corrected values where some of what they are made of is not defined. */
class BaselinesTest {
    private static final Estimate NONE = Estimate.undefined("All rows are alike.");

    private static Estimate correct(Estimate stir, Estimate ceiling, Estimate seeds, Estimate permutations) {
        return Baselines.correct(
                Scale.UNIT,
                MeasureScore.of(Quantity.STIR, stir)
                        .with(Quantity.CEILING, ceiling)
                        .with(Quantity.SEED_FLOOR, seeds)
                        .with(Quantity.PERMUTATION_FLOOR, permutations));
    }

    /** A value of ten inputs, each of which changes it by as much. */
    private static Estimate of(double value, double change) {
        var parts = new double[10];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = value + (i % 2 == 0 ? change : -change);
        }
        return Estimate.of(Replicates.of(Replicates.Scheme.GROUPS, value, parts, parts.length, 0), Scale.UNIT);
    }

    private static Estimate of(double value) {
        return of(value, 0.001);
    }

    @Test
    void oneFloorWillDo() {
        assertEquals(0.5, value(correct(of(0.6), of(1), of(0.2), of(0.1))), 1e-12);
        assertEquals(0.5, value(correct(of(0.6), of(1), NONE, of(0.2))), 1e-12);
        assertEquals(0.5, value(correct(of(0.6), of(1), of(0.2), NONE)), 1e-12);
    }

    private static double value(Estimate estimate) {
        return estimate.value().orElseThrow();
    }

    @Test
    void missingBaselinesAreReported() {
        assertEquals("The score is not defined.", reason(NONE, of(1), of(0.2), of(0.1)));
        assertEquals("The ceiling is not defined.", reason(of(0.6), NONE, of(0.2), of(0.1)));
        assertEquals("Neither floor is defined.", reason(of(0.6), of(1), NONE, NONE));
        assertTrue(
                reason(of(0.6), of(0.5), NONE, of(0.5)).contains("no better than the floor"), "a ceiling at the floor");
    }

    @Test
    void aCeilingThatIsNotClearlyAboveTheFloorGivesNoValue() {
        assertTrue(correct(of(0.6), of(1), of(0.9), NONE).isDefined(), "clearly above it");
        assertTrue(
                reason(of(0.6), of(1, 0.1), of(0.9), NONE).contains("not clearly better"),
                "its interval holds the floor");
        assertTrue(reason(of(0.6), Estimate.of(1), of(0.9), NONE).contains("has no interval"), "nobody knows");
    }

    @Test
    void aScoreWithoutAnIntervalIsCorrectedIfTheCeilingHasOne() {
        var corrected = correct(Estimate.of(0.6), of(1), of(0.2), of(0.1));
        assertEquals(0.5, value(corrected), 1e-12);
        assertTrue(corrected.interval().isEmpty());
        assertTrue(correct(of(0.6), of(1), of(0.2), of(0.1)).interval().isPresent());
    }

    private static String reason(Estimate stir, Estimate ceiling, Estimate seeds, Estimate permutations) {
        return correct(stir, ceiling, seeds, permutations).undefined().orElseThrow();
    }
}
