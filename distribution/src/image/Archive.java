import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Packs a folder, the same bytes for the same files: entries in the order of their names, with one
 * time, the usual modes and no owner.
 *
 * <pre>java Archive.java TIME ARCHIVE NAME FOLDER [+PATH... | -PATH...]</pre>
 *
 * ARCHIVE ends with .tar.gz or .zip; NAME is the folder in it. With +PATH it holds these paths of
 * FOLDER alone, with -PATH all others; an asterisk in PATH stands for part of a name.
 */
final class Archive {
    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_PREFIX = 155;

    private final String name;
    private final Path folder;
    private final List<Path> paths;
    private final Instant time;

    private Archive(String name, Path folder, List<Path> paths, Instant time) {
        this.name = name;
        this.folder = folder;
        this.paths = paths;
        this.time = time;
    }

    public static void main(String[] arguments) throws IOException {
        var folder = Path.of(arguments[3]);
        var chosen = chosen(List.of(arguments).subList(4, arguments.length));
        List<Path> paths;
        try (var found = Files.walk(folder)) {
            paths = found.filter(path -> chosen.test(folder.relativize(path)))
                    .sorted()
                    .toList();
        }
        var archive = new Archive(arguments[2], folder, paths, Instant.parse(arguments[0]));
        var target = Path.of(arguments[1]);
        Files.deleteIfExists(target);
        if (arguments[1].endsWith(".zip")) {
            archive.zip(target);
        } else {
            try (var out = new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(target)), 1 << 16)) {
                archive.tar(out);
            }
        }
    }

    private static Predicate<Path> chosen(List<String> rules) {
        var system = FileSystems.getDefault();
        var named = rules.stream()
                .map(rule -> rule.substring(1))
                .flatMap(rule -> Stream.of(rule, rule + "/**"))
                .map(rule -> system.getPathMatcher("glob:" + rule))
                .toList();
        boolean alone = rules.stream().anyMatch(rule -> rule.startsWith("+"));
        return path -> alone == named.stream().anyMatch(rule -> rule.matches(path));
    }

    private String entry(Path path) {
        var within = folder.relativize(path).toString().replace('\\', '/');
        var entry = within.isEmpty() ? name : name + "/" + within;
        return isFolder(path) ? entry + "/" : entry;
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isProgram(Path path) {
        return isFolder(path) || Files.isSymbolicLink(path) || Files.isExecutable(path);
    }

    private void zip(Path target) throws IOException {
        var options = Map.of("create", "true", "enablePosixFileAttributes", "true");
        try (var zip = FileSystems.newFileSystem(URI.create("jar:" + target.toUri()), options)) {
            for (var path : paths) {
                var entry = zip.getPath("/" + entry(path));
                if (isFolder(path)) {
                    Files.createDirectories(entry);
                } else {
                    Files.createDirectories(entry.getParent());
                    Files.write(entry, Files.readAllBytes(path));
                }
                var modified = FileTime.from(time);
                Files.getFileAttributeView(entry, BasicFileAttributeView.class).setTimes(modified, modified, modified);
                Files.setPosixFilePermissions(
                        entry, PosixFilePermissions.fromString(isProgram(path) ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    private void tar(OutputStream out) throws IOException {
        for (var path : paths) {
            boolean isLink = Files.isSymbolicLink(path);
            boolean isFile = !isLink && !isFolder(path);
            var header = new byte[BLOCK];
            putName(header, entry(path));
            putNumber(header, 100, 8, isProgram(path) ? 0755 : 0644);
            putNumber(header, 108, 8, 0);
            putNumber(header, 116, 8, 0);
            putNumber(header, 124, 12, isFile ? Files.size(path) : 0);
            putNumber(header, 136, 12, time.getEpochSecond());
            header[156] = (byte) (isLink ? '2' : isFile ? '0' : '5');
            if (isLink) {
                put(header, 157, LONGEST_NAME, Files.readSymbolicLink(path).toString());
            }
            put(header, 257, 6, "ustar");
            put(header, 263, 2, "00");
            Arrays.fill(header, 148, 156, (byte) ' ');
            int sum = 0;
            for (byte value : header) {
                sum += value & 0xff;
            }
            put(header, 148, 7, "%06o".formatted(sum));
            header[154] = 0;
            out.write(header);
            if (isFile) {
                Files.copy(path, out);
                out.write(new byte[(int) (-Files.size(path) & (BLOCK - 1))]);
            }
        }
        out.write(new byte[2 * BLOCK]);
    }

    private static void putName(byte[] header, String entry) {
        int bytes = entry.getBytes(StandardCharsets.UTF_8).length;
        if (bytes <= LONGEST_NAME) {
            put(header, 0, LONGEST_NAME, entry);
            return;
        }
        int slash = entry.indexOf('/', entry.length() - LONGEST_NAME - 1);
        if (slash < 0 || slash == entry.length() - 1) {
            throw new IllegalStateException("The name is too long for an archive: " + entry);
        }
        put(header, 345, LONGEST_PREFIX, entry.substring(0, slash));
        put(header, 0, LONGEST_NAME, entry.substring(slash + 1));
    }

    private static void putNumber(byte[] header, int at, int length, long number) {
        put(header, at, length, ("%0" + (length - 1) + "o").formatted(number));
    }

    private static void put(byte[] header, int at, int length, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > length) {
            throw new IllegalStateException("This does not fit into an archive's field: " + text);
        }
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
