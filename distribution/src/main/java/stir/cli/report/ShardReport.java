package stir.cli.report;

import java.util.ArrayList;
import java.util.List;
import stir.core.io.files.Table;
import stir.core.study.ShardOutcome;
import stir.core.study.plan.Unit;

/** The work that a shard has done. */
public record ShardReport(ShardOutcome outcome) implements Report {
    private record Document(
            String schema,
            String stage,
            String shard,
            int units,
            int done,
            List<FailedUnit> failed,
            List<String> missing) {}

    private record FailedUnit(String unit, String reason) {}

    @Override
    public JsonDocument document() {
        return JsonDocument.of(new Document(
                "stir-shard/1",
                outcome.stage().word(),
                outcome.shard().toString(),
                outcome.units(),
                outcome.done(),
                outcome.failed().stream()
                        .map(one -> new FailedUnit(one.unit().toString(), one.reason()))
                        .toList(),
                outcome.missing().stream().map(Unit::toString).toList()));
    }

    @Override
    public String text() {
        var text = new StringBuilder(outcome.sentence()).append('\n');
        for (var failure : outcome.failed()) {
            text.append("failed: %s: %s%n".formatted(failure.unit(), failure.reason()));
        }
        outcome.missing().forEach(unit -> text.append("not complete yet: %s%n".formatted(unit)));
        if (!outcome.missing().isEmpty()) {
            text.append("Run the shards of the stage search first, then this one again.\n");
        }
        return text.toString();
    }

    private record OpenUnit(Unit unit, String state, String reason) {}

    @Override
    public Table<?> table() {
        var rows = new ArrayList<OpenUnit>();
        outcome.failed().forEach(one -> rows.add(new OpenUnit(one.unit(), "failed", one.reason())));
        outcome.missing().forEach(unit -> rows.add(new OpenUnit(unit, "not complete yet", "")));
        return new Table<>(rows)
                .column("unit", OpenUnit::unit)
                .column("state", OpenUnit::state)
                .column("reason", OpenUnit::reason);
    }
}
