package stir.cli.report;

import stir.core.representation.SavedRepresentations;

import java.util.List;

/** Representations that were saved. */
public final class RepresentationList implements Report {
    private final List<SavedRepresentations> saved;

    /** A list. */
    public RepresentationList(List<SavedRepresentations> saved) {
        this.saved = List.copyOf(saved);
    }

    @Override
    public JsonDocument document() {
        var root = JsonDocument.object("stir-represent/1");
        var files = root.putArray("files");
        for (var one : saved) {
            files.addObject()
                    .put("layer", one.layer())
                    .put("file", one.file().toString())
                    .put("rows", one.rows())
                    .put("inputs", one.inputs())
                    .put("inputs-found", one.found())
                    .set("shape", JsonDocument.shape(one.shape()));
        }
        return JsonDocument.of(root);
    }

    @Override
    public ResultTable table() {
        var table = new ResultTable("layer", "rows", "shape", "file");
        for (var one : saved) {
            table.row(one.layer(), one.rows(), one.shape().toString(), one.file().toString());
        }
        return table;
    }

    @Override
    public String text() {
        var table = new TextTable("");
        for (var one : saved) {
            table.row(
                    one.layer(),
                    "%d rows of %s".formatted(one.rows(), one.shape()),
                    one.file().toString(),
                    one.found() == 0
                            ? ""
                            : "(%d of %d inputs were there)".formatted(one.found(), one.inputs()));
        }
        return table.toString();
    }
}
