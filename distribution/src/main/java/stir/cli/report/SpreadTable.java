package stir.cli.report;

import java.util.ArrayList;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import stir.core.inputs.Inputs;
import stir.core.inversion.Spread;
import stir.core.io.files.Table;

/**
 * The members of a spread and how far they are from each other.
 *
 * @param inputs the inputs of the search
 * @param spread the members
 */
record SpreadTable(Inputs inputs, Spread spread) {
    /** The fields of a document; distances leave out members that did not converge. */
    record Fields(int members, int converged, OptionalDouble apart, OptionalDouble nearest) {}

    private record MemberInput(int index, int member) {}

    Fields fields() {
        return new Fields(spread.members().size(), spread.converged(), spread.meanApart(), spread.meanNearest());
    }

    /** Returns a table of comma-separated values with one line per member of each input. */
    String csv() {
        var rows = new ArrayList<MemberInput>();
        for (int i = 0; i < inputs.count(); i++) {
            for (int k = 0; k < spread.members().size(); k++) {
                rows.add(new MemberInput(i, k));
            }
        }
        return new Table<>(rows)
                .column("index", MemberInput::index)
                .column("name", row -> inputs.name(row.index))
                .column("member", row -> row.member + 1)
                .column("residual", row -> spread.members().get(row.member).residual(row.index))
                .column("converged", row -> spread.isConverged(row.member, row.index))
                .column("from_input", row -> spread.fromInput(row.member, row.index))
                .column("nearest", row -> spread.nearest(row.member, row.index))
                .csv();
    }

    /** Returns the quality of each member, and their distances. */
    String text() {
        var table = new TextTable("  ", 0).row("member", "residual", "converged", "passes", "from X");
        for (int k = 0; k < spread.members().size(); k++) {
            var member = spread.members().get(k);
            int at = k;
            var distances = IntStream.range(0, inputs.count())
                    .filter(i -> spread.isConverged(at, i))
                    .mapToDouble(i -> spread.fromInput(at, i))
                    .summaryStatistics();
            table.row(
                    Integer.toString(k + 1),
                    TextTable.number(member.meanResidual()),
                    TextTable.percent(distances.getCount() / (double) inputs.count()),
                    Long.toString(Math.round(member.meanPasses())),
                    distances.getCount() == 0 ? "-" : TextTable.number(distances.getAverage(), 2));
        }
        return table + Paragraph.hanging("spread  ", distances());
    }

    private String distances() {
        int all = inputs.count() * spread.members().size();
        var missing = spread.converged() == all
                ? ""
                : "; %d of %d did not converge, and are not counted".formatted(all - spread.converged(), all);
        if (spread.meanApart().isEmpty()) {
            return "no input has two members that converged" + missing + ".";
        }
        return "mean distance between members %s, to the nearest member %s%s."
                .formatted(TextTable.number(spread.meanApart(), 2), TextTable.number(spread.meanNearest(), 2), missing);
    }
}
