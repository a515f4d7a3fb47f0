package stir.api.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * Files, and folders of files, that processes which were killed have left unfinished.
 *
 * @since 0.1.0
 */
public final class AbandonedFiles {
    private static final Duration ABANDONED_AFTER = Duration.ofHours(1);

    private AbandonedFiles() {}

    /**
     * Removes those that nobody has touched for an hour; does nothing where there is no folder.
     *
     * @param folder where they are
     * @param prefix what their names begin with
     */
    public static void sweep(Path folder, String prefix) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        var before = Instant.now().minus(ABANDONED_AFTER);
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                if (entry.getFileName().toString().startsWith(prefix)) {
                    deleteIfOlder(entry, before);
                }
            }
        }
    }

    private static void deleteIfOlder(Path entry, Instant before) throws IOException {
        try {
            if (Files.getLastModifiedTime(entry).toInstant().isBefore(before)) {
                delete(entry);
            }
        } catch (NoSuchFileException e) { // its process is done with it, or another one sweeps
            return;
        }
    }

    /** Deletes a file, or a folder with the files in it, if it is there. */
    static void delete(Path entry) throws IOException {
        if (Files.isDirectory(entry)) {
            try (Stream<Path> files = Files.list(entry)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
        Files.deleteIfExists(entry);
    }
}
