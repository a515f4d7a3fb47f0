package stir.cli.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class InputNamesTest {
    @TempDir Path folder;

    @Test
    void namesMayHoldCommasQuotesAndLines() throws IOException {
        var file =
                Files.writeString(
                        folder.resolve("inputs.csv"),
                        "index,name,label\r\n0,\"a,\"\"b\"\"\nc.png\",7\r\n1,plain.png,\r\n");
        var names = InputNames.read(file);
        assertEquals("a,\"b\"\nc.png", names.name(0));
        assertEquals("7", names.label(0));
        assertEquals("plain.png", names.name(1));
        assertNull(names.label(1));
        assertEquals("", names.name(2));
    }

    @Test
    void nothingIsKnownWithoutATable() {
        var names = InputNames.read(folder.resolve("none.csv"));
        assertEquals("", names.name(0));
        assertNull(names.label(0));
    }
}
