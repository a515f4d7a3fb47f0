package stir.core.io.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.UsageException;

/**
 * Files in a file system with the rules of Windows; the tests next to this one have those of POSIX.
 */
class WindowsRulesTest {
    private final FileSystem windows = Jimfs.newFileSystem(Configuration.windows());
    private final List<String> notes = new ArrayList<>();

    @TempDir
    Path posix;

    @AfterEach
    void close() throws IOException {
        windows.close();
    }

    private Path folder() {
        return windows.getPath("C:\\study");
    }

    @Test
    void aFileIsReplacedByACompleteOne() throws IOException {
        var scores = folder().resolve("scores");
        var file = scores.resolve("a.json");
        for (var text : List.of("first", "second")) {
            new AtomicFiles().write(file, out -> out.write(text.getBytes(UTF_8)));
            assertEquals(text, Files.readString(file));
        }
        assertEquals(List.of("a.json"), namesIn(scores));
    }

    @Test
    void aFailedWriteKeepsTheOldFile() throws IOException {
        var file = folder().resolve("a.json");
        new AtomicFiles().write(file, out -> out.write('1'));
        assertThrows(
                IOException.class,
                () -> new AtomicFiles().write(file, out -> {
                    throw new IOException("full");
                }));
        assertEquals("1", Files.readString(file));
        assertEquals(List.of("a.json"), namesIn(folder()));
    }

    @Test
    void anInterruptedThreadWritesAWholeFile() throws IOException {
        for (var file : List.of(folder().resolve("a"), posix.resolve("a"))) {
            Thread.currentThread().interrupt();
            new AtomicFiles().write(file, out -> out.write(new byte[1 << 17]));
            assertTrue(Thread.interrupted());
            assertEquals(1 << 17, Files.size(file));
        }
    }

    @Test
    void unfinishedFilesAreSwept() throws IOException {
        var old = AtomicFiles.unfinished(folder().resolve("searches\\a"));
        Files.writeString(old, "x");
        Files.setLastModifiedTime(old, FileTime.fromMillis(1000));
        AtomicFiles.sweep(folder(), FileTime.fromMillis(5000));
        assertFalse(Files.exists(old));
    }

    @Test
    void oneRunHoldsAFolder() {
        try (var first = FolderLock.of(folder(), false, notes::add)) {
            var refusal = assertThrows(
                    UsageException.class, () -> FolderLock.of(folder().resolve("..\\STUDY"), true, notes::add));
            assertTrue(refusal.getMessage().contains("this process"), refusal.getMessage());
            first.check(List.of());
        }
        FolderLock.of(folder(), true, notes::add).close();
        assertEquals(List.of(), notes);
    }

    @Test
    void aFolderOfWorkInProgressIsDeleted() throws IOException {
        var file = folder().resolve("progress\\0-9\\a.rows");
        new AtomicFiles().write(file, out -> out.write(1));
        SharedFolder.delete(folder().resolve("progress"));
        assertEquals(List.of(), namesIn(folder()));
    }

    // A study that moves between systems keeps the hash of a model's folder and the order of its
    // images.
    @Test
    void namesHashesAndOrderAreThoseOfLinux() throws IOException {
        var names = List.of("B/z.png", "a/b.png", "a/\u00e9.png", "a.png", "a-b/c.png", "a/B.png");
        var here = filled(posix, names);
        var there = filled(folder(), names);
        assertEquals(sorted(here), sorted(there));
        assertEquals(6, sorted(there).size());
        assertEquals(ContentHash.of(here), ContentHash.of(there));
    }

    private static Path filled(Path folder, List<String> names) throws IOException {
        for (var name : names) {
            var file = folder.resolve(name.replace("/B.png", "/C.png"));
            Files.createDirectories(requireNonNull(file.getParent()));
            Files.writeString(file, name);
        }
        return folder;
    }

    private static List<String> sorted(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .sorted(RelativeName.order(folder))
                    .map(file -> RelativeName.of(folder, file))
                    .toList();
        }
    }

    private static List<String> namesIn(Path folder) throws IOException {
        try (var paths = Files.list(folder)) {
            return paths.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
