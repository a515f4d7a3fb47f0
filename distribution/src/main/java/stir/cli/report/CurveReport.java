package stir.cli.report;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonProperty;

import stir.core.score.Comparison;
import stir.core.score.DirectedScore;
import stir.core.study.store.EstimateDocument;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * STIR next to the residual and the distance from the seeds, for searches of different lengths.
 *
 * @param comparisons the same but for their iterations
 */
record CurveReport(List<Comparison> comparisons) {
    /** Sorts the comparisons, with the shortest search first. */
    CurveReport {
        comparisons =
                comparisons.stream().sorted(Comparator.comparing(CurveReport::iterations)).toList();
    }

    private static int iterations(Comparison comparison) {
        return comparison.settings().inversion().iterations();
    }

    /** A length in a document. */
    record Point(
            int iterations,
            @JsonProperty(ScoreReport.A_GIVEN_B) Side aGivenB,
            @JsonProperty(ScoreReport.B_GIVEN_A) Side bGivenA) {
        private static Point of(Comparison comparison) {
            return new Point(
                    CurveReport.iterations(comparison),
                    Side.of(comparison.aGivenB()),
                    Side.of(comparison.bGivenA()));
        }
    }

    /** A direction after a search of some length. */
    record Side(double residual, double moved, @JsonAnyGetter Map<String, OptionalDouble> stir) {
        private static Side of(DirectedScore score) {
            return new Side(
                    score.inversion().meanResidual(),
                    score.inversion().meanMoved(),
                    EstimateDocument.numbers(score.stir()));
        }
    }

    /** Returns one object per length. */
    List<Point> document() {
        return comparisons.stream().map(Point::of).toList();
    }

    /** Returns one table per measure, with one line per length and direction. */
    String text(List<String> measures, NetworkNames names) {
        var text = new StringBuilder();
        for (var measure : measures) {
            var table = new TextTable("").row("iterations", "target", "STIR", "residual", "moved");
            for (var comparison : comparisons) {
                var iterations = Integer.toString(iterations(comparison));
                addTo(table, iterations, names.a(), comparison.aGivenB(), measure);
                addTo(table, "", names.b(), comparison.bGivenA(), measure);
            }
            text.append(measure).append(" by iterations\n").append(table);
        }
        return text.toString();
    }

    private static void addTo(
            TextTable table,
            String iterations,
            String target,
            DirectedScore score,
            String measure) {
        table.row(
                iterations,
                target,
                TextTable.number(score.stir().get(measure)),
                TextTable.number(score.inversion().meanResidual()),
                TextTable.number(score.inversion().meanMoved()));
    }
}
