package stir.backend.tf.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.BackendException;
import stir.backend.tf.Models;

/** The folder of unpacked libraries; stir-api tests that it appears atomically. */
class NativesTest {
    @TempDir
    Path cache;

    private static BackendException refusal(Path cache) {
        return assertThrows(BackendException.class, () -> TfNatives.unpack(cache));
    }

    /** Returns a cache of links to intact libraries. */
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

    private void assertUnpackedAgain(Path file) throws IOException {
        TfNatives.unpack(cache);
        var whole = TfNatives.unpack(Models.cache()).resolve(file.getFileName());
        assertEquals(-1, Files.mismatch(whole, file));
    }

    @Test
    void aTruncatedLibraryIsUnpackedAgain() throws IOException {
        var file = linked().resolve("libtensorflow_framework.so.2");
        Files.delete(file);
        Files.write(file, new byte[1000]);
        assertUnpackedAgain(file);
    }

    @Test
    void aMissingLibraryIsUnpackedAgain() throws IOException {
        var file = linked().resolve("libjnitensorflow.so");
        Files.delete(file);
        assertUnpackedAgain(file);
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        var file = Files.createFile(cache.resolve("file"));
        var message = refusal(file.resolve("cache")).getMessage();
        assertTrue(message.contains("could not be unpacked into " + file), message);
    }
}
