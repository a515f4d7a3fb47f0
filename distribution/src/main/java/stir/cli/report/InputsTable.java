package stir.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stir.core.inputs.Inputs;
import stir.core.io.files.Table;
import stir.core.score.DirectedScore;
import stir.core.score.InputOutcome;

/**
 * A table of comma-separated values (RFC 4180) with one line per input and direction: how well its
 * invariant input was found, how far the other network moved there and how it places it among all,
 * and the classes that it predicts. Unknown values are empty.
 */
final class InputsTable {
    private InputsTable() {}

    private record ScoredInput(DirectedScore score, int index) {
        InputOutcome outcome() {
            return score.outcomes().inputs().get(index);
        }

        Optional<Boolean> accepted() {
            return score.search()
                    .acceptance()
                    .map(acceptance -> acceptance.inputs().get(index).accepted());
        }

        /** Returns whether the target, too, represents an accepted x' as x. */
        Optional<Boolean> shared() {
            return accepted()
                    .filter(accepted -> accepted)
                    .flatMap(unused -> score.outcomes().threshold())
                    .map(rule -> rule.accepts(outcome()));
        }
    }

    /** Returns the table of some scores. */
    static String of(Inputs inputs, List<DirectedScore> scores) {
        var rows = new ArrayList<ScoredInput>();
        for (var score : scores) {
            for (int i = 0; i < inputs.count(); i++) {
                rows.add(new ScoredInput(score, i));
            }
        }
        return new Table<>(rows)
                .column("target", row -> row.score.target().model())
                .column("reference", row -> row.score.reference().model())
                .column("index", ScoredInput::index)
                .column("name", row -> inputs.name(row.index))
                .column("residual", row -> row.score.inversion().residual(row.index))
                .column("passes", row -> row.score.inversion().passes(row.index))
                .column("target_moved", row -> row.outcome().targetMoved())
                .column("shared", ScoredInput::shared)
                .column("pointwise", row -> row.outcome().pointwise())
                .column("class_before", row -> row.outcome().classBefore())
                .column("class_after", row -> row.outcome().classAfter())
                .column("label", row -> inputs.facts().label(row.index))
                .column("distance_from_input", row -> row.score.inversion().distanceFromInput(row.index))
                .column("accepted", ScoredInput::accepted)
                .csv();
    }
}
