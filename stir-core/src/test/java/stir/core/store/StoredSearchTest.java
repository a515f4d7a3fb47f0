package stir.core.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A search as it was stored once, before and after it was gathered, in {@code
 * src/test/resources/stored/search}: whoever changes what files hold has to say so by another kind
 * or schema, and to store it again with {@code -Dstir.formats.write=true}.
 */
class StoredSearchTest {
    private static final Path STORED = Path.of("src", "test", "resources", "stored", "search");

    private static final List<String> GATHERED =
            List.of(SearchFolder.PIXELS, SearchFolder.TABLE, SearchFolder.DOCUMENT);
    private static final String BLOCK = "first-00000000.rows";

    @TempDir
    Path folder;

    private SearchFolder search() {
        return new SearchFolder(folder, SearchInFolder.identity(), SearchInFolder.LAYOUT);
    }

    private Path progress() {
        return folder.resolve("progress");
    }

    /** What is stored: blocks of rows of two ranges, then the whole. */
    private void write() throws IOException {
        var search = search();
        for (int[] range : new int[][] {{0, 2}, {2, 5}}) {
            try (var rows = search.open(range[0], range[1], SearchInFolder.METADATA, note -> {})) {
                for (int index = range[1] - 1; index >= range[0]; index--) {
                    SearchInFolder.add(rows, index);
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.write(to, Files.readAllBytes(from));
    }

    @Test
    @EnabledIfSystemProperty(
            named = "stir.formats.write",
            matches = "true",
            disabledReason = "-Dstir.formats.write=true writes the stored copies anew")
    void writeItAgain() throws IOException {
        write();
        for (var range : List.of("0-2", "2-5")) {
            var blocks = SearchFolder.blocks(progress().resolve(range));
            assertEquals(1, blocks.size());
            copy(blocks.get(0), STORED.resolve("progress").resolve(range).resolve(BLOCK));
        }
        search().gather();
        for (var name : GATHERED) {
            copy(folder.resolve(name), STORED.resolve(name));
        }
    }

    @Test
    void storedBlocksAreReadAndGatheredToTheStoredFiles() throws IOException {
        for (var range : List.of("0-2", "2-5")) {
            var block = Path.of("progress", range, BLOCK);
            copy(STORED.resolve(block), folder.resolve(block));
        }
        assertEquals("{0, 1}", search().finished(0, 2).toString());
        assertEquals("{2, 3, 4}", search().finished(2, 5).toString());
        SearchInFolder.assertAllRows(search().gather());
        for (var name : GATHERED) {
            assertArrayEquals(Files.readAllBytes(STORED.resolve(name)), Files.readAllBytes(folder.resolve(name)), name);
        }
    }

    @Test
    void rowsAreStoredWithTheSameBytesToday() throws IOException {
        write();
        for (var range : List.of("0-2", "2-5")) {
            var blocks = SearchFolder.blocks(progress().resolve(range));
            assertEquals(1, blocks.size());
            assertArrayEquals(
                    Files.readAllBytes(STORED.resolve("progress").resolve(range).resolve(BLOCK)),
                    Files.readAllBytes(blocks.get(0)));
        }
    }

    @Test
    void theStoredSearchIsRead() {
        SearchInFolder.assertAllRows(SearchFolder.stored(STORED).orElseThrow());
        assertEquals(SearchInFolder.identity(), SearchFolder.cacheKey(STORED).orElseThrow());
        assertEquals(List.of(SearchInFolder.METADATA.machine()), SearchFolder.machines(STORED));
    }
}
