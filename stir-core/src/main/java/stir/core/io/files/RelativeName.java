package stir.core.io.files;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;

/** The names of files relative to a folder, with the same text and order on all systems. */
public final class RelativeName {
    private static final String SEPARATOR = "/";

    private RelativeName() {}

    /** Returns the name of a file in a folder, with {@code /} between its parts. */
    public static String of(Path folder, Path file) {
        return folder.relativize(file).toString().replace(separator(folder), SEPARATOR);
    }

    /** Returns the order of the bytes of the names, which is that of paths on Linux. */
    public static Comparator<Path> order(Path folder) {
        return separator(folder).equals(SEPARATOR)
                ? Comparator.naturalOrder()
                : Comparator.comparing(
                        file -> of(folder, file).getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);
    }

    private static String separator(Path folder) {
        return folder.getFileSystem().getSeparator();
    }
}
