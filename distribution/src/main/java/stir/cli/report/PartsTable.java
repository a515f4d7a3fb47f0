package stir.cli.report;

import stir.core.io.files.Table;
import stir.core.score.ChangedParts;
import stir.core.score.DirectedScore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A table of comma-separated values (RFC 4180) with one line per direction and part of the target's
 * representation, its principal components and its units: how far it changes at the reference's
 * invariant inputs, and which units of the reference match it. Unknown values are empty.
 */
final class PartsTable {
    private PartsTable() {}

    private record Row(
            DirectedScore score,
            String part,
            int index,
            double varianceShare,
            double change,
            Optional<ChangedParts.Match> nearest,
            Optional<ChangedParts.Match> partner) {}

    /** Returns the table of some scores. */
    static String of(List<DirectedScore> scores) {
        var rows = new ArrayList<Row>();
        for (var score : scores) {
            score.outcomes().parts().ifPresent(parts -> add(rows, score, parts));
        }
        return new Table<>(rows)
                .column("target", row -> row.score.target().model())
                .column("reference", row -> row.score.reference().model())
                .column("part", Row::part)
                .column("index", Row::index)
                .column("variance_share", Row::varianceShare)
                .column("change", Row::change)
                .column("nearest", row -> unit(row.nearest))
                .column("nearest_correlation", row -> correlation(row.nearest))
                .column("partner", row -> unit(row.partner))
                .column("partner_correlation", row -> correlation(row.partner))
                .csv();
    }

    private static void add(List<Row> rows, DirectedScore score, ChangedParts parts) {
        for (int i = 0; i < parts.components().size(); i++) {
            var one = parts.components().get(i);
            rows.add(
                    new Row(
                            score,
                            "component",
                            i,
                            one.varianceShare(),
                            one.change(),
                            Optional.empty(),
                            Optional.empty()));
        }
        for (var one : parts.units()) {
            rows.add(
                    new Row(
                            score,
                            "unit",
                            one.index(),
                            one.varianceShare(),
                            one.change(),
                            one.nearest(),
                            one.partner()));
        }
    }

    private static OptionalInt unit(Optional<ChangedParts.Match> match) {
        return match.stream().mapToInt(ChangedParts.Match::unit).findFirst();
    }

    private static OptionalDouble correlation(Optional<ChangedParts.Match> match) {
        return match.stream().mapToDouble(ChangedParts.Match::correlation).findFirst();
    }
}
