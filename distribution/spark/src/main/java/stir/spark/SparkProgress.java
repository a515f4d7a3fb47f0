package stir.spark;

import java.time.Duration;
import java.time.LocalTime;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import stir.cli.report.ProgressLine;
import stir.core.study.StudyListener;
import stir.core.study.plan.Unit;
import stir.core.study.plan.Workload;

/**
 * The progress of a stage and of the whole study on the driver, with failed attempts and lost
 * executors. Thread-safe: Spark calls from a thread of its own.
 */
final class SparkProgress extends SparkListener implements StudyListener {
    private static final long PAUSE = Duration.ofSeconds(5).toNanos();
    private static final long SILENCE = Duration.ofSeconds(30).toNanos();

    private final Consumer<String> out;
    private final LongSupplier nanoseconds;
    private final Supplier<LocalTime> time;
    private final Map<Unit, Double> sizes = new HashMap<>();
    private double size;
    private double doneSize;
    private int count;
    private int doneCount;
    private long begun;
    private String stage = "";
    private List<Unit> units = List.of();
    private int tasks;
    private final BitSet done = new BitSet();
    private long reported;

    /**
     * Creates the progress before the first stage.
     *
     * @param out the consumer that receives the lines
     * @param nanoseconds a clock
     * @param time the time of day
     */
    SparkProgress(Consumer<String> out, LongSupplier nanoseconds, Supplier<LocalTime> time) {
        this.out = out;
        this.nanoseconds = nanoseconds;
        this.time = time;
    }

    @Override
    public synchronized void plan(Workload work) {
        work.parts().forEach(part -> sizes.put(part.unit(), part.size()));
        size = sizes.values().stream().mapToDouble(Double::doubleValue).sum();
        doneCount = work.done();
        count = doneCount + work.parts().size();
        begun = nanoseconds.getAsLong();
    }

    @Override
    public synchronized void step(String line) {
        out.accept(line);
    }

    @Override
    public synchronized void note(String sentence) {
        out.accept("note: " + sentence);
    }

    /** Begins a stage, given its units and the number of tasks that they are divided into. */
    synchronized void begin(String name, List<Unit> unitsOfStage, int tasksOfStage) {
        stage = name;
        units = unitsOfStage;
        tasks = tasksOfStage;
        done.clear();
        reported = nanoseconds.getAsLong();
    }

    /**
     * Completes the stage: all units have outcomes, though Spark may report the last tasks later.
     */
    synchronized void complete() {
        if (done.cardinality() < tasks) {
            for (int task = done.nextClearBit(0); task < tasks; task = done.nextClearBit(task)) {
                count(task);
            }
            reportCount();
        }
        end();
    }

    /** Ends the stage: no later event of it is reported. */
    synchronized void end() {
        stage = "";
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
        if (task.taskInfo().successful()) {
            done(task.taskInfo().index());
        } else if (task.reason() instanceof ExceptionFailure failure) {
            failed(task.taskInfo().host(), failure.description());
        }
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved executor) {
        lost(executor.executorId(), executor.reason());
    }

    /** Counts a task as done, once even if two attempts of it end. */
    synchronized void done(int task) {
        if (stage.isEmpty() || done.get(task)) {
            return;
        }
        count(task);
        if (done.cardinality() == tasks || isDue(PAUSE)) {
            reportCount();
        }
    }

    private void count(int task) {
        done.set(task);
        for (var unit : units.subList(first(task), first(task + 1))) {
            var own = sizes.get(unit);
            if (own != null) {
                doneSize += own;
                doneCount++;
            }
        }
    }

    /** Returns the index of the first unit of a task, as Spark divides a list. */
    private int first(int task) {
        return (int) ((long) task * units.size() / tasks);
    }

    private boolean isDue(long pause) {
        return nanoseconds.getAsLong() - reported >= pause;
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
        beat();
    }

    /** Reports the state if nothing was reported for long; executors send a sign of life. */
    synchronized void beat() {
        if (!stage.isEmpty() && isDue(SILENCE)) {
            reportCount();
        }
    }

    private void reportCount() {
        reported = nanoseconds.getAsLong();
        long ofStage = (long) done.cardinality() * units.size() / tasks;
        out.accept("%s %s: %d of %d done, %d of %d in all%s"
                .formatted(ProgressLine.timeOfDay(time.get()), stage, ofStage, units.size(), doneCount, count, left()));
    }

    private String left() {
        double seconds = (reported - begun) / 1e9;
        return doneSize > 0 && doneSize < size
                ? ", about %s left".formatted(ProgressLine.clock(seconds * (size - doneSize) / doneSize))
                : "";
    }

    synchronized void failed(String host, String description) {
        if (!stage.isEmpty()) {
            note("an attempt on %s failed (%s); Spark tries again.".formatted(host, description));
        }
    }

    synchronized void lost(String executor, String reason) {
        if (!stage.isEmpty()) {
            note("executor %s is lost (%s): its units run again."
                    .formatted(executor, reason.lines().findFirst().orElse("").strip()));
        }
    }
}
