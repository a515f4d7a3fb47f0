package stir.cli.report;

import stir.core.progress.Progress;
import stir.core.progress.ProgressListener;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** One line on a terminal that tells how far work has come: share, rate, time left, residual. */
public final class ProgressBar implements ProgressListener, AutoCloseable {
    private static final int WIDTH = 24;
    private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintWriter terminal;
    private final Consumer<String> notes;
    private final LongSupplier clock;
    private String task = "";
    private long begun;
    private long drawn;

    /**
     * A bar that is not shown yet.
     *
     * @param terminal where it is drawn
     * @param notes is told sentences
     * @param clock nanoseconds from any origin
     */
    public ProgressBar(PrintWriter terminal, Consumer<String> notes, LongSupplier clock) {
        this.terminal = terminal;
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
            terminal.print(ERASE_LINE + line(progress, (now - begun) / 1e9));
            terminal.flush();
        }
    }

    @Override
    public void note(String sentence) {
        close();
        notes.accept(sentence);
    }

    /** Erases the bar, so that what follows begins on a clean line. */
    @Override
    public void close() {
        terminal.print(ERASE_LINE);
        terminal.flush();
    }

    private static String line(Progress progress, double seconds) {
        double share = (double) progress.done() / progress.total();
        int filled = (int) (WIDTH * share);
        var line =
                new StringBuilder(progress.task())
                        .append(" [")
                        .append("#".repeat(filled))
                        .append(".".repeat(WIDTH - filled))
                        .append(String.format(Locale.ROOT, "] %3.0f %%", 100 * share));
        double rate = progress.done() / seconds;
        if (rate > 0 && Double.isFinite(rate)) {
            line.append(String.format(Locale.ROOT, ", %.0f passes/s", rate))
                    .append(", ")
                    .append(duration((progress.total() - progress.done()) / rate))
                    .append(" left");
        }
        if (!Double.isNaN(progress.residual())) {
            line.append(String.format(Locale.ROOT, ", residual %.4f", progress.residual()));
        }
        return line.toString();
    }

    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole >= 3600
                ? "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60)
                : "%d:%02d".formatted(whole / 60, whole % 60);
    }
}
