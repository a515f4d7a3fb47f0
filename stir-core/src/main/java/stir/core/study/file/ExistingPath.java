package stir.core.study.file;

import stir.api.UsageException;
import stir.api.support.NearestNames;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;

/** Paths in an experiment's file. */
final class ExistingPath {
    private static final int SOME_LETTERS = 3;

    private ExistingPath() {}

    /**
     * A path that there is.
     *
     * @param folder what it is relative to
     * @throws UsageException if there is nothing; the message names what is written most like it
     */
    static Path in(Path folder, String text) {
        var path = folder.resolve(text);
        if (Files.exists(path)) {
            return path;
        }
        throw new UsageException("There is no file or folder %s%s".formatted(path, nearest(path)));
    }

    private static String nearest(Path path) {
        var parent = path.toAbsolutePath().getParent();
        var name = path.getFileName();
        if (parent == null || name == null || !Files.isDirectory(parent)) {
            return ", nor the folder that it should be in.";
        }
        var there = new TreeSet<String>();
        try (var files = Files.newDirectoryStream(parent)) {
            files.forEach(file -> there.add(String.valueOf(file.getFileName())));
        } catch (IOException e) { // no names to propose
            return ".";
        }
        return NearestNames.nearest(name.toString(), there).stream()
                .filter(known -> isAlike(known, name.toString()))
                .findFirst()
                .map(": is it '%s'?"::formatted)
                .orElse(".");
    }

    /** Whether a name may be meant: it begins or ends like the other. */
    private static boolean isAlike(String known, String name) {
        int some = Math.min(SOME_LETTERS, Math.min(known.length(), name.length()));
        return known.regionMatches(true, 0, name, 0, some)
                || known.regionMatches(
                        true, known.length() - some, name, name.length() - some, some);
    }
}
