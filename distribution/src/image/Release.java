import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;

/**
 * Writes what a release needs besides its archives: the notes, which are the version's section of
 * the changelog, and the checksums of all files.
 *
 * <pre>java Release.java CHANGELOG VERSION FOLDER</pre>
 */
final class Release {
    public static void main(String[] arguments) throws IOException {
        var folder = Path.of(arguments[2]);
        Files.writeString(folder.resolve("RELEASE-NOTES.md"), notes(Path.of(arguments[0]), arguments[1]));
        var sums = new ArrayList<String>();
        try (var files = Files.list(folder)) {
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (!file.endsWith("SHA256SUMS")) {
                    sums.add(sum(file) + "  " + file.getFileName());
                }
            }
        }
        Files.write(folder.resolve("SHA256SUMS"), sums);
    }

    private static String notes(Path changelog, String version) throws IOException {
        var notes = new StringBuilder("# Stir " + version + "\n");
        boolean isOurs = false;
        for (var line : Files.readAllLines(changelog)) {
            if (line.startsWith("## ")) {
                isOurs = line.equals("## " + version) || line.startsWith("## " + version + " ");
            } else if (isOurs) {
                notes.append(line).append('\n');
            }
        }
        if (notes.indexOf("\n- ") < 0) {
            throw new IllegalStateException(
                    "%s has no section %s: write it before the release.".formatted(changelog, version));
        }
        return notes.toString().strip() + "\n";
    }

    private static String sum(Path file) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
