package stir.cli.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import stir.api.BackendException;
import stir.api.UsageException;
import stir.api.support.IoReason;
import stir.core.io.files.AtomicFiles;
import stir.core.study.Study;

/**
 * A folder of results, in which each file is complete or missing.
 *
 * @param path the path of the folder, as it was given
 */
public record OutputFolder(Path path) {
    /**
     * Checks that results can be written, by writing.
     *
     * @param path the folder; it may not exist yet, nor its parents
     * @param force whether it may hold files already; those of the same names will be replaced
     * @param parts the folders in it that are studies, {@code ""} for itself: where one of them is
     *     begun already, it may hold files, too, since that work goes on
     * @throws UsageException if it can't be written, or holds files of others
     */
    public static OutputFolder claim(Path path, boolean force, String... parts) {
        try {
            if (Files.exists(path) && !Files.isDirectory(path)) {
                throw new UsageException(path + " is a file: choose a new folder with --out.");
            }
            boolean begun = Arrays.stream(parts).anyMatch(part -> Study.isBegun(path.resolve(part)));
            if (!force && !begun && Files.isDirectory(path) && isFilled(path)) {
                throw new UsageException(
                        path + " is not empty: choose a new folder with --out, or overwrite its files with --force.");
            }
            Files.delete(Files.createTempDirectory(nearest(path), AtomicFiles.UNFINISHED));
        } catch (IOException e) {
            throw new UsageException(
                    "Nothing can be written into %s (%s): choose another folder with --out."
                            .formatted(path, IoReason.of(e)),
                    e);
        }
        return new OutputFolder(path);
    }

    /** Returns whether a folder holds a file, at any depth, other than unfinished ones. */
    private static boolean isFilled(Path folder) throws IOException {
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(folder, entry -> !AtomicFiles.isUnfinished(entry))) {
            for (Path entry : entries) {
                if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS) || isFilled(entry)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns the folder itself, or the nearest of its parents that exists. */
    private static Path nearest(Path folder) {
        Path candidate = folder.toAbsolutePath().normalize();
        while (!Files.exists(candidate)) {
            var parent = candidate.getParent();
            if (parent == null) {
                return candidate;
            }
            candidate = parent;
        }
        return candidate;
    }

    /** Returns a folder in it. */
    public OutputFolder within(String part) {
        return new OutputFolder(path.resolve(part));
    }

    /**
     * Writes a file.
     *
     * @throws BackendException if it can't be written; an older file stays
     */
    void write(String name, AtomicFiles.Content content) {
        write(path.resolve(name), content);
    }

    /** Writes a document. */
    void write(String name, JsonDocument document) {
        writeText(path.resolve(name), document.toJson());
    }

    private static void write(Path file, AtomicFiles.Content content) {
        try {
            new AtomicFiles().write(file, content);
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    /** Links a file into this folder, or copies it where the disk's format has no links. */
    void link(String name, Path existing) {
        var file = path.resolve(name);
        try {
            var unfinished = AtomicFiles.unfinished(file);
            try {
                Files.createLink(unfinished, existing);
            } catch (IOException | UnsupportedOperationException e) {
                Files.copy(existing, unfinished);
            }
            AtomicFiles.complete(unfinished, file);
            // A rename does nothing where both are names of one file already.
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    private static BackendException notWritten(Path file, IOException e) {
        return new BackendException(
                "%s could not be written (%s): %s, or choose another folder."
                        .formatted(file, IoReason.of(e), IoReason.remedy(e)),
                e);
    }

    /** Writes a text file in UTF-8. */
    public static void writeText(Path file, String text) {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Creates a folder and those above it, unless they exist, and returns it. */
    public static Path createFolder(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new BackendException(
                    "%s could not be created (%s): choose another folder.".formatted(folder, IoReason.of(e)), e);
        }
    }
}
