package stir.cli.report;

import stir.core.study.ShardOutcome;

/**
 * What a shard has done.
 *
 * @param outcome of the shard
 */
public record ShardReport(ShardOutcome outcome) implements Report {
    @Override
    public JsonDocument document() {
        var root = JsonDocument.object("stir-shard/1");
        root.put("stage", outcome.stage().word());
        root.put("shard", outcome.shard().toString());
        root.put("units", outcome.units());
        root.put("done", outcome.done());
        var failed = root.putArray("failed");
        outcome.failed()
                .forEach(
                        failure ->
                                failed.addObject()
                                        .put("unit", failure.unit().text())
                                        .put("reason", failure.reason()));
        var missing = root.putArray("missing");
        outcome.missing().forEach(unit -> missing.add(unit.text()));
        return JsonDocument.of(root);
    }

    @Override
    public String text() {
        var text = new StringBuilder(outcome.sentence()).append('\n');
        outcome.failed()
                .forEach(
                        failure ->
                                text.append(
                                        "failed: %s: %s%n"
                                                .formatted(failure.unit(), failure.reason())));
        outcome.missing().forEach(unit -> text.append("not complete yet: %s%n".formatted(unit)));
        if (!outcome.missing().isEmpty()) {
            text.append("Run the shards of the stage search first, then this one again.\n");
        }
        return text.toString();
    }

    @Override
    public ResultTable table() {
        var table = new ResultTable("unit", "state", "reason");
        outcome.failed().forEach(failure -> table.row(failure.unit(), "failed", failure.reason()));
        outcome.missing().forEach(unit -> table.row(unit, "not complete yet", ""));
        return table;
    }
}
