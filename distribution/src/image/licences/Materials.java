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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares what the image bundles with the committed checksums, and writes its bill of materials as
 * CycloneDX 1.6, the same bytes for the same materials. It fails for a jar that checksums.csv does
 * not name, and for one that is another than when it was named.
 *
 * <pre>java Materials.java SOURCES TARGET REPOSITORY NAME VERSION TIMESTAMP RUNTIME JARS...</pre>
 *
 * SOURCES holds checksums.csv and libraries.csv; REPOSITORY is Maven's, whose files are compared,
 * since the image holds some of them changed; NAME is that of what the bill is for; RUNTIME is the
 * image's Java, or {@code none}; JARS are folders of jars. With {@code write} for TARGET,
 * checksums.csv is written from what is in the repository, natives of all platforms included.
 */
final class Materials {
    private static final String WRITE = "write";

    /** Of a repository: group, artifact, version and what follows them in the file's name. */
    private static final Pattern PATH = Pattern.compile(
            "(?<group>.+)/(?<artifact>[^/]+)/(?<version>[^/]+)/\\k<artifact>-\\k<version>(-(?<classifier>.+))?\\.jar");

    private final Path repository;
    private final Map<String, String> paths = new TreeMap<>();
    private final Map<String, String> sums = new TreeMap<>();
    private final Map<String, String[]> libraries = new TreeMap<>();
    private final List<String> components = new ArrayList<>();

    private Materials(Path sources, Path repository) throws IOException {
        this.repository = repository;
        for (var cells : rows(sources.resolve("checksums.csv"))) {
            paths.put(cells[0].substring(cells[0].lastIndexOf('/') + 1), cells[0]);
            sums.put(cells[0], cells[1]);
        }
        for (var cells : rows(sources.resolve("libraries.csv"))) {
            libraries.put(cells[0], cells);
        }
    }

    public static void main(String[] arguments) throws IOException {
        var sources = Path.of(arguments[0]);
        var jars = new TreeMap<String, Path>();
        for (var folder : List.of(arguments).subList(7, arguments.length)) {
            try (var found = Files.walk(Path.of(folder))) {
                found.filter(path -> path.toString().endsWith(".jar"))
                        .forEach(path -> jars.putIfAbsent(path.getFileName().toString(), path));
            }
        }
        var repository = Path.of(arguments[2]);
        if (arguments[1].equals(WRITE)) {
            write(sources.resolve("checksums.csv"), repository, jars);
            return;
        }
        var materials = new Materials(sources, repository);
        for (var jar : jars.entrySet()) {
            materials.add(jar.getKey(), jar.getValue());
        }
        if (jars.keySet().stream().anyMatch(name -> name.matches("stir-\\d.*"))) {
            materials.addCharts();
        }
        if (!arguments[6].equals("none")) {
            materials.addRuntime(Path.of(arguments[6]));
        }
        var bill = """
                {
                  "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
                  "bomFormat": "CycloneDX",
                  "specVersion": "1.6",
                  "version": 1,
                  "metadata": {
                    "timestamp": "%s",
                    "component": {"type": "application", "bom-ref": "stir", "name": "%s", "version": "%s", "licenses": [{"license": {"id": "Apache-2.0"}}]}
                  },
                  "components": [
                %s
                  ]
                }
                """;
        Files.writeString(
                Path.of(arguments[1]),
                bill.formatted(arguments[5], arguments[3], arguments[4], String.join(",\n", materials.components)));
    }

    private static List<String[]> rows(Path file) throws IOException {
        var lines = Files.readAllLines(file);
        return lines.subList(1, lines.size()).stream()
                .map(line -> line.split(",", -1))
                .toList();
    }

    private void add(String name, Path bundled) throws IOException {
        var artifact = name.replaceFirst("-\\d.*$", "");
        if (artifact.equals("stir") || artifact.startsWith("stir-")) {
            var version = name.substring(artifact.length() + 1).replaceFirst("\\.jar$", "");
            component("org.stir", artifact, version, null, sum(bundled));
            return;
        }
        addLibrary(name);
    }

