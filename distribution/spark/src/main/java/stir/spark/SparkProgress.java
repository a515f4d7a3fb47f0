package stir.spark;

import org.apache.spark.ExceptionFailure;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

import stir.core.study.StudyListener;

import java.time.Duration;
import java.util.BitSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The progress of a stage on the driver, with failed attempts and lost executors. Thread-safe:
 * Spark calls from a thread of its own.
 */
final class SparkProgress extends SparkListener implements StudyListener {
    private static final long PAUSE = Duration.ofSeconds(5).toNanos();

    private final Consumer<String> out;
    private final LongSupplier nanoseconds;
    private String stage = "";
    private int units;
    private int tasks;
    private final BitSet done = new BitSet();
    private long reported;

    /**
     * Creates the progress before the first stage.
     *
     * @param out receives the lines
     * @param nanoseconds a clock
     */
    SparkProgress(Consumer<String> out, LongSupplier nanoseconds) {
        this.out = out;
        this.nanoseconds = nanoseconds;
    }

    @Override
    public synchronized void step(String line) {
        out.accept(line);
    }

    @Override
    public synchronized void note(String sentence) {
        out.accept("note: " + sentence);
    }

    /** Begins a stage, given the numbers of its units and tasks. */
    synchronized void begin(String name, int unitsOfStage, int tasksOfStage) {
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
            done.set(0, tasks);
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
        done.set(task);
        long now = nanoseconds.getAsLong();
        if (done.cardinality() == tasks || now - reported >= PAUSE) {
            reported = now;
            reportCount();
        }
    }

    private void reportCount() {
        long count = (long) done.cardinality() * units / tasks;
        out.accept("%s: %d of %d done".formatted(stage, count, units));
    }

    synchronized void failed(String host, String description) {
        if (!stage.isEmpty()) {
            note("an attempt on %s failed (%s); Spark tries again.".formatted(host, description));
        }
    }

    synchronized void lost(String executor, String reason) {
        if (!stage.isEmpty()) {
            note(
                    "executor %s is lost (%s): its units run again."
                            .formatted(executor, reason.lines().findFirst().orElse("").strip()));
        }
    }
}
