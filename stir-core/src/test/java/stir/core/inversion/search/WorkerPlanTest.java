package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.UsageException;

class WorkerPlanTest {
    private static final long MEGABYTE = 1 << 20;

    /** Two workers that share a batch of 40, in passes of 4 rows; 10 MB of each input. */
    @ParameterizedTest
    @CsvSource({
        "100, 1000, 2, 20",
        "21, 1000, 2, 20",
        "20, 1000, 1, 20",
        "100, 800, 2, 20",
        "100, 799, 2, 16",
        "100, 160, 2, 4",
        "100, 159, 1, 4",
        "100, 80, 1, 4"
    })
    void takesAsManyInputsAsFit(int inputs, long memory, int workers, int slots) {
        var plan = WorkerPlan.of(2, 20, inputs, 4, 10 * MEGABYTE, memory * MEGABYTE);
        assertEquals(new WorkerPlan(workers, slots), plan);
    }

    @Test
    void refusesWhatFitsNowhereInOneSentence() {
        var refusal =
                assertThrows(UsageException.class, () -> WorkerPlan.of(2, 20, 100, 4, 10 * MEGABYTE, 79 * MEGABYTE));
        assertEquals(
                "The search needs 10.0 MB for each of 4 inputs per pass, over half of Java's 79 MB: increase the heap, measure a narrower layer, or use the optimiser published, which needs little.",
                refusal.getMessage());
    }
}
