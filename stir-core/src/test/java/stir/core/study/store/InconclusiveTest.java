package stir.core.study.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static stir.core.score.ScoreFixture.PARTLY;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import stir.core.score.Advice;
import stir.core.score.DirectedScore;
import stir.core.score.Gap;

class InconclusiveTest {
    private static DirectedScore wide(double high) {
        return PARTLY.p(0.3).corrected(-high, high).score("a", "b");
    }

    @Test
    void scoresAreCountedByTheirReasonAndTheMedianAdviceIsGiven() {
        var few = PARTLY.converged(5, OptionalInt.of(5)).score("a", "b");
        var counts = Inconclusive.of(List.of(few, wide(2.5), PARTLY.score("a", "b"), wide(0.5), wide(0.25)));
        assertEquals(
                List.of(
                        new Inconclusive(
                                Gap.WIDE_INTERVAL,
                                3,
                                // 22, 80 and 2000 inputs: 20 times 1.1, 2^2 and 10^2
                                List.of(new Advice(Advice.Kind.MORE_INPUTS, OptionalDouble.of(80)))),
                        new Inconclusive(
                                Gap.FEW_ACCEPTED,
                                1,
                                List.of(new Advice(Advice.Kind.LONGER_SEARCH, OptionalDouble.empty())))),
                counts);
        assertEquals("too few searches found an accepted input", counts.get(1).problem());
    }

    @Test
    void scoresOfALayerByItselfAreNotCounted() {
        assertEquals(List.of(), Inconclusive.of(List.of(PARTLY.p(0.3).score("a", "a"))));
    }

    @Test
    void settledScoresAreNotCounted() {
        assertEquals(
                List.of(),
                Inconclusive.of(
                        List.of(PARTLY.score("a", "b"), PARTLY.distance(0.001).score("a", "b"), wide(0.24))));
    }
}
