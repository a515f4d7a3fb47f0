package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The messages that the page {@code docs/troubleshooting.md} explains, against the sources. */
class TroubleshootingTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]*) \\|");
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");

    /** Parts of messages that are names, numbers or punctuation are shorter. */
    private static final int SHORTEST = 8;

    @Test
    void namesMessagesThatExist() throws IOException {
        var sources = sources();
        var parts = ROW.matcher(Files.readString(Path.of("docs/troubleshooting.md")))
                .results()
                .flatMap(row -> CODE.matcher(row.group(1)).results())
                .flatMap(code -> Arrays.stream(code.group(1).split("\\.\\.\\.", -1)))
                .map(part -> part.replaceAll("^[\\s()',]+|[\\s()',]+$", ""))
                .filter(part -> part.length() >= SHORTEST)
                .toList();
        assertTrue(parts.size() > 50, parts::toString);
        assertEquals(
                List.of(),
                parts.stream().filter(part -> !sources.contains(part)).toList());
    }

    /** Returns the text of all main sources and of the launcher, with joined literals. */
    private static String sources() throws IOException {
        var text = new StringBuilder(Files.readString(Path.of("src/image/bin/stir")));
        try (var files = Files.walk(ROOT)) {
            for (var file : files.filter(TroubleshootingTest::isMain).toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString().replaceAll("\"\\s*\\+\\s*\"", "");
    }

    private static boolean isMain(Path file) {
        var name = file.toString().replace('\\', '/');
        return name.endsWith(".java") && name.contains("/src/main/java/");
    }
}
