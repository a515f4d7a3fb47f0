package stir.cli.report;

import stir.core.runtime.progress.Progress;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Lines of progress for a log, where there is no terminal: one per minute. */
public final class ProgressLines implements ProgressDisplay {
    private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

    private final Consumer<String> lines;
    private final Consumer<String> notes;
    private final LongSupplier clock;
    private String task = "";
    private long begun;
    private long written;

    /**
     * Creates lines, of which the first is printed after a minute.
     *
     * @param lines receives the progress of work
     * @param notes receives sentences
     * @param clock nanoseconds from any origin
     */
    public ProgressLines(Consumer<String> lines, Consumer<String> notes, LongSupplier clock) {
        this.lines = lines;
        this.notes = notes;
        this.clock = clock;
        this.written = clock.getAsLong();
    }

    @Override
    public void update(Progress progress) {
        long now = clock.getAsLong();
        if (!progress.task().equals(task)) {
            task = progress.task();
            begun = now;
        }
        if (now - written >= INTERVAL_NANOS) {
            written = now;
            lines.accept(ProgressLine.of(progress, (now - begun) / 1e9));
        }
    }

    @Override
    public void note(String sentence) {
        notes.accept(sentence);
    }

    /** Does nothing: lines are whole. */
    @Override
    public void close() {}
}
