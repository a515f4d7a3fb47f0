package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import stir.core.runtime.progress.Progress;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

class ProgressBarTest {
    private final StringWriter terminal = new StringWriter();
    private final List<String> notes = new ArrayList<>();
    private long now = 5;
    private final ProgressBar bar =
            new ProgressBar(new PrintWriter(terminal), 120, notes::add, () -> now);

    @Test
    void tellsShareRateTimeLeftAndResidual() {
        bar.update(new Progress("Inverting a", 0, 1000, Double.NaN));
        now += TimeUnit.SECONDS.toNanos(2);
        bar.update(new Progress("Inverting a", 250, 1000, 0.12345));
        assertEquals(
                "Inverting a [######..................]  25 %, 125 passes/s, 0:06 left, residual 0.1235",
                lastLine());
        now += TimeUnit.HOURS.toNanos(2);
        bar.update(new Progress("Inverting a", 500, 1000, 0.1));
        assertEquals(
                "Inverting a [############............]  50 %, 0 passes/s, 2:00:02 left, residual 0.1000",
                lastLine());
    }

    @Test
    void isDrawnTenTimesASecondAtMost() {
        for (int i = 0; i < 1000; i++) {
            bar.update(new Progress("Inverting a", i, 1000, 0.5));
            now += TimeUnit.MILLISECONDS.toNanos(1);
        }
        assertEquals(10, terminal.toString().split("Inverting", -1).length - 1);
    }

    @Test
    void beginsAnewWithAnotherTask() {
        bar.update(new Progress("Inverting a", 900, 1000, 0.5));
        now += TimeUnit.SECONDS.toNanos(100);
        bar.update(new Progress("Inverting b", 0, 1000, 0.5));
        now += TimeUnit.SECONDS.toNanos(1);
        bar.update(new Progress("Inverting b", 500, 1000, 0.5));
        assertEquals(
                "Inverting b [############............]  50 %, 500 passes/s, 0:01 left, residual 0.5000",
                lastLine());
    }

    @Test
    void aNoteBeginsOnACleanLine() {
        bar.update(new Progress("Inverting a", 900, 1000, 0.5));
        bar.note("Some work goes on.");
        assertEquals("", lastLine());
        assertEquals(List.of("Some work goes on."), notes);
    }

    @Test
    void fitsTheTerminal() {
        var progress = new Progress("Inverting small, relu1, for wide", 250, 1000, 0.12345);
        for (int columns = 1; columns < 140; columns++) {
            var narrow = new StringWriter();
            var seconds = new long[1];
            var bar =
                    new ProgressBar(new PrintWriter(narrow), columns, notes::add, () -> seconds[0]);
            bar.update(new Progress(progress.task(), 0, 1000, Double.NaN));
            seconds[0] = TimeUnit.SECONDS.toNanos(2);
            bar.update(progress);
            for (var line : narrow.toString().split("\r\u001b\\[K", -1)) {
                assertTrue(line.length() < columns, line);
            }
        }
        assertEquals(
                "Inverting small, relu1, for wide  25 %, 125 passes/s, 0:06 left, residual 0.1235",
                ProgressLine.of(progress, 2, 85));
        assertEquals(
                "Inverting small, relu1, for wide  25 %, residual 0.1235",
                ProgressLine.of(progress, 2, 60));
    }

    @Test
    void aLogGetsALineAMinute() {
        var lines = new ArrayList<String>();
        var log = new ProgressLines(lines::add, notes::add, () -> now);
        for (int i = 0; i < 300; i++) {
            log.update(new Progress("Inverting a", i, 1000, 0.5));
            now += TimeUnit.SECONDS.toNanos(1);
        }
        assertEquals(4, lines.size());
        assertEquals("Inverting a:   6 %, 1 passes/s, 15:40 left, residual 0.5000", lines.get(0));
    }

    private String lastLine() {
        var lines = terminal.toString().split("\r\u001b\\[K", -1);
        return lines[lines.length - 1];
    }
}
