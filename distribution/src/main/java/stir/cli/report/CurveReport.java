package stir.cli.report;

import java.util.Comparator;
import java.util.List;
import stir.core.score.DirectedScore;
import stir.core.study.results.Comparison;

/**
 * STIR next to the residual and the distance from the seeds, for searches of different lengths.
 *
 * @param comparisons the same but for their iterations
 */
record CurveReport(List<Comparison> comparisons) {
    /** Sorts the comparisons, with the shortest search first. */
    CurveReport {
        comparisons = comparisons.stream()
                .sorted(Comparator.comparing(CurveReport::iterations))
                .toList();
    }

    private static int iterations(Comparison comparison) {
        return comparison.settings().inversion().iterations();
    }

    /** Returns a table with one line per length and direction. */
    String text(String measure) {
        var table = new TextTable("").row("iterations", "target", "STIR", "residual", "moved");
        for (var comparison : comparisons) {
            var iterations = Integer.toString(iterations(comparison));
            add(table, iterations, comparison.aGivenB(), measure);
            add(table, "", comparison.bGivenA(), measure);
        }
        return measure + " by iterations\n" + table;
    }

    private static void add(TextTable table, String iterations, DirectedScore score, String measure) {
        table.row(
                iterations,
                score.target().model(),
                TextTable.number(score.stir(measure)),
                TextTable.number(score.inversion().meanResidual()),
                TextTable.number(score.inversion().meanMoved()));
    }
}
