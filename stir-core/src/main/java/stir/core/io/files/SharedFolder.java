package stir.core.io.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Operations on folders of work in progress, in which other processes may add or remove files at
 * the same time.
 */
public final class SharedFolder {
    private SharedFolder() {}

    /** Removes a folder and its content. Files that another process adds meanwhile stay. */
    public static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            deleteAll(folder);
        } catch (DirectoryNotEmptyException | NoSuchFileException e) {
            logged(e);
        } catch (AccessDeniedException e) {
            if (SystemRules.arePosix(folder)) {
                throw e;
            }
            logged(e); // Windows keeps a file that another process reads
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof NoSuchFileException)) {
                throw new IOException(e);
            }
            logged(e);
        }
    }

    /** Deletes a folder that no other process uses, and fails if anything remains. */
    public static void deleteAll(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> paths = Files.walk(folder)) {
            all = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path entry : all) {
            Files.deleteIfExists(entry);
        }
    }

    private static void logged(Exception e) {
        System.getLogger(SharedFolder.class.getName())
                .log(System.Logger.Level.DEBUG, "Another process removes or adds files", e);
    }
}
