package stir.cli.report;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import stir.api.Caution;
import stir.core.runtime.progress.Progress;
import stir.core.score.CautionText;
import stir.core.study.StudyListener;
import stir.core.study.plan.Unit;
import stir.core.study.plan.Workload;

/**
 * A display of the progress of the whole work of a command: one line that is drawn again on a
 * terminal, or a line with the time of day now and then in a log. Thread-safe: a clock's thread
 * draws while the work reports nothing.
 */
public final class ProgressDisplay implements StudyListener, AutoCloseable {
    /** The beginning of the line, and the erasure of all that follows. */
    public static final String ERASE_LINE = "\r\u001b[K";

    private static final double REDRAW = 0.1;
    private static final Duration TICK = Duration.ofMillis(500);

    /** The seconds of silence of a command that is soon done. */
    private static final double SILENT = 10;

    /** The fewest seconds between two values of progress. */
    private static final double SECOND = 1;

    /** The fewest seconds between two lines of a log. */
    private static final double FEWEST = 10;

    /** The maximum number of seconds between two lines of a log. */
    private static final double MOST = 30;

    /** The remaining seconds from which a shorter search is mentioned. */
    private static final double LONG = 600;

    /** The seconds after which an estimate is good enough to mention it. */
    private static final double KNOWN = 60;

    private final Output output;
    private final int columns;
    private final String whole;
    private final LongSupplier nanoseconds;
    private final Clock clock;
    private final double created;
    private final List<Caution> cautions = new ArrayList<>();
    private UnitNames names = new UnitNames(new Workload(0, List.of()));
    private @Nullable WorkEstimate work;
    private @Nullable Progress task;
    private String unit = "";
    private @Nullable Progress written;
    private double begun;
    private double looked = Double.NEGATIVE_INFINITY;
    private double shown;
    private boolean isDrawn;
    private boolean hasWritten;
    private boolean hasMentionedFast;
    private boolean isClosed;

    /** The places that a display writes to. */
    public interface Output {
        /** Writes to the terminal, without an end of line. */
        void draw(String text);

        /** Writes a line to the log. */
        void line(String text);

        /** Writes a sentence for the user. */
        void note(String sentence);

        /** Writes a reason not to trust results. */
        void warn(String sentence);

        /** Returns whether the output receives progress as a value in place of text. */
        default boolean isStructured() {
            return false;
        }

        /** Receives progress, at most once per second. */
        default void progress(ProgressLine line) {}

        /** Writes a step for users who want all details. */
        void step(String line);
    }

    /**
     * Creates a display that shows nothing yet.
     *
     * @param output the destination of the display
     * @param columns the number of characters in a line of the terminal; 0 for a log
     * @param whole the word for the whole of the work
     * @param nanoseconds a clock of any origin
     * @param clock the time of day
     */
    ProgressDisplay(Output output, int columns, String whole, LongSupplier nanoseconds, Clock clock) {
        this.output = output;
        this.columns = columns;
        this.whole = whole;
        this.nanoseconds = nanoseconds;
        this.clock = clock;
        this.created = now();
        this.shown = created;
    }

    @Override
    public synchronized void caution(Caution caution) {
        cautions.add(caution);
        erase();
        output.warn(CautionText.of(caution));
    }

    /** Returns the reasons not to trust any result of a model. */
    public synchronized List<Caution> cautions() {
        return List.copyOf(cautions);
    }

    /** Returns a display that follows the clock, with arguments as for the constructor. */
    public static ProgressDisplay start(Output output, int columns, String whole) {
        var display =
                new ProgressDisplay(output, columns, whole, System::nanoTime, Clock.system(ZoneId.systemDefault()));
        var ticks = new Thread(display::follow, "stir-progress");
        ticks.setDaemon(true);
        ticks.start();
        return display;
    }

