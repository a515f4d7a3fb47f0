package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import stir.api.InputSpec;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.check.ExportCheck;
import stir.core.check.GradientCheck;
import stir.core.check.SearchEstimate;
import stir.core.inversion.Optimizer;

/** Tests that a check which found no problem still names what a search may meet. */
class ExaminationReportTest {
    private static final long GIGABYTE = 1L << 30;

    private static ExaminationReport report(double worst, long memory) {
        var input = new InputSpec("x", Shape.of(2), Layout.FLAT, OptionalInt.empty());
        return new ExaminationReport(
                new ExportCheck(
                        "a.onnx",
                        "onnx",
                        Map.of(),
                        input,
                        Optional.of(Shape.of(2)),
                        List.of(),
                        Optional.empty(),
                        Map.of("relu", new GradientCheck(0.004, worst, 16)),
                        List.of(new SearchEstimate(Optimizer.FAST, 500, 60, memory)),
                        List.of(),
                        List.of()),
                List.of());
    }

    @Test
    void aTrialThatIsFarOffIsNoted() {
        var text = report(0.24, GIGABYTE / 2).text();
        assertTrue(text.contains("note: at relu a trial differs by 2.4e-01, "), text);
        assertTrue(text.endsWith("no problems found, but see the notes\n"), text);
        assertTrue(text.lines().allMatch(line -> line.length() <= 80), text);
        assertTrue(report(0.01, GIGABYTE / 2).text().endsWith("no problems found\n"));
    }

    @Test
    void aSearchThatTheMachineHasNoMemoryForIsNoted() {
        var report = report(0.01, 71 * GIGABYTE);
        assertEquals(List.of(), report.notes(OptionalLong.empty()));
        assertEquals(List.of(), report.notes(OptionalLong.of(72 * GIGABYTE)));
        var notes = report.notes(OptionalLong.of(23 * GIGABYTE));
        assertEquals(1, notes.size());
        assertTrue(notes.get(0).startsWith("fast needs about 71 GB, and this machine has about 23 GB: "), notes.get(0));
    }
}
