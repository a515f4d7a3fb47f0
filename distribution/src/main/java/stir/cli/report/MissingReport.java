package stir.cli.report;

import java.util.List;
import stir.core.io.files.Table;
import stir.core.study.plan.Stage;
import stir.core.study.plan.Unit;

/**
 * The units that are missing of a study that shards work on, and the commands that make them.
 *
 * @param units the missing units, ranges of searches before scores
 * @param command the command that runs the whole study
 */
public record MissingReport(List<Unit> units, String command) implements Report {
    private static final int SHOWN = 20;

    private List<Stage> stages() {
        return units.stream().map(Unit::stage).distinct().sorted().toList();
    }

    private long count(Stage stage) {
        return units.stream().filter(unit -> unit.stage() == stage).count();
    }

    private String remedy(Stage stage) {
        return "%s --stage %s --shard 0/1".formatted(command, stage.word());
    }

    private record Document(String schema, List<String> missing, List<String> commands) {}

    @Override
    public JsonDocument document() {
        return JsonDocument.of(new Document(
                "stir-missing/1",
                units.stream().map(Unit::toString).toList(),
                stages().stream().map(this::remedy).toList()));
    }

    @Override
    public String text() {
        var text = new StringBuilder();
        for (var stage : stages()) {
            text.append("missing: %d units of stage %s; this makes them, or any N shards I/N do:\n  %s\n"
                    .formatted(count(stage), stage.word(), remedy(stage)));
        }
        units.stream().limit(SHOWN).forEach(unit -> text.append(unit).append('\n'));
        if (units.size() > SHOWN) {
            text.append("... and %d more (--format json lists all)\n".formatted(units.size() - SHOWN));
        }
        return text.toString();
    }

    @Override
    public Table<?> table() {
        return new Table<>(units).column("stage", unit -> unit.stage().word()).column("unit", unit -> unit);
    }
}
