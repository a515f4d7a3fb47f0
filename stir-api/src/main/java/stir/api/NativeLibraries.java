package stir.api;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Unpacks native libraries out of jars: all of them or none, whatever kills the process, and safe
 * against other processes that do the same at the same time.
 */
public final class NativeLibraries {
    private static final String UNFINISHED = ".unpacking-";
    private static final Duration ABANDONED_AFTER = Duration.ofHours(1);

    private NativeLibraries() {}

    /**
     * Unpacks resources into a folder, unless the folder is there: it then holds all of them, since
     * it appears in one step when it is complete.
     *
     * @param loader whose jars hold the resources
     * @param resources their names, with {@code /} between folders; their last parts become the
     *     files' names
     * @param folder where to, named after library and version
     * @return {@code folder}
     * @throws BackendException if a resource is missing, or if the folder can't be written
     */
    public static Path unpack(ClassLoader loader, List<String> resources, Path folder) {
        if (Files.isDirectory(folder)) {
            return folder;
        }
        var target = folder.toAbsolutePath();
        var parent = target.getParent();
        if (parent == null) {
            throw new BackendException("Native libraries can't be unpacked into the root folder.");
        }
        try {
            Files.createDirectories(parent);
            sweep(parent);
            var unfinished = Files.createTempDirectory(parent, UNFINISHED);
            try {
                for (String resource : resources) {
                    copy(loader, resource, unfinished);
                }
                publish(unfinished, target);
            } finally {
                delete(unfinished);
            }
            return folder;
        } catch (IOException e) {
            throw new BackendException(
                    "The native libraries could not be unpacked into %s (%s): free some disk, or name another folder."
                            .formatted(folder, e),
                    e);
        }
    }

    private static void copy(ClassLoader loader, String resource, Path folder) throws IOException {
        try (var in = loader.getResourceAsStream(resource)) {
            if (in == null) {
                throw new BackendException(
                        "The native library %s is in no jar of this backend: add the jar for this platform."
                                .formatted(resource));
            }
            Files.copy(in, folder.resolve(resource.substring(resource.lastIndexOf('/') + 1)));
        }
    }

    private static void publish(Path unfinished, Path folder) throws IOException {
        try {
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (IOException e) {
            if (!Files.isDirectory(folder)) { // else another process was first
                throw e;
            }
        }
    }

    /** Removes what killed processes left behind long ago. */
    private static void sweep(Path parent) throws IOException {
        var before = Instant.now().minus(ABANDONED_AFTER);
        try (Stream<Path> entries = Files.list(parent)) {
            for (Path entry : entries.toList()) {
                if (entry.getFileName().toString().startsWith(UNFINISHED)
                        && Files.getLastModifiedTime(entry).toInstant().isBefore(before)) {
                    delete(entry);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }
}