    private void addLibrary(String name) throws IOException {
        var path = paths.get(name);
        if (path == null) {
            throw new IllegalStateException(name + " is bundled, but checksums.csv does not hold its sum.");
        }
        var parts = parts(path);
        var found = sum(repository.resolve(path));
        if (!found.equals(sums.get(path))) {
            throw new IllegalStateException(
                    "%s is not the file that checksums.csv names: its SHA-256 is %s. Do not use it unless you know why."
                            .formatted(repository.resolve(path), found));
        }
        component(
                parts.group("group").replace('/', '.'),
                parts.group("artifact"),
                parts.group("version"),
                parts.group("classifier"),
                found);
    }

    private static Matcher parts(String path) {
        var parts = PATH.matcher(path);
        if (!parts.matches()) {
            throw new IllegalStateException(path + " is no path of a Maven repository.");
        }
        return parts;
    }

    /** ECharts is a resource of the application. */
    private void addCharts() throws IOException {
        addLibrary(paths.keySet().stream()
                .filter(name -> name.startsWith("echarts-"))
                .findFirst()
                .orElse("echarts.jar"));
    }

    private void component(String group, String artifact, String version, String classifier, String sum) {
        var library = libraries.get(artifact);
        if (library == null) {
            throw new IllegalStateException(artifact + " is bundled, but libraries.csv does not name it.");
        }
        var url = "pkg:maven/%s/%s@%s%s"
                .formatted(group, artifact, version, classifier == null ? "" : "?classifier=" + classifier);
        var licence = library[1].contains(" ")
                ? "{\"name\": \"%s\"}".formatted(library[1])
                : "{\"id\": \"%s\"}".formatted(library[1]);
        components.add("""
                {"type": "library", "bom-ref": "%s", "group": "%s", "name": "%s", "version": "%s", "purl": "%1$s",
                 "hashes": [{"alg": "SHA-256", "content": "%s"}], "licenses": [{"license": %s}]}\
                """.formatted(url, group, artifact, version, sum, licence));
    }

    /** Java itself, and what bundle-libraries.sh took from the system. */
    private void addRuntime(Path runtime) throws IOException {
        var release = Files.readString(runtime.resolve("release"));
        var version = Pattern.compile("JAVA_VERSION=\"([^\"]+)\"").matcher(release);
        if (!version.find()) {
            throw new IllegalStateException(runtime + " does not tell the version of Java.");
        }
        components.add("""
                {"type": "platform", "bom-ref": "java", "name": "OpenJDK", "version": "%s",
                 "licenses": [{"expression": "GPL-2.0-only WITH Classpath-exception-2.0"}]}\
                """.formatted(version.group(1)));
        try (var files = Files.list(runtime.resolve("lib"))) {
            for (var file : files.sorted().toList()) {
                var name = file.getFileName().toString();
                if (name.matches("lib(jpeg|lcms2|z)\\.so\\..*")) {
                    components.add("""
                            {"type": "file", "bom-ref": "%s", "name": "%1$s",
                             "hashes": [{"alg": "SHA-256", "content": "%s"}]}\
                            """.formatted(name, sum(file)));
                }
            }
        }
    }

    private static void write(Path file, Path repository, Map<String, Path> jars) throws IOException {
        var lines = new ArrayList<String>();
        try (var found = Files.walk(repository)) {
            for (var path : found.sorted().toList()) {
                var name = path.getFileName().toString();
                boolean isOurs = name.startsWith("stir-");
                boolean isCharts = name.matches("echarts-.*\\.jar");
                boolean isNative = name.matches("(pytorch-native-cpu|tensorflow-core-native)-.*(?<!-gpu)\\.jar");
                if ((jars.containsKey(name) || isCharts || isNative) && !isOurs) {
                    lines.add(repository.relativize(path) + "," + sum(path));
                }
            }
        }
        lines.add(0, "path,sha256");
        Files.write(file, lines);
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
