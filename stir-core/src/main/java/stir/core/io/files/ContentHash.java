package stir.core.io.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.stream.Stream;
import stir.api.DataException;

/** The SHA-256 of a file's content, or of the names and contents of all files in a folder. */
public final class ContentHash {
    private static final int CHUNK = 1 << 20;

    private ContentHash() {}

    /**
     * Returns the hash.
     *
     * @param path a file or folder that exists
     * @return 64 hexadecimal digits
     * @throws DataException if it can't be read
     */
    public static String of(Path path) {
        try {
            var digest = Sha256.digest();
            try (Stream<Path> paths = Files.walk(path)) {
                for (Path file : paths.filter(Files::isRegularFile)
                        .sorted(RelativeName.order(path))
                        .toList()) {
                    if (!file.equals(path)) {
                        digest.update(RelativeName.of(path, file).getBytes(StandardCharsets.UTF_8));
                    }
                    update(digest, file);
                }
            }
            return Sha256.hex(digest);
        } catch (IOException e) {
            throw new DataException("%s could not be read (%s).".formatted(path, e.getMessage()), e);
        }
    }

    private static void update(MessageDigest digest, Path file) throws IOException {
        var chunk = new byte[CHUNK];
        ExistingPath.checkNoPipe(file);
        try (var in = Files.newInputStream(file)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                digest.update(chunk, 0, read);
            }
        }
    }
}
