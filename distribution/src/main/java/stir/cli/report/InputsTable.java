package stir.cli.report;

import stir.core.inputs.Inputs;
import stir.core.io.files.Table;
import stir.core.score.DirectedScore;
import stir.core.score.InputOutcome;

import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;

/**
 * A table of comma-separated values (RFC 4180) with one line per input and direction: how well its
 * invariant input was found, how far the other network moved there, and the classes that it
 * predicts. Unknown values are empty.
 */
final class InputsTable {
    private InputsTable() {}

    private record Row(String direction, DirectedScore score, int index) {
        InputOutcome outcome() {
            return score.outcomes().inputs().get(index);
        }

        Optional<Boolean> accepted() {
            return score.acceptance().map(found -> found.inputs().get(index).accepted());
        }
    }

    /**
     * Returns the table.
     *
     * @param directions scores by their names, {@code a|b}
     */
    static String of(Inputs inputs, Map<String, DirectedScore> directions) {
        var rows = new ArrayList<Row>();
        directions.forEach(
                (direction, score) -> {
                    for (int i = 0; i < inputs.count(); i++) {
                        rows.add(new Row(direction, score, i));
                    }
                });
        return new Table<>(rows)
                .column("stir", Row::direction)
                .column("index", Row::index)
                .column("name", row -> inputs.name(row.index))
                .column("residual", row -> row.score.inversion().residual(row.index))
                .column("passes", row -> row.score.inversion().passes(row.index))
                .column("target-moved", row -> row.outcome().targetMoved())
                .column("class-before", row -> row.outcome().classBefore())
                .column("class-after", row -> row.outcome().classAfter())
                .column("label", row -> inputs.label(row.index))
                .column(
                        "distance-from-input",
                        row -> row.score.inversion().distanceFromInput(row.index))
                .column("accepted", Row::accepted)
                .csv();
    }
}
