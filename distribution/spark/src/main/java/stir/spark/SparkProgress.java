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
 * Tells on the driver how far a stage has come, which attempts failed and which executors were
 * lost. Spark calls it from a thread of its own.
 */
final class SparkProgress extends SparkListener implements StudyListener {
    private static final long PAUSE = Duration.ofSeconds(5).toNanos();

    private final Consumer<String> out;
    private final LongSupplier nanoseconds;
    private String stage = "";
    private int units;
    private int tasks;
    private final BitSet done = new BitSet();
    private long told;

    /**
     * Progress of no stage.
     *
     * @param out takes a line
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

    /** Begins a stage of so many units, in so many tasks. */
    synchronized void begin(String name, int unitsOfStage, int tasksOfStage) {
        stage = name;
        units = unitsOfStage;
        tasks = tasksOfStage;
        done.clear();
        told = nanoseconds.getAsLong();
    }

    /** All units of the stage have their outcome. Spark may tell of the last tasks only later. */
    synchronized void complete() {
        if (done.cardinality() < tasks) {
            done.set(0, tasks);
            tellCount();
        }
        end();
    }

    /** Ends the stage: nothing more is told of it. */
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

    /** A task is done; again, if it was tried twice at once. */
    synchronized void done(int task) {
        if (stage.isEmpty() || done.get(task)) {
            return;
        }
        done.set(task);
        long now = nanoseconds.getAsLong();
        if (done.cardinality() == tasks || now - told >= PAUSE) {
            told = now;
            tellCount();
        }
    }

    private void tellCount() {
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
                    "executor %s is lost (%s): what it was doing is done again."
                            .formatted(executor, reason.lines().findFirst().orElse("").strip()));
        }
    }
}
