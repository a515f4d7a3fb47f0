package stir.core.io.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The size of a file or of all files in a folder. */
public final class FileSize {
    private FileSize() {}

    /** Returns the number of bytes; 0 if they can't be read. */
    public static long of(Path file) {
        try (Stream<Path> paths = Files.walk(file)) {
            return paths.filter(Files::isRegularFile)
                    .mapToLong(each -> each.toFile().length())
                    .sum();
        } catch (IOException | UncheckedIOException e) { // a model that came from no file
            return 0;
        }
    }
}
