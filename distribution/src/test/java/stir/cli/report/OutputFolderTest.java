package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import stir.api.BackendException;
import stir.api.UsageException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class OutputFolderTest {
    @TempDir Path folder;

    private List<String> entries() throws IOException {
        try (var found = Files.walk(folder)) {
            return found.filter(path -> !path.equals(folder))
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
    void aFailureLeavesNothing() throws IOException {
        var output = OutputFolder.claim(folder.resolve("out"), false);
        assertThrows(
                BackendException.class,
                () ->
                        output.write(
                                place -> {
                                    OutputFolder.writeText(place.resolve("half"), "x");
                                    throw new BackendException("The disk is full.");
                                }));
        assertEquals(List.of(), entries());
    }

    @Test
    void foldersWithoutAFileAreNoResults() throws IOException {
        Files.createDirectories(folder.resolve("vgg/search-a"));
        Files.createFile(folder.resolve("vgg/search-a/.stir-lock"));
        OutputFolder.claim(folder, false);
        Files.createFile(folder.resolve("vgg/search-a/of-mine"));
        assertThrows(UsageException.class, () -> OutputFolder.claim(folder, false));
    }

    @Test
    void foldersWithinAreKept() throws IOException {
        var output = OutputFolder.claim(folder.resolve("out"), false);
        output.write(
                place ->
                        OutputFolder.writeText(
                                OutputFolder.createFolder(place.resolve("in")).resolve("f"), "1"));
        var again = OutputFolder.claim(folder.resolve("out"), true);
        again.write(
                place ->
                        OutputFolder.writeText(
                                OutputFolder.createFolder(place.resolve("in")).resolve("f"), "2"));
        assertEquals(List.of("out", "out/in", "out/in/f"), entries());
        assertEquals("2", Files.readString(folder.resolve("out/in/f")));
    }

    @Test
    void theFolderAppearsComplete() {
        var out = folder.resolve("out");
        OutputFolder.claim(out, false)
                .write(
                        place -> {
                            assertFalse(Files.exists(out));
                            OutputFolder.writeText(place.resolve("f"), "1");
                        });
    }
}
