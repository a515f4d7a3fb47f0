package stir.cli.report;

import stir.core.study.plan.Stage;
import stir.core.study.plan.Unit;

import java.util.List;

/**
 * What is missing of a study that shards work on, and how it is made.
 *
 * @param units that are missing, ranges of searches before scores
 * @param command that does the whole study
 */
public record MissingReport(List<Unit> units, String command) implements Report {
    private static final int TOLD = 20;

    private List<Stage> stages() {
        return units.stream().map(Unit::stage).distinct().sorted().toList();
    }

    private long count(Stage stage) {
        return units.stream().filter(unit -> unit.stage() == stage).count();
    }

    private String remedy(Stage stage) {
        return "%s --stage %s --shard 0/1".formatted(command, stage.word());
    }

    @Override
    public JsonDocument document() {
        var root = JsonDocument.object("stir-missing/1");
        var missing = root.putArray("missing");
        units.forEach(unit -> missing.add(unit.text()));
        var commands = root.putArray("commands");
        stages().forEach(stage -> commands.add(remedy(stage)));
        return JsonDocument.of(root);
    }

    @Override
    public String text() {
        var text = new StringBuilder();
        for (var stage : stages()) {
            text.append(
                    "missing: %d units of stage %s; this makes them, or any N shards I/N do:\n  %s\n"
                            .formatted(count(stage), stage.word(), remedy(stage)));
        }
        units.stream().limit(TOLD).forEach(unit -> text.append(unit).append('\n'));
        if (units.size() > TOLD) {
            text.append(
                    "... and %d more (--format json lists all)\n".formatted(units.size() - TOLD));
        }
        return text.toString();
    }

    @Override
    public ResultTable table() {
        var table = new ResultTable("stage", "unit");
        units.forEach(unit -> table.row(unit.stage().word(), unit));
        return table;
    }
}
