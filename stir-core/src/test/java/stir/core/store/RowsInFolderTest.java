package stir.core.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import stir.api.BackendException;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.files.WholeFiles;
import stir.core.inversion.Inversion;
import stir.core.inversion.ResidualPoint;
import stir.core.inversion.ResultFolder;
import stir.core.statistics.Summary;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

class RowsInFolderTest {
    private static final int COUNT = 5;
    private static final Shape SHAPE = Shape.of(1, 2, 3);
    private static final RowLayout LAYOUT = new RowLayout(COUNT, SHAPE, Milestones.until(3));

    @TempDir Path temporary;
    private final List<String> notes = new ArrayList<>();
    private long now;

    private Path folder() {
        return temporary.resolve("kept");
    }

    private static Identity identity(String... changes) {
        var values = new LinkedHashMap<>(Map.of("kind", "search"));
        values.put("rng-seed", "0");
        values.put("norm", "2");
        for (int i = 0; i < changes.length; i += 2) {
            values.put(changes[i], changes[i + 1]);
        }
        return new Identity(values);
    }

    private RowsInFolder open(ResultFolder place, Identity identity, WholeFiles files) {
        return RowsInFolder.open(place, identity, LAYOUT, notes::add, files, () -> now);
    }

    private RowsInFolder open() {
        return open(ResultFolder.of(folder()), identity(), new WholeFiles());
    }

    private static void add(FoundRows rows, int... indices) {
        for (int index : indices) {
            var pixels = Batch.allocate(2, SHAPE);
            for (int i = 0; i < SHAPE.size(); i++) {
                pixels.set(1, i, index + i / 10f);
            }
            var course = Course.of(2f * index, index, 0.25f * index);
            var outcome = new RowOutcome(0.1 * index, 10 + index, index / 3.0, index % 2, course);
            rows.add(index, pixels, 1, outcome);
        }
    }

