package stir.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import stir.core.score.StudiedLayer;
import stir.core.study.plan.Unit;
import stir.core.study.plan.Workload;

/** What the driver tells while a stage runs. */
class SparkProgressTest {
    private static final Unit SCORE = new Unit.Score("net", "net");

    private final List<String> lines = new ArrayList<>();
    private long seconds;
    private final SparkProgress progress = new SparkProgress(
            lines::add,
            () -> TimeUnit.SECONDS.toNanos(seconds),
            () -> LocalTime.of(9, 0).plusSeconds(seconds));

    private static List<Unit> searches(int count) {
        return IntStream.range(0, count)
                .<Unit>mapToObj(from -> new Unit.Search(new StudiedLayer("net", "fc"), "fast", 1, from, from + 1))
                .toList();
    }

    /** Plans searches, each of the size 1, and a score of the size 4; others were done before. */
    private void plan(int searches, int before) {
        var parts = new ArrayList<Workload.Part>();
        searches(searches).forEach(unit -> parts.add(new Workload.Part(unit, 1, 1)));
        parts.add(new Workload.Part(SCORE, 4, 4));
        progress.plan(new Workload(before, parts));
    }

    @Test
    void unitsAreCountedOnceAndReportedAtIntervals() {
        plan(4, 1);
        progress.begin("search", searches(4), 4);
        progress.done(2);
        seconds = 6;
        progress.done(2); // the other attempt of it
        progress.done(0);
        progress.done(1);
        progress.done(3);
        assertEquals(
                List.of(
                        "09:00:06 search: 2 of 4 done, 3 of 6 in all, about 0:18 left",
                        "09:00:06 search: 4 of 4 done, 5 of 6 in all, about 0:06 left"),
                lines);
    }

    @Test
    void aTaskMayHaveSeveralUnits() {
        plan(1000, 0);
        progress.begin("search", searches(1000), 10);
        seconds = 10;
        progress.done(7);
        assertEquals(List.of("09:00:10 search: 100 of 1000 done, 100 of 1001 in all, about 1:30 left"), lines);
    }

    @Test
    void theEndIsReportedThoughSparkReportsTasksLate() {
        plan(0, 4);
        var gathers = searches(4).stream()
                .<Unit>map(unit -> unit.whole().orElseThrow())
                .toList();
        progress.begin("gather", gathers, 4);
        progress.done(1);
        progress.complete();
        progress.done(2);
        progress.begin("score", List.of(SCORE), 1);
        progress.done(0);
        progress.complete();
        assertEquals(
                List.of("09:00:00 gather: 4 of 4 done, 4 of 5 in all", "09:00:00 score: 1 of 1 done, 5 of 5 in all"),
                lines);
    }

    @Test
    void aSignOfLifeIsReportedAfterHalfAMinute() {
        plan(4, 0);
        progress.begin("search", searches(4), 4);
        seconds = 29;
        progress.beat();
        assertEquals(List.of(), lines);
        seconds = 30;
        progress.beat();
        progress.beat();
        assertEquals(List.of("09:00:30 search: 0 of 4 done, 0 of 5 in all"), lines);
    }

    @Test
    void failedAttemptsAndLostExecutorsAreReported() {
        progress.begin("search", searches(4), 4);
        progress.failed("n17", "stir.api.BackendException: No space left on device");
        progress.lost("1", "Command exited with code 137\nmore");
        progress.end();
        progress.lost("2", "the end");
        progress.done(1);
        assertEquals(
                List.of(
                        "note: an attempt on n17 failed (stir.api.BackendException: No space left on device); Spark tries again.",
                        "note: executor 1 is lost (Command exited with code 137): its units run again."),
                lines);
    }
}
