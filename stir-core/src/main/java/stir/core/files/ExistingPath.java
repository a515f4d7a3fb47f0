package stir.core.files;

import stir.api.UsageException;
import stir.api.support.NearestNames;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Paths that users name, and what they may mean where nothing is. */
public final class ExistingPath {
    private static final int SOME_LETTERS = 3;

    private ExistingPath() {}

    /**
     * A path that there is.
     *
     * @param folder what it is relative to
     * @throws UsageException if there is nothing; the message names what is written most like it
     */
    public static Path in(Path folder, String text) {
        var path = folder.resolve(text);
        check(List.of(path));
        return path;
    }

    /**
     * Checks that there is something at each path.
     *
     * @throws UsageException if not; a sentence for each of those where nothing is
     */
    public static void check(List<Path> paths) {
        var missing =
                paths.stream()
                        .distinct()
                        .flatMap(path -> missing(path).stream())
                        .collect(Collectors.joining(" "));
        if (!missing.isEmpty()) {
            throw new UsageException(missing);
        }
    }

    private static Optional<String> missing(Path path) {
        if (Files.exists(path)) {
            return Optional.empty();
        }
        if (path.toString().matches("https?:.*")) {
            return Optional.of(
                    "%s is not a file: nothing is downloaded, so fetch it first."
                            .formatted(path.toString().replaceFirst(":/+", "://")));
        }
        return Optional.of("There is no file or folder '%s'%s".formatted(path, nearest(path)));
    }

    private static String nearest(Path path) {
        var parent = path.toAbsolutePath().getParent();
        var name = path.getFileName();
        if (parent == null || name == null || !Files.isDirectory(parent)) {
            return ", nor the folder that it should be in.";
        }
        return meant(name.toString(), names(parent)).map(": is it '%s'?"::formatted).orElse(".");
    }

    /** What a folder holds; nothing if it can't be read. */
    private static SortedSet<String> names(Path folder) {
        var names = new TreeSet<String>();
        try (var files = Files.newDirectoryStream(folder)) {
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
        } catch (IOException e) {
            names.clear();
        }
        return names;
    }

    /** The name that is written like another, or at least begins like it. */
    private static Optional<String> meant(String name, SortedSet<String> there) {
        return NearestNames.meant(name, there)
                .or(
                        () -> {
                            var alike =
                                    there.stream()
                                            .filter(known -> beginsAlike(known, name))
                                            .toList();
                            return NearestNames.nearest(name, alike).stream().findFirst();
                        });
    }

    private static boolean beginsAlike(String known, String name) {
        int some = Math.min(SOME_LETTERS, Math.min(known.length(), name.length()));
        return known.regionMatches(true, 0, name, 0, some);
    }
}