    /** All files by their path, with their bytes. */
    private Map<String, String> files() throws IOException {
        var files = new TreeMap<String, String>();
        try (Stream<Path> found = Files.walk(folder())) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(
                        folder().relativize(file).toString(),
                        Arrays.toString(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    private static void assertAllRows(Inversion found) {
        assertEquals(COUNT, found.count());
        for (int index = 0; index < COUNT; index++) {
            var pixels = found.invariantInputs().read(index, 1).toArray();
            assertEquals(index + 0.5f, pixels[5]);
            assertEquals(index, pixels[0]);
            assertEquals(0.1 * index, found.residual(index));
            assertEquals(10 + index, found.passes(index));
            assertEquals(index / 3.0, found.moved(index));
            assertEquals(index % 2, found.restarts(index));
        }
        assertEquals(
                List.of(
                        new ResidualPoint(1, new Summary(4, 4, 8)),
                        new ResidualPoint(2, new Summary(2, 2, 4)),
                        new ResidualPoint(3, new Summary(0.5, 0.5, 1))),
                found.course());
        assertTrue(found.fakeRelu());
        assertEquals(7, found.calibrationPasses());
    }

    /** Saves rows as a process would that is killed afterwards: nothing is closed in order. */
    private void saveAndDie(int... indices) throws IOException {
        try (var rows = open()) {
            add(rows, indices);
        }
        Files.createFile(folder().resolve(".stir-lock")); // what a killed process leaves
        Files.writeString(folder().resolve("progress/.stir-unfinished-00000009.rows"), "half");
    }

    private Path block(int number) {
        return folder().resolve("progress/%08d.rows".formatted(number));
    }

    @Test
    void rowsInAnyOrderAndManyPartsAreTheSameBytesAsAtOnce() throws IOException {
        try (var rows = open()) {
            add(rows, 0, 1, 2, 3, 4);
            assertAllRows(rows.finish(true, 7));
        }
        var atOnce = files();
        assertEquals(
                List.of("invariant.npy", "manifest.txt", "rows.csv"), List.copyOf(atOnce.keySet()));
        for (var path : atOnce.keySet()) {
            Files.delete(folder().resolve(path));
        }
        saveAndDie(3);
        saveAndDie(1, 4);
        try (var rows = open()) {
            assertEquals("{1, 3, 4}", rows.found().toString());
            assertTrue(notes.get(1).contains("3 of 5 inputs"), notes::toString);
            add(rows, 2, 0);
            assertAllRows(rows.finish(true, 7));
        }
        assertEquals(atOnce, files());
    }

    @Test
    void aCompleteSearchIsUsedAsItIs() throws IOException {
        try (var rows = open()) {
            add(rows, 4, 3, 2, 1, 0);
            rows.finish(true, 7);
        }
        var before = files();
        try (var rows = open()) {
            assertAllRows(rows.inversion().orElseThrow());
        }
        assertEquals(before, files());
        assertTrue(notes.get(0).contains("complete"), notes::toString);
    }

    @Test
    void rowsAreSavedAtOnceWhenTimeHasPassed() throws IOException {
        try (var rows = open()) {
            add(rows, 2);
            rows.checkpoint();
            assertFalse(Files.exists(block(0)));
            now += TimeUnit.SECONDS.toNanos(1);
            rows.checkpoint();
            assertTrue(Files.exists(block(0)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 30, 90, 120})
    void aDamagedBlockIsDroppedAndItsRowsAreSearchedForAgain(int place) throws IOException {
        saveAndDie(0, 1);
        saveAndDie(2);
        var bytes = Files.readAllBytes(block(0));
        if (place < 0) {
            bytes = Arrays.copyOf(bytes, bytes.length - 5);
        } else {
            bytes[place] ^= 4;
        }
        Files.write(block(0), bytes);
        notes.clear();
        try (var rows = open()) {
            assertEquals("{2}", rows.found().toString());
            assertTrue(notes.get(0).contains("00000000.rows is damaged"), notes::toString);
            add(rows, 0, 1, 3, 4);
            assertAllRows(rows.finish(true, 7));
        }
    }

    @Test
    void aBlockOfAnotherSearchIsDropped() throws IOException {
        saveAndDie(0, 1);
        var foreign = Files.readAllBytes(block(0));
        try (var other =
                open(
                        new ResultFolder(folder(), true),
                        identity("rng-seed", "5"),
                        new WholeFiles())) {
            assertTrue(other.found().isEmpty(), "rows of rng-seed 0");
        }
        Files.write(block(7), foreign);
        Files.writeString(block(8), "junk");
        try (var other =
                open(ResultFolder.of(folder()), identity("rng-seed", "5"), new WholeFiles())) {
            assertTrue(other.found().isEmpty());
        }
        assertFalse(Files.exists(block(7)));
    }

    @Test
    void aDamagedResultIsSearchedForAgain() throws IOException {
        try (var rows = open()) {
            add(rows, 0, 1, 2, 3, 4);
            rows.finish(true, 7);
        }
        var file = folder().resolve("invariant.npy");
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        try (var rows = open()) {
            assertTrue(rows.inversion().isEmpty());
            assertTrue(rows.found().isEmpty());
            assertTrue(notes.get(0).contains("damaged"), notes::toString);
        }
    }

    @Test
    void otherSettingsAreRefusedByName() throws IOException {
        saveAndDie(0);
        var before = files();
        var refusal =
                assertThrows(
                        UsageException.class,
                        () ->
                                open(
                                        ResultFolder.of(folder()),
                                        identity("rng-seed", "5", "fast", "yes"),
                                        new WholeFiles()));
        assertEquals(
                folder()
                        + " belongs to other settings (rng-seed is '0' there and '5' here; fast is 'none' there and 'yes' here): name another folder with --out, or replace the results in it with --force.",
                refusal.getMessage());
        before.remove(".stir-lock");
        assertEquals(before, files());
    }

    @Test
    void aDamagedManifestIsRefused() throws IOException {
        saveAndDie(0);
        var file = folder().resolve("manifest.txt");
        Files.writeString(file, Files.readString(file).replace("rng-seed: 0", "rng-seed: 5"));
        var refusal = assertThrows(DataException.class, this::open);
        assertTrue(refusal.getMessage().contains("manifest.txt is damaged"), refusal.getMessage());
        try (var anew = open(new ResultFolder(folder(), true), identity(), new WholeFiles())) {
            assertEquals("{0}", anew.found().toString(), "blocks know what they belong to");
        }
    }

    @Test
    void twoSearchesDoNotWriteOneFolder() {
        try (var first = open()) {
            var refusal = assertThrows(UsageException.class, this::open);
            assertTrue(refusal.getMessage().contains("Another search"), refusal.getMessage());
            add(first, 0);
        }
        try (var second = open()) {
            assertEquals("{0}", second.found().toString());
        }
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
            try (Stream<Path> found = Files.walk(folder())) {
                for (Path file : found.filter(Files::isRegularFile).toList()) {
                    used += Files.size(file);
                }
            }
            return used;
        }
    }

    @Test
    void aFullDiskLosesNoRowThatWasFound() throws IOException {
        var disk = new Disk();
        var files = new WholeFiles(disk::wrap);
        try (var rows = open(ResultFolder.of(folder()), identity(), files)) {
            add(rows, 3, 1);
            now += TimeUnit.SECONDS.toNanos(2);
            disk.size = disk.used();
            var failure = assertThrows(BackendException.class, rows::checkpoint);
            assertTrue(failure.getMessage().contains("No space left on device"));
            assertTrue(failure.getMessage().contains("all that was found is saved"));
        }
        disk.size = disk.used();
        var failure =
                assertThrows(
                        BackendException.class,
                        () -> open(ResultFolder.of(folder()), identity(), files));
        assertTrue(failure.getMessage().contains("free some disk"), failure.getMessage());
        disk.size = Long.MAX_VALUE;
        try (var rows = open(ResultFolder.of(folder()), identity(), files)) {
            assertEquals("{1, 3}", rows.found().toString());
            add(rows, 0, 2, 4);
            disk.size = disk.used() + 500;
            assertThrows(BackendException.class, () -> rows.finish(true, 7));
        }
        disk.size = Long.MAX_VALUE;
        try (var rows = open()) {
            assertEquals("{0, 1, 2, 3, 4}", rows.found().toString());
            assertAllRows(rows.finish(true, 7));
        }
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
            assertEquals("{2}", rows.found().toString());
        }
    }

    @Test
    void anInterruptBeforeTheWorkCancels() {
        Thread.currentThread().interrupt();
        assertThrows(CancellationException.class, this::open);
        assertTrue(Thread.interrupted());
    }

    @Test
    void aFolderThatCanNotBeWrittenIsSaid() throws IOException {
        var file = Files.writeString(temporary.resolve("file"), "x");
        for (Path path : new Path[] {file, file.resolve("below"), Path.of("/proc/stir")}) {
            var refusal =
                    assertThrows(
                            UsageException.class,
                            () -> open(ResultFolder.of(path), identity(), new WholeFiles()));
            assertTrue(refusal.getMessage().contains(path.toString()), refusal.getMessage());
        }
    }

    @Test
    void rowsAreReadFromTheFile() {
        try (var rows = open()) {
            add(rows, 0, 1, 2, 3, 4);
            var inputs = rows.finish(true, 7).invariantInputs();
            assertEquals(SHAPE, inputs.shape());
            assertTrue(inputs.source().endsWith("invariant.npy"));
            assertArrayEquals(
                    new float[] {2, 2.1f, 2.2f, 2.3f, 2.4f, 2.5f, 3, 3.1f, 3.2f, 3.3f, 3.4f, 3.5f},
                    inputs.read(2, 2).toArray());
        }
    }
}
