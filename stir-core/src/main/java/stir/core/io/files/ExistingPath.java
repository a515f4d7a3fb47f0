package stir.core.io.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import stir.api.UsageException;
import stir.api.support.NearestNames;

/** Checks of paths that users name, with suggestions where nothing exists. */
public final class ExistingPath {
    private static final int PREFIX_LENGTH = 3;

    /** Control characters and line breaks of Unicode, which would end a line, a comment or a value. */
    private static final Pattern BREAK = Pattern.compile("[\\p{Cc}\\u2028\\u2029&&[^\\t]]");

    /** The character that Java puts in place of bytes that are not UTF-8. */
    private static final char NOT_UTF_8 = '\uFFFD';

    private ExistingPath() {}

    /**
     * Resolves a path and checks that it exists.
     *
     * @param folder the folder that the text is relative to
     * @throws UsageException if it does not exist; the message suggests the nearest existing name
     */
    public static Path in(Path folder, String text) {
        var path = folder.resolve(text);
        check(List.of(path));
        return path;
    }

    /**
     * Checks that every path exists.
     *
     * @throws UsageException if one does not; the message has one sentence per missing path
     */
    public static void check(List<Path> paths) {
        var missing = paths.stream()
                .distinct()
                .flatMap(path -> missing(path).stream())
                .collect(Collectors.joining(" "));
        if (!missing.isEmpty()) {
            throw new UsageException(missing);
        }
    }

    /**
     * Checks that a path exists and is a file or a folder.
     *
     * @throws UsageException if not
     */
    public static void checkFileOrFolder(Path path) {
        check(List.of(path));
        checkNoPipe(path);
    }

    /**
     * Checks that a path is not a pipe or a device, since reading one may never end.
     *
     * @throws UsageException if it is one
     */
    public static void checkNoPipe(Path path) {
        if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
            throw new UsageException("%s is a pipe or a device: use a file or a folder.".formatted(path));
        }
    }

    /**
     * Checks that a file that is written in place is not a link, which could lead out of its folder
     * to any file of the user, nor a pipe or a device.
     *
     * @throws UsageException if it is one
     */
    public static void checkNoLink(Path path) {
        if (Files.isSymbolicLink(path)) {
            throw new UsageException("%s is a link, through which nothing is written: remove it.".formatted(path));
        }
        checkNoPipe(path);
    }

    private static Optional<String> missing(Path path) {
        if (path.toString().isEmpty()) { // Java takes an empty path for the current folder
            return Optional.of("A file or folder name is empty.");
        }
        var broken = lineBreak(path.toString());
        if (broken.isPresent() || Files.exists(path)) {
            return broken;
        }
        if (Files.isSymbolicLink(path)) {
            return Optional.of("%s is a broken link: correct or remove it.".formatted(path));
        }
        var unreadable = notInUtf8(path);
        if (unreadable.isPresent()) {
            return unreadable;
        }
        if (path.toString().matches("https?:.*")) {
            return Optional.of("%s is not a file: nothing is downloaded, so fetch it first."
                    .formatted(path.toString().replaceFirst(":/+", "://")));
        }
        return Optional.of("There is no file or folder '%s'%s".formatted(path, nearest(path)));
    }

    /** Returns why a text is not a name on one line; empty for others. */
    public static Optional<String> lineBreak(String text) {
        var breaks = BREAK.matcher(text);
        return breaks.find()
                ? Optional.of(
                        "'%s' has a line break or a control character: rename it.".formatted(breaks.replaceAll("?")))
                : Optional.empty();
    }

    /** Returns why Java can't open a path whose name is not in UTF-8; empty for others. */
    public static Optional<String> notInUtf8(Path path) {
        return path.toString().indexOf(NOT_UTF_8) < 0
                ? Optional.empty()
                : Optional.of(
                        "'%s' has a name that is not in UTF-8, so Java can't open it: rename it.".formatted(path));
    }

    private static String nearest(Path path) {
        var parent = path.toAbsolutePath().getParent();
        var name = path.getFileName();
        if (parent == null || name == null || !Files.isDirectory(parent)) {
            return ", and its parent folder does not exist either.";
        }
        return meant(name.toString(), names(parent))
                .map(": is it '%s'?"::formatted)
                .orElse(".");
    }

    /** Returns the names in a folder; none if it can't be read. */
    private static SortedSet<String> names(Path folder) {
        var names = new TreeSet<String>();
        try (var files = Files.newDirectoryStream(folder)) {
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
        } catch (IOException e) {
            names.clear();
        }
        return names;
    }

    /** Returns the nearest name, or else the nearest one that begins with the same letters. */
    private static Optional<String> meant(String name, SortedSet<String> existing) {
        return NearestNames.meant(name, existing).or(() -> {
            var alike =
                    existing.stream().filter(known -> beginsAlike(known, name)).toList();
            return NearestNames.nearest(name, alike).stream().findFirst();
        });
    }

    private static boolean beginsAlike(String known, String name) {
        int length = Math.min(PREFIX_LENGTH, Math.min(known.length(), name.length()));
        return known.regionMatches(true, 0, name, 0, length);
    }
}
