package stir.core.study.store;

import stir.api.DataException;
import stir.api.support.IoReason;
import stir.core.inputs.Inputs;
import stir.core.inputs.ValueRange;
import stir.core.inversion.Inversion;
import stir.core.io.files.JsonFile;
import stir.core.io.files.Table;
import stir.core.store.SearchFolder;
import stir.core.store.WrittenInputs;
import stir.core.study.plan.StudiedLayer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The parts of a study that is stored in a folder.
 *
 * @param root the study's folder
 */
public record StoredParts(Path root) {
    private StudyFolder folder() {
        return new StudyFolder(root);
    }

    /** Returns the plan's document; empty if there is none. */
    public Optional<PlanDocument> document() {
        return JsonFile.read(folder().document(), PlanDocument.SCHEMA, PlanDocument.class);
    }

    /** Returns a block of scores; an empty one if it is not stored. */
    public ScoreBlock scores(String target, String reference) {
        return JsonFile.read(
                        folder().scores(target, reference),
                        ScoreDocument.SCHEMA,
                        ScoreDocument.class)
                .map(ScoreDocument::block)
                .orElseGet(() -> ScoreBlock.empty(target, reference));
    }

    /** Returns the invariant inputs of a reference; empty if they are not complete. */
    public Optional<Inversion> inversion(StudiedLayer reference, String search, int repeat) {
        return SearchFolder.stored(folder().search(reference, search, repeat));
    }

    /** Returns the folder of a search. */
    public Path search(StudiedLayer reference, String search, int repeat) {
        return folder().search(reference, search, repeat);
    }

    /** Returns the inputs; empty if they are not stored. */
    public Optional<Inputs> inputs() {
        var file = folder().inputs();
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        var range = document().flatMap(document -> document.inputs().range());
        return Optional.of(WrittenInputs.of(file).in(ValueRange.ofStored(range)));
    }

    /** Returns the rows of the table of names, without its head. */
    public List<List<String>> names() {
        var file = folder().names();
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try {
            var rows = Table.parse(Files.readString(file));
            return rows.isEmpty() ? rows : rows.subList(1, rows.size());
        } catch (IOException e) {
            throw new DataException(
                    "%s could not be read (%s).".formatted(file, IoReason.of(e)), e);
        }
    }
}
