package stir.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import stir.api.DataException;
import stir.api.UsageException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of a study's folder, which {@code stir matrix} writes.
 *
 * @param root the folder
 */
record StudyFiles(Path root) {
    /**
     * What the study is made of.
     *
     * @throws UsageException if the folder holds no study
     */
    JsonNode document() {
        return read(root.resolve("study.json"))
                .filter(document -> document.path("models").isArray())
                .orElseThrow(
                        () ->
                                new UsageException(
                                        "%s is no study: name a folder that `stir matrix` has written, with its study.json."
                                                .formatted(root)));
    }

    /** The score of one repeat of a search; empty if it is not stored. */
    Optional<JsonNode> score(PlacedLayer target, PlacedLayer reference, SearchRepeat run) {
        return read(
                place("scores", target.folder(), reference.folder(), run.search(), run + ".json"));
    }

    /** The plain similarity; empty if it is not stored. */
    Optional<JsonNode> similarity(PlacedLayer target, PlacedLayer reference) {
        return read(place("similarities", target.folder(), reference.folder() + ".json"));
    }

    /** How an inversion went; empty if it is not stored. */
    Optional<JsonNode> inversion(PlacedLayer reference, SearchRepeat run) {
        return read(inversionFolder(reference, run).resolve("inversion.json"));
    }

    Path invariant(PlacedLayer reference, SearchRepeat run) {
        return inversionFolder(reference, run).resolve("invariant.npy");
    }

    private Path inversionFolder(PlacedLayer reference, SearchRepeat run) {
        return place("inversions", reference.folder(), run.search(), run.toString());
    }

    Path seeds(SearchRepeat run) {
        return place("seeds", run.search(), run + ".npy");
    }

    Path inputs() {
        return root.resolve("inputs.npy");
    }

    Path inputsTable() {
        return root.resolve("inputs.csv");
    }

    private Path place(String first, String... more) {
        var place = root.resolve(Path.of(first, more)).normalize();
        if (!place.startsWith(root.normalize())) {
            throw new DataException(
                    "%s names a file outside its folder: its study.json is damaged."
                            .formatted(root));
        }
        return place;
    }

    private static Optional<JsonNode> read(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new JsonMapper().readTree(file.toFile()));
        } catch (IOException e) {
            throw new DataException(
                    "%s could not be read (%s): run `stir matrix` again, so that it is made anew."
                            .formatted(
                                    file,
                                    String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
                    e);
        }
    }
}
