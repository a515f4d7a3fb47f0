package stir.core.inputs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import stir.api.DataException;
import stir.api.support.IoReason;
import stir.core.io.files.RelativeName;

/**
 * The files in a folder and its subfolders, each with one input, sorted by path. If each is in a
 * subfolder, the subfolders are the classes, numbered in the order of their names, as torchvision's
 * {@code ImageFolder}.
 *
 * @param folder the folder
 * @param files the files
 * @param classes the subfolders' names; empty if there are no classes
 */
record FolderFiles(Path folder, List<Path> files, List<String> classes) {
    /**
     * Lists the files in a folder. Folders may have any names, those of endings included.
     *
     * @param endings the endings of their names, in lower case and without the dot
     * @param noun a file's name in messages
     * @throws DataException if the folder can't be read, or one of them is not a file
     */
    static FolderFiles in(Path folder, Set<String> endings, String noun) {
        List<Path> files;
        try (Stream<Path> paths = Files.walk(folder)) {
            files = paths.filter(file -> isInput(file, endings) && !Files.isDirectory(file))
                    .sorted(RelativeName.order(folder))
                    .toList();
        } catch (UncheckedIOException e) {
            throw unreadable(folder, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new DataException("%s is %s, not %s: remove it from the folder, or rename it."
                        .formatted(file, Files.exists(file) ? "a pipe or a device" : "a broken link", noun));
            }
        }
        var relative = files.stream().map(folder::relativize).toList();
        var classes = relative.stream().allMatch(path -> path.getNameCount() > 1)
                ? relative.stream()
                        .map(path -> path.getName(0).toString())
                        .distinct()
                        .sorted()
                        .toList()
                : List.<String>of();
        return new FolderFiles(folder, files, classes);
    }

    private static DataException unreadable(Path folder, IOException e) {
        return new DataException(
                "The folder %s could not be read (%s): check its permissions.".formatted(folder, IoReason.of(e)), e);
    }

    private static boolean isInput(Path file, Set<String> endings) {
        var name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        int dot = name.lastIndexOf('.');
        return dot > 0 && !name.startsWith(".") && endings.contains(name.substring(dot + 1));
    }

    String name(int index) {
        return RelativeName.of(folder, files.get(index));
    }

    OptionalInt label(int index) {
        return classes.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(classes.indexOf(
                        folder.relativize(files.get(index)).getName(0).toString()));
    }
}
