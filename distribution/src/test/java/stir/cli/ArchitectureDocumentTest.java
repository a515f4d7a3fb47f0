package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page {@code docs/architecture.md} against the sources. */
class ArchitectureDocumentTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PAGE = Path.of("docs/architecture.md");
    private static final Pattern PACKAGE = Pattern.compile("^\\| `(stir[\\w.]+)` \\|");
    private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]\\w+)`");

    @Test
    void hasALinePerPackage() throws IOException {
        var described = Files.readAllLines(PAGE).stream()
                .map(PACKAGE::matcher)
                .filter(line -> line.find())
                .map(line -> line.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        var existing = sources(
                path -> path.endsWith("package-info.java") && path.toString().contains("/src/main/java/"));
        assertTrue(existing.size() > 30, existing::toString);
        assertEquals(
                existing.stream()
                        .map(file -> file.toString()
                                .replaceAll(".*/java/|/package-info.java", "")
                                .replace('/', '.'))
                        .collect(Collectors.toCollection(TreeSet::new)),
                described);
    }

    @Test
    void namesTypesThatExist() throws IOException {
        var existing = sources(path -> path.toString().endsWith(".java")).stream()
                .map(path -> path.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        var named = TYPE.matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(named.size() > 30, named::toString);
        named.removeAll(existing);
        assertEquals(Set.of(), named);
    }

    private static Set<Path> sources(Predicate<Path> chosen) throws IOException {
        try (var files = Files.walk(ROOT)) {
            return files.map(ROOT::relativize)
                    .filter(path -> !path.toString().contains("target/") && chosen.test(path))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
