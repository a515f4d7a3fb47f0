package stir.core.internal;

import stir.api.DataException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;

/** The SHA-256 of a model: of its file, or of all files of its folder and their names. */
final class ModelHash {
    private static final int CHUNK = 1 << 20;

    private ModelHash() {}

    static String of(Path model) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            try (Stream<Path> found = Files.walk(model)) {
                for (Path file : found.filter(Files::isRegularFile).sorted().toList()) {
                    if (!file.equals(model)) {
                        digest.update(
                                model.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                    }
                    update(digest, file);
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        } catch (IOException e) {
            throw new DataException(
                    "%s could not be read (%s).".formatted(model, e.getMessage()), e);
        }
    }

    private static void update(MessageDigest digest, Path file) throws IOException {
        var chunk = new byte[CHUNK];
        try (var in = Files.newInputStream(file)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                digest.update(chunk, 0, read);
            }
        }
    }
}
