package stir.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.BackendException;
import stir.api.DataException;
import stir.api.Shape;
import stir.core.inversion.search.RowLayout;
import stir.core.inversion.search.RowOutcomes;
import stir.core.io.files.AtomicFiles;
import stir.core.io.files.Checksum;

/** Damaged files, full disks and interruptions of a search's folder. */
class SearchFolderDamageTest extends SearchInFolder {
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 30, 90, 120})
    void aDamagedBlockIsDroppedAndItsRowsAreSearchedForAgain(int place) throws IOException {
        saveAndDie(0, 1);
        var block = blocks().get(0);
        saveAndDie(2);
        var bytes = Files.readAllBytes(block);
        if (place < 0) {
            bytes = Arrays.copyOf(bytes, bytes.length - 5);
        } else {
            bytes[place] ^= 4;
        }
        Files.write(block, bytes);
        notes.clear();
        assertEquals("{2}", search().finished(0, COUNT).toString());
        try (var rows = open()) {
            assertEquals("{2}", rows.finished().toString());
            assertTrue(notes.get(0).contains(block + " is damaged"), notes::toString);
            assertFalse(Files.exists(block));
            add(rows, 0, 1, 3, 4);
        }
        assertAllRows(search().gather());
    }

    @Test
    void aBlockOfAnotherSearchIsDropped() throws IOException {
        saveAndDie(0, 1);
        var foreign = blocks().get(0);
        var junk = Files.writeString(range().resolve("a-00000008.rows"), "junk");
        var other = search(folder(), identity("rng-seed", "5"), new AtomicFiles());
        assertTrue(other.finished(0, COUNT).isEmpty(), "rows of rng-seed 0");
        try (var rows = open(other)) {
            assertTrue(rows.finished().isEmpty());
            assertFalse(Files.exists(foreign));
            assertFalse(Files.exists(junk));
            add(rows, 0, 1, 2, 3, 4);
        }
        other.gather();
        assertTrue(search().inversion().isEmpty(), "a search of rng-seed 5");
        assertEquals(
                List.of("rng-seed was 5 and is 0"),
                identity().differencesFrom(SearchFolder.cacheKey(folder()).orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"invariant.npy", "rows.csv"})
    void aDamagedResultIsSearchedForAgain(String name) throws IOException {
        var whole = atOnce();
        var file = folder().resolve(name);
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length - 3] ^= 1;
        Files.write(file, bytes);
        assertTrue(search().inversion().isEmpty());
        assertTrue(search().finished(0, COUNT).isEmpty());
        assertThrows(IllegalStateException.class, () -> search().gather());
        notes.clear();
        try (var rows = open()) {
            assertTrue(rows.finished().isEmpty());
            assertTrue(notes.get(0).contains("damaged"), notes::toString);
            add(rows, 0, 1, 2, 3, 4);
        }
        search().gather();
        assertEquals(whole, files());
    }

    @Test
    void aResultThatWasRemovedIsSearchedForAgain() throws IOException {
        var whole = atOnce();
        Files.delete(folder().resolve("rows.csv"));
        assertTrue(search().inversion().isEmpty());
        try (var rows = open()) {
            add(rows, 0, 1, 2, 3, 4);
        }
        search().gather();
        assertEquals(whole, files());
    }

    @ParameterizedTest
    @ValueSource(strings = {"invariant.npy", "rows.csv"})
    void readersOfAnotherProgramRefuseAChangedFile(String name) throws IOException {
        atOnce();
        assertTrue(SearchFolder.stored(folder()).isPresent());
        var file = folder().resolve(name);
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length - 2] ^= 1;
        Files.write(file, bytes);
        var refusal = assertThrows(DataException.class, () -> SearchFolder.stored(folder()));
        assertTrue(refusal.getMessage().contains(name + " is damaged or was changed"), refusal.getMessage());
    }

    /** The hashes of a search are right, and it is not one of the study's inputs. */
    @Test
    void inputsOfAnotherNumberOrShapeAreRefused() throws IOException {
        atOnce();
        for (var other : List.of(
                new RowLayout(COUNT - 1, SHAPE, LAYOUT.schedule(), LAYOUT.range()),
                new RowLayout(COUNT, Shape.of(SHAPE.size() + 1), LAYOUT.schedule(), LAYOUT.range()))) {
            var search = new SearchFolder(folder(), identity(), other);
            var refusal = assertThrows(DataException.class, search::inversion);
            assertTrue(
                    refusal.getMessage()
                            .contains("invariant.npy holds %d inputs of %s, not %d of %s: remove the folder"
                                    .formatted(COUNT, SHAPE, other.count(), other.shape())),
                    refusal.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "", "NaN", "-1"})
    void aCellThatIsNotANumberIsNamedWithItsLine(String cell) throws IOException {
        atOnce();
        var file = folder().resolve("rows.csv");
        var lines = Files.readAllLines(file);
        var cells = lines.get(2).split(",", -1);
        cells[1] = cell;
        lines.set(2, String.join(",", cells));
        Files.write(file, lines);
        var refusal = assertThrows(DataException.class, () -> RowOutcomes.read(file, LAYOUT));
        assertTrue(refusal.getMessage().contains("rows.csv:3: "), refusal.getMessage());
    }

    @Test
    void aMissingKeyOfADocumentIsRefused() throws IOException {
        atOnce();
        var file = folder().resolve("search.json");
        var text = Files.readString(file);
        for (var key : List.of("sha256", "schema")) {
            Files.writeString(file, text.replace("\"" + key + "\"", "\"other\""));
            assertThrows(DataException.class, () -> SearchFolder.stored(folder()), key);
        }
    }

    @Test
    void aDamagedDocumentIsRefused() throws IOException {
        atOnce();
        var file = folder().resolve("search.json");
        var text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() / 2));
        var damaged = assertThrows(DataException.class, () -> search().inversion());
        assertTrue(damaged.getMessage().contains("search.json is damaged"), damaged.getMessage());
        var edited = text.replace("\"rng-seed\" : \"0\"", "\"rng-seed\" : \"5\"");
        Files.writeString(file, edited);
        var changed = assertThrows(DataException.class, () -> search().inversion());
        assertTrue(changed.getMessage().contains("search.json is damaged or was changed"), changed.getMessage());
        Files.writeString(file, Checksum.removed(edited));
        var without = assertThrows(DataException.class, () -> search().inversion());
        assertTrue(without.getMessage().contains("search.json is damaged or was changed"), without.getMessage());
        Files.writeString(file, Checksum.renewed(edited));
        assertTrue(search().inversion().isEmpty(), "a search of rng-seed 5");
        Files.writeString(file, text.replace("stir-search/2", "stir-search/0"));
        var other = assertThrows(DataException.class, () -> SearchFolder.stored(folder()));
        assertTrue(other.getMessage().contains("another version of Stir"), other.getMessage());
        Files.writeString(file, text);
        assertAllRows(search().inversion().orElseThrow());
    }

    /** A disk for the folder alone, which may be full. */
    private final class Disk {
        private long size = Long.MAX_VALUE;

        OutputStream wrap(OutputStream out) {
            return new FilterOutputStream(out) {
                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    if (used() + length > size) {
                        throw new IOException("No space left on device");
                    }
                    out.write(bytes, from, length);
                }
            };
        }

        long used() throws IOException {
            long used = 0;
            try (Stream<Path> paths = Files.walk(folder())) {
                for (Path file : paths.filter(Files::isRegularFile).toList()) {
                    used += Files.size(file);
                }
            }
            return used;
        }
    }

    @Test
    void aFullDiskLosesNoRowThatWasFound() throws IOException {
        var disk = new Disk();
        var files = new AtomicFiles(disk::wrap);
        try (var rows = open(search(folder(), identity(), files))) {
            add(rows, 3, 1);
            now += TimeUnit.SECONDS.toNanos(2);
            disk.size = disk.used();
            var failure = assertThrows(BackendException.class, rows::checkpoint);
            assertTrue(failure.getMessage().contains("No space left on device"));
            assertTrue(failure.getMessage().contains("those so far are saved"));
        }
        disk.size = disk.used();
        var failure = assertThrows(BackendException.class, () -> open(search(folder(), identity(), files)));
        assertTrue(failure.getMessage().contains("free some disk"), failure.getMessage());
        disk.size = Long.MAX_VALUE;
        var search = search(folder(), identity(), files);
        try (var rows = open(search)) {
            assertEquals("{1, 3}", rows.finished().toString());
            add(rows, 0, 2, 4);
        }
        disk.size = disk.used();
        assertThrows(BackendException.class, search::gather);
        disk.size = Long.MAX_VALUE;
        assertEquals("{0, 1, 2, 3, 4}", search().finished(0, COUNT).toString());
        assertAllRows(search().gather());
        assertEquals(List.of("invariant.npy", "rows.csv", "search.json"), List.copyOf(files().keySet()));
    }

    @Test
    void aDiskThatIsFullBeyondTheReserveReportsTheNumberOfLostRows() throws IOException {
        var disk = new Disk();
        try (var rows = open(search(folder(), identity(), new AtomicFiles(disk::wrap)))) {
            add(rows, 3, 1);
            now += TimeUnit.SECONDS.toNanos(2);
            disk.size = 0;
            var failure = assertThrows(BackendException.class, rows::checkpoint);
            assertTrue(failure.getMessage().contains("the last 2 rows are lost"), failure.getMessage());
        }
        assertTrue(search().finished(0, COUNT).isEmpty());
        assertEquals(Map.of(), files(), "nothing half is left");
    }

    @Test
    void interruptedWorkIsSavedStill() {
        try (var rows = open()) {
            add(rows, 2);
            Thread.currentThread().interrupt();
        } finally {
            assertTrue(Thread.interrupted());
        }
        try (var rows = open()) {
            assertEquals("{2}", rows.finished().toString());
        }
    }

    @Test
    void aFolderThatCanNotBeWrittenIsSaid() throws IOException {
        var file = Files.writeString(temporary.resolve("file"), "x");
        for (Path path : new Path[] {file, file.resolve("below"), Path.of("/proc/stir")}) {
            var refusal = assertThrows(BackendException.class, () -> open(search(path, identity(), new AtomicFiles())));
            assertTrue(refusal.getMessage().contains(path.toString()), refusal.getMessage());
            assertTrue(refusal.getMessage().matches("(?s).*(permissions|make it writable).*"), refusal.getMessage());
        }
    }
}
