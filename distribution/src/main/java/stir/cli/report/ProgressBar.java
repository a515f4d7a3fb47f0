package stir.cli.report;

import stir.core.runtime.progress.Progress;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** One line of progress on a terminal: share, rate, time left, residual. */
public final class ProgressBar implements ProgressDisplay {
    private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintWriter terminal;
    private final int columns;
    private final Consumer<String> notes;
    private final LongSupplier clock;
    private String task = "";
    private long begun;
    private long drawn;

    /**
     * Creates a bar that is not shown yet.
     *
     * @param terminal where it is drawn
     * @param columns the number of characters in a line
     * @param notes receives sentences
     * @param clock nanoseconds from any origin
     */
    public ProgressBar(
            PrintWriter terminal, int columns, Consumer<String> notes, LongSupplier clock) {
        this.terminal = terminal;
        this.columns = columns;
        this.notes = notes;
        this.clock = clock;
    }

    @Override
    public void update(Progress progress) {
        long now = clock.getAsLong();
        if (!progress.task().equals(task)) {
            task = progress.task();
            begun = now;
            drawn = now - REDRAW_NANOS;
        }
        if (now - drawn >= REDRAW_NANOS) {
            drawn = now;
            // A line that fills the last column would begin another one, which is not erased.
            terminal.print(
                    ERASE_LINE + ProgressLine.of(progress, (now - begun) / 1e9, columns - 1));
            terminal.flush();
        }
    }

    @Override
    public void note(String sentence) {
        close();
        notes.accept(sentence);
    }

    /** Erases the bar, so that the next text begins on an empty line. */
    @Override
    public void close() {
        terminal.print(ERASE_LINE);
        terminal.flush();
    }
}
