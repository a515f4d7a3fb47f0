package stir.cli.report;

import stir.api.BackendException;
import stir.api.UsageException;
import stir.core.inversion.ResultFolder;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A folder that receives all results or none: they are written into an unfinished folder beside it
 * (or in it, if it is there already), which is moved when it is complete. What a search keeps there
 * while it goes on is no result yet.
 */
public final class OutputFolder {
    /** What the names of files begin with that are no results. */
    private static final String HIDDEN = ".stir-";

    private static final String UNFINISHED = HIDDEN + "unfinished-results-";

    private final Path path;
    private final Path target;
    private final boolean force;

    private OutputFolder(Path path, boolean force) {
        this.path = path;
        this.force = force;
        this.target = path.toAbsolutePath().normalize();
    }

    /**
     * Makes sure that results can be written, by writing.
     *
     * @param path the folder; it may not exist yet, nor its parents
     * @param force whether it may hold files already; those of the same names will be replaced
     * @param parts the folders in it that keep searches, {@code ""} for itself: where one of them
     *     does already, it may hold files, too, since that work goes on
     * @throws UsageException if it can't be written, or holds files of others
     */
    public static OutputFolder claim(Path path, boolean force, String... parts) {
        var folder = new OutputFolder(path, force);
        try {
            if (Files.exists(folder.target) && !Files.isDirectory(folder.target)) {
                throw new UsageException(path + " is a file: name a new folder with --out.");
            }
            if (!force
                    && Files.isDirectory(folder.target)
                    && isFilled(folder.target)
                    && !folder.keepsSearches(parts)) {
                throw new UsageException(
                        path
                                + " is not empty: name a new folder with --out, or replace files in it with --force.");
            }
            folder.sweep();
            Files.delete(Files.createTempDirectory(folder.nearest(), UNFINISHED));
        } catch (IOException e) {
            throw new UsageException(
                    "Nothing can be written into %s (%s): name another folder with --out."
                            .formatted(path, e),
                    e);
        }
        return folder;
    }

    /**
     * Whether there is a file in a folder or deeper. Folders without one don't count: a search that
     * is killed as it begins leaves some.
     */
    private static boolean isFilled(Path folder) throws IOException {
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(folder, entry -> !isHidden(entry, HIDDEN))) {
            for (Path entry : entries) {
                if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) || isFilled(entry)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isHidden(Path entry, String prefix) {
        return entry.getFileName().toString().startsWith(prefix);
    }

    private boolean keepsSearches(String... parts) {
        return Arrays.stream(parts).anyMatch(part -> results(part).isBegun());
    }

    /** Removes what a process that was killed left unfinished. */
    private void sweep() throws IOException {
        if (Files.isDirectory(target)) {
            try (DirectoryStream<Path> entries =
                    Files.newDirectoryStream(target, entry -> isHidden(entry, UNFINISHED))) {
                for (Path entry : entries) {
                    delete(entry);
                }
            }
        }
    }

    /** The folder, or one in it, as searches keep what they find in it. */
    public ResultFolder results(String part) {
        return new ResultFolder(path.resolve(part), force);
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
            throw notWritten(file, e);
        }
    }

    /** The failure of a file that can't be written. */
    static BackendException notWritten(Path file, IOException e) {
        return new BackendException(
                "%s could not be written (%s): free some disk, or name another folder."
                        .formatted(file, e),
                e);
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
