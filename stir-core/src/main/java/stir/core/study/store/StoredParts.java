package stir.core.study.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.api.DataException;
import stir.api.support.IoReason;
import stir.core.files.Csv;
import stir.core.files.JsonFile;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.store.SearchFolder;
import stir.core.store.WrittenInputs;
import stir.core.study.plan.StudiedLayer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The parts of a study that is stored, as files say them.
 *
 * @param root the study's folder
 */
public record StoredParts(Path root) {
    private StudyFolder folder() {
        return new StudyFolder(root);
    }

    /** The plan's document; empty if there is none. */
    public Optional<ObjectNode> document() {
        return JsonFile.read(folder().document(), PlanDocument.SCHEMA);
    }

    /** A block of scores; an empty one if it is not stored. */
    public ScoreBlock scores(String target, String reference) {
        return JsonFile.read(folder().scores(target, reference), ScoreDocument.SCHEMA)
                .map(ScoreDocument::block)
                .orElseGet(() -> ScoreBlock.empty(target, reference));
    }

    /** The invariant inputs of a reference; empty if they are not complete. */
    public Optional<Inversion> inversion(StudiedLayer reference, String search, int repeat) {
        return SearchFolder.stored(folder().search(reference, search, repeat));
    }

    /** The folder of a search. */
    public Path search(StudiedLayer reference, String search, int repeat) {
        return folder().search(reference, search, repeat);
    }

    /** The inputs; empty if they are not stored. */
    public Optional<Inputs> inputs() {
        var file = folder().inputs();
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        return Optional.of(WrittenInputs.of(file));
    }

    /** The rows of the table of names, without its head. */
    public List<List<String>> names() {
        var file = folder().names();
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try {
            var rows = Csv.parse(Files.readString(file));
            return rows.isEmpty() ? rows : rows.subList(1, rows.size());
        } catch (IOException e) {
            throw new DataException(
                    "%s could not be read (%s).".formatted(file, IoReason.of(e)), e);
        }
    }
}
