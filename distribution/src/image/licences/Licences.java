import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/**
 * Writes the licences of what the image bundles, and fails for a jar that the list does not name.
 *
 * <pre>java Licences.java SOURCES TARGET JARS...</pre>
 *
 * SOURCES holds libraries.csv, texts/ and natives/, the texts for native code of jars that bring
 * none; JARS are folders of jars.
 */
final class Licences {
    private static final Pattern TEXT =
            Pattern.compile("(?i)(.*/)?(licen[sc]e|notice|copying|third-?party)[^/]*(?<!\\.class)(?<!/)");
    private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib)(\\.\\d+)*");
    private static final Pattern VERSION = Pattern.compile("-\\d.*$");

    public static void main(String[] arguments) throws IOException {
        var sources = Path.of(arguments[0]);
        var target = Path.of(arguments[1]);
        Map<String, String[]> known = new TreeMap<>();
        var lines = Files.readAllLines(sources.resolve("libraries.csv"));
        for (var line : lines.subList(1, lines.size())) {
            var cells = line.split(",", -1);
            known.put(cells[0], cells);
        }
        Files.createDirectories(target);
        var names = new TreeSet<String>();
        var rows = new ArrayList<String>(List.of("jar,licence,home"));
        for (int i = 2; i < arguments.length; i++) {
            try (var jars = Files.walk(Path.of(arguments[i]))) {
                for (var jar : jars.filter(path -> path.toString().endsWith(".jar"))
                        .sorted()
                        .toList()) {
                    var file = jar.getFileName().toString().replaceFirst("\\.jar$", "");
                    if (!names.add(file)) {
                        continue; // in two backends
                    }
                    var library = known.get(VERSION.matcher(file).replaceFirst(""));
                    if (library == null) {
                        throw new IllegalStateException(
                                file + ".jar is bundled, but libraries.csv does not tell its licence.");
                    }
                    rows.add(file + ".jar," + library[1] + "," + library[2]);
                    boolean own = copyTexts(jar, target.resolve(file));
                    copyOfNatives(
                            jar,
                            sources.resolve("natives/" + VERSION.matcher(file).replaceFirst("")),
                            target.resolve(file),
                            own);
                    var text = sources.resolve("texts/" + library[1] + ".txt");
                    if (!own && !List.of("Apache-2.0", "Public domain").contains(library[1]) && !Files.exists(text)) {
                        throw new IllegalStateException(file + ".jar brings no licence, and there is no " + text + ".");
                    }
                }
            }
        }
        if (names.stream().anyMatch(file -> file.matches("stir-report-\\d.*"))) {
            rows.add("echarts (in stir-report.jar)," + known.get("echarts")[1] + "," + known.get("echarts")[2]);
        }
        Files.write(target.resolve("libraries.csv"), rows);
    }

    /** Copies the texts for a jar's native code, of which the jar itself or natives/ must have some. */
    private static void copyOfNatives(Path jar, Path texts, Path to, boolean own) throws IOException {
        try (var file = new JarFile(jar.toFile())) {
            if (file.stream().noneMatch(entry -> NATIVE.matcher(entry.getName()).matches())) {
                return;
            }
        }
        if (Files.isDirectory(texts)) {
            Files.createDirectories(to);
            try (var found = Files.list(texts)) {
                for (var text : found.sorted().toList()) {
                    Files.copy(text, to.resolve(text.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } else if (!own) {
            throw new IllegalStateException(
                    jar + " contains native code without its licences, and there is no " + texts);
        }
    }

    /** Copies what a jar says of its licence; whether it says anything. */
    private static boolean copyTexts(Path jar, Path to) throws IOException {
        boolean found = false;
        try (var file = new JarFile(jar.toFile())) {
            for (var entry : file.stream().toList()) {
                if (!entry.isDirectory() && TEXT.matcher(entry.getName()).matches()) {
                    Files.createDirectories(to);
                    var name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                    Files.write(to.resolve(name), file.getInputStream(entry).readAllBytes());
                    found = true;
                }
            }
        }
        return found;
    }
}
