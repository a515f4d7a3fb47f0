package stir.core.io.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ContentHashTest {
    @Test
    void aHashOnRequestIsOfTheContentAtTheFirstRequest(@TempDir Path folder) throws IOException {
        var file = folder.resolve("model");
        var hash = ContentHash.onRequest(file); // reads nothing: there is no file
        Files.writeString(file, "one");
        var first = hash.get();
        assertEquals(ContentHash.of(file), first);
        Files.writeString(file, "two");
        assertEquals(first, hash.get());
    }
}
