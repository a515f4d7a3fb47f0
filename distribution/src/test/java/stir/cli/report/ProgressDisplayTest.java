package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import stir.api.Caution;
import stir.core.runtime.progress.Progress;
import stir.core.score.CautionText;
import stir.core.score.StudiedLayer;
import stir.core.study.plan.Unit;
import stir.core.study.plan.Workload;

class ProgressDisplayTest {
    private static final String ERASE = "\r\u001b[K";
    private static final List<String> LAYERS = List.of("conv1", "conv2", "fc1", "head");

    private final StringBuilder terminal = new StringBuilder();
    private final List<String> lines = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();
    private double seconds = 5;

    private final ProgressDisplay.Output output = new ProgressDisplay.Output() {
        @Override
        public void draw(String text) {
            terminal.append(text);
        }

        @Override
        public void line(String text) {
            lines.add(text);
        }

        @Override
        public void note(String sentence) {
            notes.add(sentence);
        }

        @Override
        public void warn(String sentence) {
            warnings.add(sentence);
        }

        @Override
        public void step(String line) {
            steps.add(line);
        }
    };

    private ProgressDisplay display(int columns) {
        InstantSource time = () -> Instant.EPOCH.plusMillis(Math.round(1000 * seconds));
        return new ProgressDisplay(
                output,
                columns,
                "study",
                () -> Math.round(seconds * 1e9),
                Clock.offset(time.withZone(ZoneOffset.UTC), java.time.Duration.ofHours(14)));
    }

    private static Unit search(String model, String layer) {
        return new Unit.Search(new StudiedLayer(model, layer), "thorough", 1, 0, 40);
    }

    /** Returns the work of models with four layers each, scored in all pairs. */
    private static List<Workload.Part> study(int models) {
        var parts = new ArrayList<Workload.Part>();
        for (int model = 0; model < models; model++) {
            for (var layer : LAYERS) {
                parts.add(new Workload.Part(search("net" + model, layer), 1000, 100));
            }
        }
        for (int target = 0; target < models; target++) {
            for (int reference = 0; reference < models; reference++) {
                var unit = new Unit.Score("net" + target, "net" + reference);
                parts.add(new Workload.Part(unit, 10, 10));
            }
        }
        return parts;
    }

    private void run(ProgressDisplay display, Unit unit, double taking) {
        display.begin(unit);
        seconds += taking;
        display.update(new Progress("Inverting", 1000, 1000, 0.01, 500));
        display.end(unit);
    }

    private String drawn() {
        var all = terminal.toString().split("\r\u001b\\[K", -1);
        return all[all.length - 1];
    }

