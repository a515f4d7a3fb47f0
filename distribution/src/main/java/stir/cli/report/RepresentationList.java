package stir.cli.report;

import java.util.List;
import java.util.Optional;
import stir.api.Shape;
import stir.core.io.files.Table;
import stir.core.network.Inconsistency;
import stir.core.representation.file.SavedRepresentations;

/**
 * The list of the representations that were saved.
 *
 * @param saved the files, in the order in which they were written
 */
public record RepresentationList(List<SavedRepresentations> saved) implements Report {

    private record Document(String schema, List<Saved> files) {}

    private record Saved(
            String layer,
            String file,
            int rows,
            int inputs,
            int inputsFound,
            Shape shape,
            Optional<String> inconsistency) {
        static Saved of(SavedRepresentations saved) {
            return new Saved(
                    saved.layer(),
                    saved.file().toString(),
                    saved.rows(),
                    saved.inputs(),
                    saved.existing(),
                    saved.shape(),
                    saved.inconsistency().map(Inconsistency::kind));
        }
    }

    @Override
    public JsonDocument document() {
        return JsonDocument.of(
                new Document("stir-represent/2", saved.stream().map(Saved::of).toList()));
    }

    @Override
    public Table<?> table() {
        return new Table<>(saved)
                .column("layer", SavedRepresentations::layer)
                .column("rows", SavedRepresentations::rows)
                .column("shape", SavedRepresentations::shape)
                .column("file", SavedRepresentations::file);
    }

    @Override
    public String text() {
        var table = new TextTable("");
        for (var one : saved) {
            table.row(
                    one.layer(),
                    "%d rows of %s".formatted(one.rows(), one.shape()),
                    one.file().toString(),
                    one.existing() == 0 ? "" : "(%d of %d inputs were there)".formatted(one.existing(), one.inputs()));
        }
        return table.toString();
    }
}
