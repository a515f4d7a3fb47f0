import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs the Python package as a wheel, the same bytes for the same files, without Python. Its name,
 * version and requirements are those of the package's {@code pyproject.toml}.
 *
 * <pre>java Wheel.java TIME PACKAGE FOLDER</pre>
 */
final class Wheel {
    private static final Pattern KEY = Pattern.compile("(?m)^([\\w-]+) = (.*)$");
    private static final Pattern TEXT = Pattern.compile("\"([^\"]*)\"");

    private Wheel() {}

    public static void main(String[] arguments) throws IOException {
        var source = Path.of(arguments[1]);
        var project = Files.readString(source.resolve("pyproject.toml"));
        var main = keys(project, "project");
        var name = text(main.get("name")).replace('-', '_');
        var release = name + "-" + text(main.get("version"));
        var files = new TreeMap<String, byte[]>();
        var code = source.resolve("src").resolve(name);
        try (var found = Files.list(code)) {
            for (var file : found.filter(Files::isRegularFile).toList()) {
                files.put(name + "/" + file.getFileName(), Files.readAllBytes(file));
            }
        }
        var about = release + ".dist-info/";
        files.put(
                about + "METADATA",
                bytes(metadata(main, keys(project, "project.optional-dependencies"))
                        + "\n"
                        + Files.readString(source.resolve("README.md"))));
        files.put(
                about + "WHEEL",
                bytes("Wheel-Version: 1.0\nGenerator: stir\nRoot-Is-Purelib: true\nTag: py3-none-any\n"));
        var record = new StringBuilder();
        files.forEach(
                (path, content) -> record.append("%s,sha256=%s,%d\n".formatted(path, hash(content), content.length)));
        files.put(about + "RECORD", bytes(record + about + "RECORD,,\n"));
        var folder = Files.createDirectories(Path.of(arguments[2]));
        Files.write(
                folder.resolve(release + "-py3-none-any.whl"),
                zip(files, LocalDateTime.ofInstant(Instant.parse(arguments[0]), ZoneOffset.UTC)));
    }

    private static String metadata(Map<String, String> main, Map<String, String> extras) {
        var lines = new StringBuilder("Metadata-Version: 2.1\n");
        lines.append("Name: ").append(text(main.get("name"))).append('\n');
        lines.append("Version: ").append(text(main.get("version"))).append('\n');
        lines.append("Summary: ").append(text(main.get("description"))).append('\n');
        lines.append("License: ").append(text(main.get("license"))).append('\n');
        lines.append("Requires-Python: ")
                .append(text(main.get("requires-python")))
                .append('\n');
        texts(main.get("dependencies"), "Requires-Dist: %s\n", lines);
        extras.forEach((extra, needed) -> {
            lines.append("Provides-Extra: ").append(extra).append('\n');
            texts(needed, "Requires-Dist: %s; extra == \"" + extra + "\"\n", lines);
        });
        return lines.append("Description-Content-Type: text/markdown\n").toString();
    }

    /** Returns the values of a table, as they are written. */
    private static Map<String, String> keys(String project, String table) {
        var header = "[" + table + "]\n";
        int start = project.indexOf(header) + header.length();
        int end = project.indexOf("\n[", start);
        return KEY.matcher(project.substring(start, end < 0 ? project.length() : end))
                .results()
                .collect(Collectors.toMap(
                        found -> found.group(1), found -> found.group(2), (one, other) -> other, TreeMap::new));
    }

    private static String text(String value) {
        return TEXT.matcher(value)
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static void texts(String values, String format, StringBuilder lines) {
        TEXT.matcher(values)
                .results()
                .map((MatchResult found) -> found.group(1))
                .forEach(value -> lines.append(format.formatted(value)));
    }

    private static byte[] zip(Map<String, byte[]> files, LocalDateTime time) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var file : files.entrySet()) {
                var entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(time);
                zip.putNextEntry(entry);
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static String hash(byte[] content) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(content);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