    private void follow() {
        try {
            while (tick()) {
                Thread.sleep(TICK.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private double now() {
        return nanoseconds.getAsLong() / 1e9;
    }

    @Override
    public synchronized void plan(Workload planned) {
        names = new UnitNames(planned);
        work = planned.parts().isEmpty() ? null : new WorkEstimate(planned);
        task = null;
    }

    @Override
    public synchronized void begin(Unit begins) {
        unit = names.of(begins);
        begun = now();
        task = null;
        written = null;
        if (work != null) {
            work.begin(begins, begun);
        }
    }

    @Override
    public synchronized void end(Unit ended) {
        if (work != null) {
            work.end(now());
            show(true);
        }
        task = null;
    }

    @Override
    public synchronized void update(Progress progress) {
        if (task == null || !task.task().equals(progress.task())) {
            begun = work == null ? now() : begun;
        }
        task = progress;
        if (work != null) {
            work.update(progress);
        }
        show(false);
    }

    @Override
    public synchronized void note(String sentence) {
        erase();
        output.note(sentence);
    }

    @Override
    public synchronized void step(String line) {
        erase();
        output.step(line);
    }

    /**
     * Shows the time that has passed.
     *
     * @return whether the display is still open
     */
    synchronized boolean tick() {
        if (!isClosed && (work != null || task != null)) {
            show(false);
        }
        return !isClosed;
    }

    private void show(boolean hasEnded) {
        double now = now();
        boolean isEmpty = columns > 0 && !isDrawn;
        if (isClosed || (now - looked < REDRAW && !hasEnded && !isEmpty)) {
            return; // the work reports thousands of times a second
        }
        looked = now;
        if (columns > 0) {
            isDrawn = true;
            // A line that fills the last column would begin another one, which is not erased.
            output.draw(ERASE_LINE + line(now).within(columns - 1));
        } else if (output.isStructured()) {
            if (now - shown >= SECOND || hasEnded) {
                shown = now;
                output.progress(line(now));
            }
        } else if (isDue(now, hasEnded)) {
            shown = now;
            hasWritten = true;
            written = task;
            write(line(now).text());
        }
        mentionFast(now);
    }

    private boolean isDue(double now, boolean hasEnded) {
        if (hasEnded && written != null && !written.equals(task)) {
            return true; // a unit that has a line gets a last one, with the residual of its result
        }
        return now - shown >= (hasEnded || !hasWritten ? FEWEST : MOST) && now - created >= SILENT;
    }

    private void write(String line) {
        output.line(ProgressLine.timeOfDay(LocalTime.now(clock)) + " " + line);
    }

    private ProgressLine line(double now) {
        if (work == null) {
            double share = task == null ? 0 : (double) task.done() / task.total();
            return new ProgressLine(
                    1,
                    1,
                    task == null ? "" : task.task(),
                    task == null ? OptionalDouble.empty() : OptionalDouble.of(share),
                    known(task == null ? Double.NaN : task.residual()),
                    share > 0 ? OptionalDouble.of((now - begun) * (1 - share) / share) : OptionalDouble.empty(),
                    whole,
                    OptionalDouble.empty());
        }
        return new ProgressLine(
                work.number(),
                work.count(),
                unit,
                work.share(),
                known(work.residual()),
                work.left(now),
                whole,
                work.allLeft(now));
    }

    private static OptionalDouble known(double value) {
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** Mentions once that a long run could be shorter. */
    private void mentionFast(double now) {
        if (hasMentionedFast || work == null || now - created < KNOWN) {
            return;
        }
        double left = work.allLeft(now).orElse(0);
        var fast = work.byFast(now);
        if (left > LONG && fast.isPresent()) {
            hasMentionedFast = true;
            note("about %s left; the optimiser fast would take about %s, for a quick look."
                    .formatted(Amounts.duration(left), Amounts.duration(fast.getAsDouble())));
        }
    }

    private void erase() {
        if (isDrawn) {
            isDrawn = false;
            output.draw(ERASE_LINE);
        }
    }

    /** Erases the line, so that the next text begins on an empty one. Idempotent. */
    @Override
    public synchronized void close() {
        erase();
        if (!isClosed
                && (hasWritten || (columns > 0 && now() - created >= SILENT))
                && work != null
                && work.isComplete()) {
            write("[%d/%d] done, after %s".formatted(work.count(), work.count(), ProgressLine.clock(now() - created)));
        }
        isClosed = true;
    }
}
