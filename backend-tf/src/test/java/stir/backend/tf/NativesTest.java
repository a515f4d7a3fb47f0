package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import stir.api.BackendException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of unpacked libraries; that it appears in one step is {@link ModuleTest}'s matter. */
class NativesTest {
    @TempDir Path cache;

    private static BackendException refusal(Path cache) {
        return assertThrows(BackendException.class, () -> TfNatives.unpack(cache));
    }

    /** A cache of links to whole libraries. */
    private Path linked() throws IOException {
        TfNatives.load(Models.cache());
        var whole = TfNatives.unpack(Models.cache());
        var folder = Files.createDirectory(cache.resolve(whole.getFileName()));
        try (var files = Files.list(whole)) {
            for (Path file : files.toList()) {
                Files.createSymbolicLink(folder.resolve(file.getFileName()), file.toAbsolutePath());
            }
        }
        assertEquals(folder, TfNatives.unpack(cache));
        return folder;
    }

    @Test
    void aLibraryCutShortIsRefused() throws IOException {
        var file = linked().resolve("libtensorflow_cc.so.2");
        Files.delete(file);
        Files.write(file, new byte[1000]);
        var message = refusal(cache).getMessage();
        assertTrue(message.contains("libtensorflow_cc.so.2 is damaged"), message);
        assertTrue(message.contains("delete the folder " + file.getParent()), message);
    }

    @Test
    void aLibraryThatIsGoneIsMissed() throws IOException {
        var file = linked().resolve("libjnitensorflow.so");
        Files.delete(file);
        assertTrue(refusal(cache).getMessage().contains("libjnitensorflow.so is damaged"));
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        var file = Files.createFile(cache.resolve("file"));
        var message = refusal(file.resolve("cache")).getMessage();
        assertTrue(message.contains("could not be unpacked into " + file), message);
    }
}
