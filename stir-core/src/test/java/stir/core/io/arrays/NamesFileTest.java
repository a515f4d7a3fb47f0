package stir.core.io.arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.DataException;

class NamesFileTest {
    @TempDir
    private Path folder;

    private Path archive(String type, int count, byte[] values) throws IOException {
        var header = "{'descr': '%s', 'fortran_order': False, 'shape': (%d,), }\n".formatted(type, count);
        var archive = folder.resolve("names.npz");
        try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("ids.npy"));
            zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
            zip.write(header.length());
            zip.write(0);
            zip.write(header.getBytes(StandardCharsets.US_ASCII));
            zip.write(values);
        }
        return archive;
    }

    private static String refusal(Path archive, int most) {
        return assertThrows(DataException.class, () -> NamesFile.array(archive, "ids", most))
                .getMessage();
    }

    @Test
    void textsWithoutCharactersAreRefused() throws IOException {
        for (var type : List.of("<U0", "|S0")) {
            var message = refusal(archive(type, 3, new byte[0]), 3);
            assertTrue(message.contains("contains empty names"), message);
        }
    }

    @Test
    void moreNamesThanExpectedAreRefusedBeforeTheyAreRead() throws IOException {
        for (var type : List.of("<U1", "<i8")) {
            var message = refusal(archive(type, 2_000_000_000, new byte[0]), 3);
            assertTrue(message.contains("has more than 3 names"), message);
        }
    }

    @Test
    void moreLinesThanExpectedAreRefusedUnlessTheyAreEmptyAtTheEnd() throws IOException {
        var file = Files.writeString(folder.resolve("names.txt"), "a\n\nb\n\n\n\n");
        assertEquals(List.of("a", "", "b"), NamesFile.lines(file, 3));
        Files.writeString(file, "a\n\nb\n\n\nc\n");
        var refusal = assertThrows(DataException.class, () -> NamesFile.lines(file, 3));
        assertTrue(refusal.getMessage().contains("has more than 3 names"), refusal.getMessage());
    }

    @Test
    void longNamesOfZerosAreReadInTimeThatGrowsWithTheirLength() throws IOException {
        var values = new byte[999_999];
        values[values.length - 2] = 'a';
        var archive = archive("|S999999", 1, values);
        var names = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> NamesFile.array(archive, "ids", 1));
        assertEquals(Optional.of(values.length - 1), names.map(all -> all.get(0).length()));
    }
}
