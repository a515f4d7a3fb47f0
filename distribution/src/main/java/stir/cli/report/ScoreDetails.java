package stir.cli.report;

import java.util.ArrayList;
import java.util.List;
import stir.core.score.DirectedScore;
import stir.core.study.results.StudyResults;
import stir.core.study.store.ScoreTable;

/** All values of a score: the columns of {@link ScoreTable} as rows, and a column per measure. */
final class ScoreDetails {
    /** The measures that fit next to each other. */
    private static final int MEASURES = 2;

    /** The columns that the heading has. */
    private static final List<String> HEADING =
            List.of("target", "target_layer", "reference", "reference_layer", "search", "repeat");

    private ScoreDetails() {}

    /** Returns the values of a score of these results. */
    static String of(DirectedScore score, StudyResults results) {
        var table = ScoreTable.of(score, results);
        var names = table.names();
        var rows = table.rows();
        var text = new StringBuilder(Paragraph.hanging(
                "",
                "STIR(%s | %s), search %s, repeat %d"
                        .formatted(
                                score.target(),
                                score.reference(),
                                score.search().name(),
                                score.search().repeat())));
        for (int from = 0; from < rows.size(); from += MEASURES) {
            var shown = rows.subList(from, Math.min(rows.size(), from + MEASURES));
            var lines = new TextTable("  ");
            for (int column = 0; column < names.size(); column++) {
                if (!HEADING.contains(names.get(column)) && !names.get(column).equals("reason")) {
                    lines.row(line(names.get(column), column, shown));
                }
            }
            text.append(lines);
            int reason = names.indexOf("reason");
            int measure = names.indexOf("measure");
            for (var row : shown) {
                if (!text(row.get(reason)).equals("-")) {
                    text.append(Paragraph.hanging("  " + row.get(measure) + ": ", text(row.get(reason))));
                }
            }
        }
        return text.toString();
    }

    private static String[] line(String name, int column, List<List<Object>> rows) {
        var cells = new ArrayList<String>();
        cells.add(name);
        rows.forEach(row -> cells.add(text(row.get(column))));
        return cells.toArray(String[]::new);
    }

    private static String text(Object cell) {
        return cell instanceof Double number
                ? TextTable.number(number)
                : cell.toString().isEmpty() ? "-" : cell.toString();
    }
}
