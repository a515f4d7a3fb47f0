package stir.cli.report;

import stir.api.BackendException;
import stir.api.UsageException;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A folder that receives all results or none: they are written into an unfinished folder beside it
 * (or in it, if it is there already), which is moved when it is complete.
 */
public final class OutputFolder {
    private static final String UNFINISHED = ".stir-unfinished-";

    private final Path path;
    private final Path target;

    private OutputFolder(Path path) {
        this.path = path;
        this.target = path.toAbsolutePath().normalize();
    }

    /**
     * Makes sure that results can be written, by writing.
     *
     * @param path the folder; it may not exist yet, nor its parents
     * @param force whether it may hold files already; those of the same names will be replaced
     * @throws UsageException if it can't be written, or holds files
     */
    public static OutputFolder claim(Path path, boolean force) {
        var folder = new OutputFolder(path);
        try {
            if (Files.exists(folder.target) && !Files.isDirectory(folder.target)) {
                throw new UsageException(path + " is a file: name a new folder with --out.");
            }
            if (!force && folder.isFilled()) {
                throw new UsageException(
                        path
                                + " is not empty: name a new folder with --out, or replace files in it with --force.");
            }
            Files.delete(Files.createTempDirectory(folder.nearest(), UNFINISHED));
        } catch (IOException e) {
            throw new UsageException(
                    "Nothing can be written into %s (%s): name another folder with --out."
                            .formatted(path, e),
                    e);
        }
        return folder;
    }

    private boolean isFilled() throws IOException {
        if (!Files.isDirectory(target)) {
            return false;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(target)) {
            return entries.iterator().hasNext();
        }
    }

    /** The folder itself, or the nearest of its parents that exists. */
    private Path nearest() {
        Path candidate = target;
        while (!Files.exists(candidate)) {
            var parent = candidate.getParent();
            if (parent == null) {
                return candidate;
            }
            candidate = parent;
        }
        return candidate;
    }

    /** The folder, as it was named. */
    public Path path() {
        return path;
    }

    /**
     * Writes results.
     *
     * @param content writes them into the folder that it is given
     * @throws BackendException if they can't be written; the folder is as it was before
     */
    public void write(Consumer<Path> content) {
        try {
            boolean there = Files.isDirectory(target);
            var parent = there ? target : Files.createDirectories(parent());
            var unfinished = Files.createTempDirectory(parent, UNFINISHED);
            try {
                var complete = Files.createDirectory(unfinished.resolve("results"));
                content.accept(complete);
                if (there) {
                    moveFiles(complete, target);
                } else {
                    Files.move(complete, target, StandardCopyOption.ATOMIC_MOVE);
                }
            } finally {
                delete(unfinished);
            }
        } catch (IOException e) {
            throw new BackendException(
                    "The results could not be written into %s (%s): free some disk, or name another folder."
                            .formatted(path, e),
                    e);
        }
    }

    private Path parent() {
        var parent = target.getParent();
        return parent == null ? target : parent;
    }

    /** Moves files one by one, since there is no way to put a whole folder in another's place. */
    private static void moveFiles(Path from, Path to) throws IOException {
        try (Stream<Path> found = Files.walk(from)) {
            for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
                var place = to.resolve(from.relativize(file).toString());
                var folder = place.getParent();
                if (folder != null) {
                    Files.createDirectories(folder);
                }
                Files.move(
                        file,
                        place,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Writes a text file in UTF-8. */
    public static void writeText(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new BackendException(
                    "%s could not be written (%s): free some disk, or name another folder."
                            .formatted(file, e),
                    e);
        }
    }

    /** Creates a folder and those above it, unless they exist, and returns it. */
    public static Path createFolder(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new BackendException(
                    "%s could not be created (%s): name another folder.".formatted(folder, e), e);
        }
    }
}
