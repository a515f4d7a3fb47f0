package stir.core.study;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import stir.api.BackendException;
import stir.api.DataException;
import stir.core.files.WholeFiles;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Files that are there whole or not at all, whenever the process ends. */
final class WholeFile {
    private WholeFile() {}

    /** Where a file is to be written until it is {@link #complete}; its folder is made. */
    static Path begin(Path file) {
        try {
            createFolderOf(file);
            return WholeFiles.unfinished(file);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    private static void createFolderOf(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
    }

    /** Gives a file that is complete and on the disk its name. */
    static void complete(Path file) {
        try {
            WholeFiles.complete(WholeFiles.unfinished(file), file);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    private static BackendException failure(Path file, IOException e) {
        return new BackendException(
                "%s could not be written (%s): free some disk, or name another folder with --out."
                        .formatted(file, e),
                e);
    }

    /**
     * Writes a text in UTF-8.
     *
     * @throws BackendException if it can't be written
     */
    static void write(Path file, String text) {
        try {
            createFolderOf(file);
            new WholeFiles().write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    /** Writes a document. */
    static void write(Path file, JsonNode document) {
        try {
            write(
                    file,
                    new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(document)
                            + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of values is always written", e);
        }
    }

    /**
     * Reads a document.
     *
     * @return empty if there is no such file
     * @throws DataException if it is none
     */
    static Optional<ObjectNode> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            if (new JsonMapper().readTree(Files.readString(file)) instanceof ObjectNode node) {
                return Optional.of(node);
            }
        } catch (IOException e) {
            throw damaged(file, e);
        }
        throw damaged(file, null);
    }

    private static DataException damaged(Path file, @Nullable Exception cause) {
        return new DataException(file + " is damaged: remove it, so that it is made again.", cause);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Removes what a process that was killed has left unfinished. */
    static void sweep(Path folder) {
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file :
                    found.filter(
                                    path ->
                                            String.valueOf(path.getFileName())
                                                    .startsWith(WholeFiles.UNFINISHED))
                            .toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new BackendException(
                    "What an earlier run left unfinished in %s could not be removed (%s)."
                            .formatted(folder, e),
                    e);
        }
    }
}
