package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * Tests of the files in the repository that are not sources: models, arrays, digits, expected
 * results.
 */
class CommittedFilesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Folders of a machine; exporters write them into models as positions in source files. */
    private static final Pattern FOLDER = Pattern.compile(
            "(?<![\\w.:/-])(/(home|root|Users|mnt|opt|tmp|srv|builds?|work\\w*)/[\\w.+-]+|[A-Z]:\\\\Users\\\\)");

    private static final Pattern DATA = Pattern.compile(".*/(src/test/resources|src/demo|examples/networks|docs)/.*");

    private final TreeSet<String> named = new TreeSet<>();
    private int files;

    @Test
    void committedFilesNameNoFolderOfTheMachineThatMadeThem() throws IOException {
        try (var paths = Files.walk(ROOT)) {
            for (var path : paths.filter(Files::isRegularFile).toList()) {
                var name = ROOT.relativize(path).toString();
                if (DATA.matcher("/" + name).matches() && !name.contains("target/")) {
                    files++;
                    look(name, path);
                }
            }
        }
        assertTrue(files > 100, files + " files");
        assertEquals(List.of(), List.copyOf(named));
    }

    /** Searches a file and, if it is an archive, its entries. */
    private void look(String name, Path file) throws IOException {
        var content = Files.readAllBytes(file);
        look(name, content);
        if (content.length > 1 && content[0] == 'P' && content[1] == 'K') {
            try (var zip = new ZipFile(file.toFile())) {
                for (var entry : zip.stream().toList()) {
                    look(name + "!" + entry.getName(), zip.getInputStream(entry).readAllBytes());
                }
            }
        }
    }

    private void look(String name, byte[] content) {
        var text = new String(content, StandardCharsets.ISO_8859_1);
        if (FOLDER.matcher(text).find() || text.contains(ROOT.toString())) {
            named.add(name);
        }
    }
}
