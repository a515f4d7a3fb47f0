package stir.api.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * Unfinished files, and folders of files, left by killed processes.
 *
 * @since 0.1.0
 */
public final class AbandonedFiles {
    private static final Duration ABANDONED_AFTER = Duration.ofHours(1);

    private AbandonedFiles() {}

    /**
     * Deletes the entries of a folder that have not changed for an hour; does nothing if the folder
     * does not exist.
     *
     * @param folder the folder that contains them
     * @param prefix the beginning of their names
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
        } catch (NoSuchFileException e) { // its process has finished, or another process is sweeping
            return;
        }
    }

    /** Deletes a file, or a folder with the files in it, if it exists. */
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
