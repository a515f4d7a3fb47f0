package stir.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the driver tells while a stage runs. */
class SparkProgressTest {
    private final List<String> told = new ArrayList<>();
    private long seconds;
    private final SparkProgress progress =
            new SparkProgress(told::add, () -> TimeUnit.SECONDS.toNanos(seconds));

    @Test
    void unitsAreCountedOnceAndToldNowAndThen() {
        progress.begin("search", 4, 4);
        progress.done(2);
        seconds = 6;
        progress.done(2); // the other attempt of it
        progress.done(0);
        progress.done(1);
        progress.done(3);
        assertEquals(List.of("search: 2 of 4 done", "search: 4 of 4 done"), told);
    }

    @Test
    void aTaskMayHaveSeveralUnits() {
        progress.begin("score", 1000, 10);
        seconds = 10;
        progress.done(7);
        assertEquals(List.of("score: 100 of 1000 done"), told);
    }

    @Test
    void theEndIsToldThoughSparkIsLateToTellOfTasks() {
        progress.begin("gather", 4, 4);
        progress.done(1);
        progress.complete();
        progress.done(2);
        progress.begin("score", 1, 1);
        progress.done(0);
        progress.complete();
        assertEquals(List.of("gather: 4 of 4 done", "score: 1 of 1 done"), told);
    }

    @Test
    void attemptsThatFailAndExecutorsThatAreLostAreTold() {
        progress.begin("search", 4, 4);
        progress.failed("n17", "stir.api.BackendException: No space left on device");
        progress.lost("1", "Command exited with code 137\nmore");
        progress.end();
        progress.lost("2", "the end");
        progress.done(1);
        assertEquals(
                List.of(
                        "note: an attempt on n17 failed (stir.api.BackendException: No space left on device); Spark tries again.",
                        "note: executor 1 is lost (Command exited with code 137): its units run again."),
                told);
    }
}