    /** The line of the progress is erased, and the time that it took stays. */
    @Test
    void aTerminalKeepsTheTimeThatTheWorkTook() {
        var display = display(100);
        display.plan(new Workload(0, List.of(new Workload.Part(search("a", "fc1"), 1000, 100))));
        run(display, search("a", "fc1"), 84);
        display.close();
        display.close();
        assertEquals("", drawn());
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.get(0).endsWith("[1/1] done, after 1:24"), lines.get(0));
        lines.clear();
        var brief = display(100);
        brief.plan(new Workload(0, List.of(new Workload.Part(search("a", "fc1"), 1000, 100))));
        run(brief, search("a", "fc1"), 0.5);
        brief.close();
        assertEquals(List.of(), lines, "a command that ends at once needs no time");
    }

    @Test
    void theLineNamesTheUnitAndHasTheTimeOfTheWhole() {
        var display = display(100);
        var parts = study(12);
        display.plan(new Workload(0, parts));
        for (var part : parts.subList(0, 13)) {
            run(display, part.unit(), part.unit().equals(search("net0", "head")) ? 40 : 10);
        }
        display.begin(parts.get(13).unit());
        seconds += 4;
        display.update(new Progress("Inverting", 440, 1000, 0.0542, 400));
        // 8 searches wait at conv1 and at conv2, 9 at fc1 and at head, where they took 20 s (40, 10
        // and 10); and 144 scores, for which a pass costs as much as in a search.
        assertTrue(drawn().startsWith("[14/192] net3 conv2  44 %  residual 0.054  0:05, "), drawn());
        double scores = 144 * 10 * (164.0 / (13 * 500 + 400));
        double conv2 = 1000 * 34.0 / 3440;
        double left = 4 * 0.56 / 0.44 + 8 * 10 + 8 * conv2 + 9 * 10 + 9 * 20 + scores;
        assertTrue(drawn().endsWith(", study " + ProgressLine.clock(left) + " left"), drawn());
        display.close();
        assertEquals("", drawn());
    }

    @Test
    void unitsThatWereDoneBeforeCount() {
        var display = display(80);
        var parts = study(2);
        display.plan(new Workload(8, parts));
        run(display, parts.get(0).unit(), 1);
        display.begin(parts.get(1).unit());
        seconds += 1;
        display.tick();
        assertTrue(drawn().startsWith("[10/20] net0 conv2"), drawn());
    }

    @Test
    void aUnitThatFailsWithoutAnEndIsNotMistakenForTheNext() {
        var display = display(80);
        var parts = study(2);
        display.plan(new Workload(0, parts));
        display.begin(parts.get(0).unit());
        seconds += 100;
        run(display, parts.get(1).unit(), 1);
        display.begin(parts.get(2).unit());
        seconds += 1;
        display.tick();
        assertTrue(drawn().startsWith("[3/12] net0 fc1"), drawn());
        assertFalse(drawn().contains("1:4"), drawn());
    }

    @Test
    void aTaskWithoutUnitsHasItsOwnTimeAlone() {
        var display = display(80);
        display.update(new Progress("Representing at fc1", 0, 1000, Double.NaN));
        seconds += 2;
        display.update(new Progress("Representing at fc1", 250, 1000, Double.NaN));
        assertEquals("Representing at fc1  25 %  0:06 left", drawn());
        seconds += 100;
        display.update(new Progress("Representing at fc2", 0, 1000, Double.NaN));
        seconds += 1;
        display.update(new Progress("Representing at fc2", 500, 1000, 0.0012));
        assertEquals("Representing at fc2  50 %  residual 0.0012  0:01 left", drawn());
    }

    @Test
    void theTerminalIsDrawnTenTimesASecondAtMost() {
        var display = display(80);
        for (int i = 0; i < 1000; i++) {
            display.update(new Progress("Inverting", i, 1000, 0.5));
            seconds += 0.001;
        }
        assertEquals(10, terminal.toString().split("Inverting", -1).length - 1);
    }

    @Test
    void notesAndStepsBeginOnACleanLine() {
        var display = display(80);
        display.update(new Progress("Inverting", 900, 1000, 0.5));
        display.note("Some work goes on.");
        assertEquals("", drawn());
        display.update(new Progress("Inverting", 901, 1000, 0.5));
        assertFalse(drawn().isEmpty());
        display.step("search/net0/fc1");
        assertEquals("", drawn());
        assertEquals(List.of("Some work goes on."), notes);
        assertEquals(List.of("search/net0/fc1"), steps);
    }

    @Test
    void theLineFitsTheTerminal() {
        for (int columns = 1; columns < 120; columns++) {
            terminal.setLength(0);
            var display = display(columns);
            var parts = study(12);
            display.plan(new Workload(0, parts));
            run(display, parts.get(0).unit(), 10);
            display.begin(parts.get(1).unit());
            seconds += 4;
            display.update(new Progress("Inverting", 440, 1000, 0.0542));
            for (var line : terminal.toString().split("\r\u001b\\[K", -1)) {
                assertTrue(line.length() < columns, line);
            }
            if (columns == 32) {
                assertTrue(drawn().startsWith("[2/192] net0 conv2  44 %"), drawn());
            }
        }
    }

    @Test
    void aLogOfAShortStudyHasLinesAndAnEnd() {
        var display = display(0);
        var parts = study(4);
        display.plan(new Workload(0, parts));
        for (var part : parts) {
            run(display, part.unit(), part.size() > 10 ? 3 : 0.5);
        }
        display.close();
        assertEquals("", terminal.toString());
        assertEquals(
                List.of(
                        "14:00:17 [4/32] net0 head  100 %  residual 0.010  0:00, study 0:37 left",
                        "14:00:29 [8/32] net1 head  100 %  residual 0.010  study 0:25 left",
                        "14:00:41 [12/32] net2 head  100 %  residual 0.010  study 0:13 left",
                        "14:00:53 [16/32] net3 head  100 %  residual 0.010  study 0:01 left"),
                lines.subList(0, 4));
        assertEquals("14:01:01 [32/32] done, after 0:56", lines.get(lines.size() - 1));
    }

    @Test
    void theLastLineOfASearchInALogHasItsFinalResidual() {
        var display = display(0);
        var part = study(1).get(0);
        display.plan(new Workload(0, List.of(part)));
        display.begin(part.unit());
        seconds += 12;
        display.update(new Progress("Inverting", 500, 1000, 0.25, 500));
        seconds += 3;
        display.update(new Progress("Inverting", 1000, 1000, 0.01, 1000));
        assertEquals(1, lines.size(), lines.toString());
        display.end(part.unit());
        assertTrue(lines.get(0).contains("50 %  residual 0.250"), lines.toString());
        assertTrue(lines.get(1).contains("100 %  residual 0.010"), lines.toString());
        display.close();
        assertEquals(3, lines.size(), lines.toString());
    }

    @Test
    void aLogHasALineEveryHalfMinuteThoughNothingIsReported() {
        var display = display(0);
        var parts = study(1);
        display.plan(new Workload(0, parts));
        display.begin(parts.get(0).unit());
        for (int i = 0; i < 200; i++) {
            seconds += 0.5;
            display.tick();
        }
        assertEquals(
                List.of(
                        "14:00:15 [1/5] net0 conv1",
                        "14:00:45 [1/5] net0 conv1",
                        "14:01:15 [1/5] net0 conv1",
                        "14:01:45 [1/5] net0 conv1"),
                lines);
        display.close();
        assertEquals(4, lines.size(), "what was not done has no end");
        display.tick();
        seconds += 100;
        display.tick();
        assertEquals(4, lines.size(), "a closed display is silent");
    }

    @Test
    void aRunOfSecondsLeavesTheLogEmpty() {
        var display = display(0);
        var parts = study(1);
        display.plan(new Workload(0, parts));
        parts.forEach(part -> run(display, part.unit(), 1));
        display.close();
        assertEquals(List.of(), lines);
    }

    @Test
    void aLongStudyReportsOnceHowMuchSoonerTheFastSearchWouldEnd() {
        var display = display(0);
        var parts = study(12);
        display.plan(new Workload(0, parts));
        parts.subList(0, 6).forEach(part -> run(display, part.unit(), 50));
        // After two of them, 46 searches of 50 s and 144 scores of 1 s are left. A search of 500
        // passes takes 50 s; by fast each takes 100: 480 s for all 48.
        assertEquals(
                List.of("about 41 min left; the optimiser fast would take about 10 min, for a quick look."), notes);
    }

    @Test
    void aStudyWithoutAShorterSearchOrOfMinutesReportsNoFasterSearch() {
        var fast = display(0);
        var parts = study(12).stream()
                .map(part -> new Workload.Part(part.unit(), 9, 9))
                .toList();
        fast.plan(new Workload(0, parts));
        parts.subList(0, 6).forEach(part -> run(fast, part.unit(), 50));
        var brief = display(0);
        brief.plan(new Workload(0, study(4)));
        study(4).subList(0, 8).forEach(part -> run(brief, part.unit(), 30));
        assertEquals(List.of(), notes);
    }

    @Test
    void unitsAreNamedAsFarAsTheyDiffer() {
        var at = new StudiedLayer("resnet0", "fc1");
        var one = new Unit.Search(at, "fast", 1, 0, 500);
        assertEquals("resnet0 fc1", names(one).of(one));
        var repeated = new Unit.Search(at, "fast", 2, 0, 500);
        assertEquals("resnet0 fc1, repeat 2", names(one, repeated).of(repeated));
        var rest = new Unit.Search(at, "fast", 1, 500, 600);
        assertEquals("resnet0 fc1, inputs 501 to 600", names(one, rest).of(rest));
        var other = new Unit.Search(at, "long", 1, 0, 500);
        assertEquals("resnet0 fc1, long", names(one, other).of(other));
        var score = new Unit.Score("b", "resnet0");
        assertEquals("scores of b given resnet0", names(score).of(score));
        assertEquals("scores of b", names(score).of(new Unit.Score("b", "b")));
    }

    private static UnitNames names(Unit... units) {
        var parts = List.of(units).stream()
                .map(unit -> new Workload.Part(unit, 1, 1))
                .toList();
        return new UnitNames(new Workload(0, parts));
    }

    @Test
    void cautionsAreWrittenWhenTheyAreKnown() {
        var display = display(80);
        var caution = Caution.of("turned-into-grey", Map.of("models", "n1, n2"));
        display.caution(caution);
        assertEquals(List.of(CautionText.of(caution)), warnings);
        assertTrue(warnings.get(0).endsWith(": n1, n2."), warnings.get(0));
        assertEquals(List.of(), notes);
    }

    @Test
    void eraseIsTheLastThingOnTheTerminal() {
        var display = display(80);
        display.update(new Progress("Inverting", 1, 1000, 0.5));
        display.close();
        display.close();
        assertTrue(terminal.toString().endsWith(ERASE), terminal.toString());
    }
}
