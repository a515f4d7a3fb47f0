package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.BackendException;
import stir.api.UsageException;

class OutputFolderTest {
    @TempDir
    Path folder;

    private List<String> entries() throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.filter(path -> !path.equals(folder))
                    .map(path -> folder.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aClaimLeavesNothing() throws IOException {
        OutputFolder.claim(folder.resolve("a/b"), false);
        assertEquals(List.of(), entries());
    }

    @Test
    void aFailureLeavesWhatWasThere() throws IOException {
        var output = OutputFolder.claim(folder, false);
        OutputFolder.writeText(folder.resolve("f"), "1");
        assertThrows(
                BackendException.class,
                () -> output.write("f", out -> {
                    out.write('2');
                    throw new IOException("The disk is full");
                }));
        assertEquals(List.of("f"), entries());
        assertEquals("1", Files.readString(folder.resolve("f")));
    }

    @Test
    void foldersWithoutAFileAreNotResults() throws IOException {
        Files.createDirectories(folder.resolve("vgg/searches/a"));
        Files.createFile(folder.resolve("vgg/searches/.stir-unfinished-rows.csv-1"));
        OutputFolder.claim(folder, false);
        Files.createFile(folder.resolve("vgg/searches/of-mine"));
        assertThrows(UsageException.class, () -> OutputFolder.claim(folder, false));
        OutputFolder.claim(folder, true);
    }

    @Test
    void aStudyThatWasBegunContinues() throws IOException {
        Files.createDirectories(folder.resolve("vgg/logs"));
        Files.createFile(folder.resolve("vgg/logs/lock")); // killed at its very beginning
        assertThrows(UsageException.class, () -> OutputFolder.claim(folder, false, "resnet"));
        OutputFolder.claim(folder, false, "vgg", "resnet");
    }

    @Test
    void aLinkTakesThePlaceOfAFile() throws IOException {
        var output = OutputFolder.claim(folder, false);
        var source = Files.writeString(folder.resolve("found"), "1");
        Files.writeString(folder.resolve("shown"), "old");
        output.link("shown", source);
        output.link("shown", source); // which is one file already
        assertEquals(List.of("found", "shown"), entries());
        assertEquals("1", Files.readString(folder.resolve("shown")));
        OutputFolder.writeText(source, "2");
        assertEquals("1", Files.readString(folder.resolve("shown")), "a new file, not the old one");
    }
}
