package stir.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.core.score.Comparison;
import stir.core.score.DirectedScore;
import stir.core.study.store.ScoreDocument;

import java.util.Comparator;
import java.util.List;

/**
 * STIR next to the residual and the way from the seeds, for searches of different lengths.
 *
 * @param comparisons the same but for their iterations
 */
record CurveReport(List<Comparison> comparisons) {
    /** Puts the shortest search first. */
    CurveReport {
        comparisons =
                comparisons.stream().sorted(Comparator.comparing(CurveReport::iterations)).toList();
    }

    private static int iterations(Comparison comparison) {
        return comparison.settings().inversion().iterations();
    }

    /** An object for each length. */
    ArrayNode document() {
        var curve = JsonDocument.array();
        for (var comparison : comparisons) {
            var point = curve.addObject();
            point.put("iterations", iterations(comparison));
            add(point.putObject(ScoreReport.A_GIVEN_B), comparison.aGivenB());
            add(point.putObject(ScoreReport.B_GIVEN_A), comparison.bGivenA());
        }
        return curve;
    }

    private static void add(ObjectNode node, DirectedScore score) {
        node.put("residual", score.inversion().meanResidual());
        node.put("moved", score.inversion().meanMoved());
        node.setAll(ScoreDocument.numbers(score.stir()));
    }

    /** A table for each measure, a line for each length. */
    String text() {
        var text = new StringBuilder();
        for (var measure : comparisons.get(0).aGivenB().stir().keySet()) {
            var table =
                    new TextTable("")
                            .row(
                                    measure + " by iterations",
                                    "residual of b",
                                    "b moved",
                                    "STIR(a | b)",
                                    "residual of a",
                                    "a moved",
                                    "STIR(b | a)");
            for (var comparison : comparisons) {
                table.row(
                        "  " + iterations(comparison),
                        residual(comparison.aGivenB()),
                        moved(comparison.aGivenB()),
                        stir(comparison.aGivenB(), measure),
                        residual(comparison.bGivenA()),
                        moved(comparison.bGivenA()),
                        stir(comparison.bGivenA(), measure));
            }
            text.append(table);
        }
        return text.toString();
    }

    private static String residual(DirectedScore score) {
        return TextTable.number(score.inversion().meanResidual());
    }

    private static String moved(DirectedScore score) {
        return TextTable.number(score.inversion().meanMoved());
    }

    private static String stir(DirectedScore score, String measure) {
        return TextTable.number(score.stir().get(measure));
    }
}
