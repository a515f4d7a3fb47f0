package stir.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;

import java.util.List;
import java.util.stream.IntStream;

class MilestonesTest {
    private static List<Integer> passes(Milestones milestones) {
        return IntStream.range(0, milestones.count()).map(milestones::passes).boxed().toList();
    }

    @Test
    void theyAreFewAndTheLastIsTheEnd() {
        assertEquals(List.of(1), passes(Milestones.until(1)));
        assertEquals(List.of(1, 2), passes(Milestones.until(2)));
        assertEquals(List.of(1, 2, 3, 4, 6, 8, 12, 13), passes(Milestones.until(13)));
        assertTrue(Milestones.until(Integer.MAX_VALUE).count() < 64);
        assertEquals(
                21, passes(Milestones.of(InversionSettings.REFERENCE.withIterations(20))).get(8));
    }

    @Test
    void theNextOneIsFound() {
        var milestones = Milestones.until(13);
        assertEquals(0, milestones.from(1));
        assertEquals(4, milestones.from(5));
        assertEquals(4, milestones.from(6));
        assertEquals(8, milestones.from(14));
    }

    @Test
    void aSearchWithoutStepsHasNone() {
        var nearest = InversionSettings.of(Optimizer.NEAREST.method());
        assertEquals(0, Milestones.of(nearest).count());
    }
}
