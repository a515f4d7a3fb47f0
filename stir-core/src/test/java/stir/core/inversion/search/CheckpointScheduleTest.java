package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;

class CheckpointScheduleTest {
    private static List<Integer> passes(CheckpointSchedule schedule) {
        return IntStream.range(0, schedule.count())
                .map(schedule::passes)
                .boxed()
                .toList();
    }

    @Test
    void theyAreFewAndTheLastIsTheEnd() {
        assertEquals(List.of(1), passes(CheckpointSchedule.until(1)));
        assertEquals(List.of(1, 2), passes(CheckpointSchedule.until(2)));
        assertEquals(List.of(1, 2, 3, 4, 6, 8, 12, 13), passes(CheckpointSchedule.until(13)));
        assertTrue(CheckpointSchedule.until(Integer.MAX_VALUE).count() < 64);
        assertEquals(
                21,
                passes(CheckpointSchedule.of(InversionSettings.PUBLISHED.withIterations(20)))
                        .get(8));
    }

    @Test
    void theNextOneIsFound() {
        var schedule = CheckpointSchedule.until(13);
        assertEquals(0, schedule.from(1));
        assertEquals(4, schedule.from(5));
        assertEquals(4, schedule.from(6));
        assertEquals(8, schedule.from(14));
    }

    @Test
    void aSearchWithoutStepsHasNone() {
        var nearest = InversionSettings.of(Optimizer.CANDIDATES.method());
        assertEquals(0, CheckpointSchedule.of(nearest).count());
    }
}
