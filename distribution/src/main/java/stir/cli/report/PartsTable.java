package stir.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stir.core.io.files.Table;
import stir.core.score.ChangedParts;
import stir.core.score.ChangedParts.Match;
import stir.core.score.DirectedScore;

/**
 * A table of comma-separated values (RFC 4180) with one line per direction and part of the target's
 * representation, its principal components and its units: how far it changes at the reference's
 * invariant inputs, and which units of the reference match it. Unknown values are empty.
 */
final class PartsTable {
    private PartsTable() {}

    private record ScoredPart(DirectedScore score, String part, ChangedParts.ChangedUnit of) {}

    /** Returns the table of some scores. */
    static String of(List<DirectedScore> scores) {
        var rows = new ArrayList<ScoredPart>();
        for (var score : scores) {
            score.outcomes().parts().ifPresent(parts -> add(rows, score, parts));
        }
        return new Table<>(rows)
                .column("target", row -> row.score.target().model())
                .column("reference", row -> row.score.reference().model())
                .column("part", ScoredPart::part)
                .column("index", row -> row.of.index())
                .column("variance_share", row -> row.of.varianceShare())
                .column("change", row -> row.of.change())
                .column("nearest", row -> row.of.nearest().map(Match::unit))
                .column("nearest_correlation", row -> row.of.nearest().map(Match::correlation))
                .column("partner", row -> row.of.partner().map(Match::unit))
                .column("partner_correlation", row -> row.of.partner().map(Match::correlation))
                .csv();
    }

    private static void add(List<ScoredPart> rows, DirectedScore score, ChangedParts parts) {
        var none = Optional.<Match>empty();
        for (int i = 0; i < parts.components().size(); i++) {
            var one = parts.components().get(i);
            var part = new ChangedParts.ChangedUnit(i, one.varianceShare(), one.change(), none, none);
            rows.add(new ScoredPart(score, "component", part));
        }
        parts.units().forEach(unit -> rows.add(new ScoredPart(score, "unit", unit)));
    }
}
