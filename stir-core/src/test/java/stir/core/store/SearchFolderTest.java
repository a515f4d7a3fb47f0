package stir.core.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import stir.api.BackendException;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.core.inversion.Inversion;
import stir.core.inversion.TracePoint;
import stir.core.inversion.search.CheckpointSchedule;
import stir.core.inversion.search.ConvergenceTrace;
import stir.core.inversion.search.FoundRows;
import stir.core.inversion.search.RowLayout;
import stir.core.inversion.search.RowOutcome;
import stir.core.inversion.search.RunMetadata;
import stir.core.io.files.AtomicFiles;
import stir.core.math.statistics.Summary;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

class SearchFolderTest {
    private static final int COUNT = 5;
    private static final Shape SHAPE = Shape.of(1, 2, 3);
    static final RowLayout LAYOUT = new RowLayout(COUNT, SHAPE, CheckpointSchedule.until(3));
    static final RunMetadata METADATA = new RunMetadata(true, Map.of("cpu", "avx2"));

    @TempDir Path temporary;
    private final List<String> notes = new ArrayList<>();
    private long now;

    private Path folder() {
        return temporary.resolve("kept");
    }

    static CacheKey identity(String... changes) {
        var values = new LinkedHashMap<>(Map.of("kind", "search"));
        values.put("rng-seed", "0");
        values.put("norm", "2");
        for (int i = 0; i < changes.length; i += 2) {
            values.put(changes[i], changes[i + 1]);
        }
        return new CacheKey(values);
    }

    private SearchFolder search(Path path, CacheKey identity, AtomicFiles files) {
        return new SearchFolder(path, identity, LAYOUT, files, () -> now);
    }

    /** As a process finds it that begins now. */
    private SearchFolder search() {
        return search(folder(), identity(), new AtomicFiles());
    }

    private FoundRows open(SearchFolder search) {
        return search.open(0, COUNT, METADATA, notes::add);
    }

    private FoundRows open() {
        return open(search());
    }

    static void add(FoundRows rows, int... indices) {
        for (int index : indices) {
            var pixels = Batch.allocate(2, SHAPE);
            for (int i = 0; i < SHAPE.size(); i++) {
                pixels.set(1, i, index + i / 10f);
            }
            var trace = ConvergenceTrace.of(2f * index, index, 0.25f * index);
            var outcome =
                    new RowOutcome(
                            0.1 * index,
                            10 + index,
                            index / 3.0,
                            bound(index),
                            index % 2,
                            distance(index),
                            trace);
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

    private static double bound(int index) {
        return index % 3 == 0 ? Double.NaN : index / 4.0;
    }

    private static double distance(int index) {
        return index == 2 ? Double.NaN : index / 7.0;
    }

    static void assertAllRows(Inversion found) {
        assertAllRowsButDistances(found);
        for (int index = 0; index < COUNT; index++) {
            assertEquals(distance(index), found.distanceFromInput(index).orElse(Double.NaN));
        }
        assertEquals((0 + 1 + 3 + 4) / 7.0 / 4, found.meanDistanceFromInput().orElseThrow(), 1e-15);
    }

    static void assertAllRowsButDistances(Inversion found) {
        assertEquals(COUNT, found.count());
        for (int index = 0; index < COUNT; index++) {
            var pixels = found.invariantInputs().read(index, 1).toArray();
            assertEquals(index + 0.5f, pixels[5]);
            assertEquals(index, pixels[0]);
            assertEquals(0.1 * index, found.residual(index));
            assertEquals(10 + index, found.passes(index));
            assertEquals(index / 3.0, found.moved(index));
            assertEquals(bound(index), found.movedAtLeast(index).orElse(Double.NaN));
            assertEquals(index % 2, found.restarts(index));
        }
        assertEquals(
                List.of(
                        new TracePoint(1, new Summary(4, 4, 8)),
                        new TracePoint(2, new Summary(2, 2, 4)),
                        new TracePoint(3, new Summary(0.5, 0.5, 1))),
                found.trace());
        assertTrue(found.fakeRelu());
    }

    /** Saves rows as a process would that is killed afterwards: nothing is closed in order. */
    private void saveAndDie(int... indices) throws IOException {
        try (var rows = open()) {
            add(rows, indices);
        }
        Files.writeString(
                range().resolve(AtomicFiles.UNFINISHED + "x-00000009.rows-" + now++), "half");
        Files.writeString(range().resolve(AtomicFiles.UNFINISHED + "reserve-" + now++), "zeros");
    }

    private Path range() {
        return folder().resolve("progress/0-5");
    }

    /** The blocks that are complete. */
    private List<Path> blocks() throws IOException {
        return SearchFolder.blocks(range());
    }

    /** All rows at once, gathered. */
    private Map<String, String> atOnce() throws IOException {
        try (var rows = open()) {
            add(rows, 0, 1, 2, 3, 4);
        }
        assertAllRows(search().gather());
        return files();
    }

    private void removeAll() throws IOException {
        try (Stream<Path> found = Files.walk(folder())) {
            for (Path file : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void rowsInAnyOrderAndManyPartsAreTheSameBytesAsAtOnce() throws IOException {
        var atOnce = atOnce();
        assertEquals(
                List.of("invariant.npy", "rows.csv", "search.json"), List.copyOf(atOnce.keySet()));
        removeAll();
        saveAndDie(3);
        saveAndDie(1, 4);
        assertEquals("{1, 3, 4}", search().found(0, COUNT).toString());
        try (var rows = open()) {
            assertEquals("{1, 3, 4}", rows.found().toString());
            assertTrue(notes.get(notes.size() - 1).contains("holds 3 inputs"), notes::toString);
            add(rows, 2, 0);
        }
        assertAllRows(search().gather());
        assertEquals(atOnce, files());
    }

    @Test
    void rangesOfInputsAreTheSameBytesAsAtOnce() throws IOException {
        var atOnce = atOnce();
        removeAll();
        try (var late = search().open(2, 5, METADATA, notes::add);
                var early = search().open(0, 2, METADATA, notes::add)) {
            add(late, 4, 2);
            add(early, 1, 0);
            add(late, 3);
        }
        assertEquals("{0, 1}", search().found(0, 2).toString());
        assertEquals("{2, 3, 4}", search().found(2, 5).toString());
        assertAllRows(search().gather());
        assertEquals(atOnce, files());
    }

    @Test
    void twoAttemptsAtOneRangeDoNotHurtEachOther() throws IOException {
        var atOnce = atOnce();
        removeAll();
        try (var first = open();
                var second = open()) {
            add(first, 0, 1, 2);
            add(second, 4, 2, 3);
            now += TimeUnit.SECONDS.toNanos(2);
            first.checkpoint();
            add(first, 3, 4);
            second.checkpoint();
            assertEquals("{0, 1, 2, 3, 4}", search().found(0, COUNT).toString());
        }
        assertEquals(3, blocks().size(), "each attempt has names of its own");
        assertAllRows(search().gather());
        assertEquals(atOnce, files());
    }

    @Test
    void anAttemptThatEndsAfterTheRowsWereGatheredHarmsNothing() throws IOException {
        var late = open();
        add(late, 2, 3);
        var gathered = atOnce();
        now += TimeUnit.SECONDS.toNanos(2);
        late.checkpoint();
        add(late, 0);
        late.close();
        var left = files();
        left.keySet().removeIf(name -> name.startsWith("progress"));
        assertEquals(gathered, left);
        assertAllRows(search().inversion().orElseThrow());
        assertAllRows(search().gather());
        assertEquals(gathered, files());
    }

    @Test
    void twoMayGatherAtOnce() throws Exception {
        var gathered = atOnce();
        for (int round = 0; round < 20; round++) {
            removeAll();
            try (var rows = open()) {
                add(rows, 0, 1, 2, 3, 4);
            }
            var together = new CyclicBarrier(2);
            Callable<Inversion> attempt =
                    () -> {
                        var search = search();
                        together.await();
                        return search.gather();
                    };
            var attempts = Executors.newFixedThreadPool(2);
            try {
                for (var found : attempts.invokeAll(List.of(attempt, attempt))) {
                    assertAllRows(found.get());
                }
            } finally {
                attempts.shutdown();
            }
            assertEquals(gathered, files());
        }
    }

    /** The files that are there when a process is killed while it gathers. */
    @ParameterizedTest
    @ValueSource(strings = {"", "invariant.npy", "invariant.npy rows.csv", "all"})
    void aKillBetweenFilesLosesNothing(String written) throws IOException {
        try (var rows = open()) {
            add(rows, 4, 0, 2, 3, 1);
        }
        var blocks = new TreeMap<String, byte[]>();
        for (var block : blocks()) {
            blocks.put(block.getFileName().toString(), Files.readAllBytes(block));
        }
        search().gather();
        var gathered = files();
        Files.createDirectories(range());
        for (var block : blocks.entrySet()) {
            Files.write(range().resolve(block.getKey()), block.getValue());
        }
        for (var name : gathered.keySet()) {
            if (!written.equals("all") && !written.contains(name)) {
                Files.delete(folder().resolve(name));
            }
        }
        Files.writeString(folder().resolve(AtomicFiles.UNFINISHED + "invariant.npy-x"), "half");
        assertEquals(written.equals("all"), search().inversion().isPresent());
        assertAllRows(search().gather());
        var found = files();
        assertEquals(
                "half".length(),
                found.remove(".stir-unfinished-invariant.npy-x").split(",").length);
        assertEquals(gathered, found);
    }

    @Test
    void aCompleteSearchIsUsedAsItIs() throws IOException {
        var before = atOnce();
        assertAllRows(search().inversion().orElseThrow());
        assertAllRows(SearchFolder.stored(folder()).orElseThrow());
        assertAllRows(search().gather());
        assertEquals(before, files());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void manySearchesAreAtHandWithoutAnOpenFile() throws IOException {
        atOnce();
        var all = new ArrayList<Inversion>();
        long before = openFiles();
        for (int i = 0; i < 50; i++) {
            all.add(SearchFolder.stored(folder()).orElseThrow());
            assertAllRows(all.get(i));
        }
        assertEquals(before, openFiles());
    }

    /** Those in the folder of the test, since others belong to Java. */
    private long openFiles() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(this::isInFolder).count();
        }
    }

    private boolean isInFolder(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(folder().toRealPath());
        } catch (IOException e) { // that of the list itself
            return false;
        }
    }

    @Test
    void rowsAreSavedAtOnceWhenTimeHasPassed() throws IOException {
        try (var rows = open()) {
            add(rows, 2);
            rows.checkpoint();
            assertEquals(List.of(), blocks());
            now += TimeUnit.SECONDS.toNanos(1);
            rows.checkpoint();
            assertEquals(1, blocks().size());
        }
    }

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
        assertEquals("{2}", search().found(0, COUNT).toString());
        try (var rows = open()) {
            assertEquals("{2}", rows.found().toString());
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
        assertTrue(other.found(0, COUNT).isEmpty(), "rows of rng-seed 0");
        try (var rows = open(other)) {
            assertTrue(rows.found().isEmpty());
            assertFalse(Files.exists(foreign));
            assertFalse(Files.exists(junk));
            add(rows, 0, 1, 2, 3, 4);
        }
        other.gather();
        assertTrue(search().inversion().isEmpty(), "a search of rng-seed 5");
        assertEquals(
                List.of("rng-seed was 5 and is 0"),
                identity().differencesFrom(SearchFolder.identity(folder()).orElseThrow()));
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
        assertTrue(search().found(0, COUNT).isEmpty());
        assertThrows(IllegalStateException.class, () -> search().gather());
        notes.clear();
        try (var rows = open()) {
            assertTrue(rows.found().isEmpty());
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

    @Test
    void aDamagedDocumentIsRefused() throws IOException {
        atOnce();
        var file = folder().resolve("search.json");
        var text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.length() / 2));
        var damaged = assertThrows(DataException.class, () -> search().inversion());
        assertTrue(damaged.getMessage().contains("search.json is damaged"), damaged.getMessage());
        Files.writeString(file, text.replace("\"rng-seed\" : \"0\"", "\"rng-seed\" : \"5\""));
        assertTrue(search().inversion().isEmpty(), "a search of rng-seed 5");
        Files.writeString(file, text.replace("stir-search/1", "stir-search/0"));
        var other = assertThrows(DataException.class, () -> SearchFolder.stored(folder()));
        assertTrue(other.getMessage().contains("another version of Stir"), other.getMessage());
        Files.writeString(file, text);
        assertAllRows(search().inversion().orElseThrow());
    }

    @Test
    void whatComputedItIsKept() throws IOException {
        var other = new RunMetadata(true, Map.of("cpu", "avx512"));
        try (var here = open();
                var there = search().open(0, COUNT, other, notes::add)) {
            add(here, 0, 1, 2);
            add(there, 3, 4);
        }
        search().gather();
        assertEquals(
                List.of(Map.of("cpu", "avx2"), Map.of("cpu", "avx512")),
                SearchFolder.machines(folder()));
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
        var failure =
                assertThrows(
                        BackendException.class, () -> open(search(folder(), identity(), files)));
        assertTrue(failure.getMessage().contains("free some disk"), failure.getMessage());
        disk.size = Long.MAX_VALUE;
        var search = search(folder(), identity(), files);
        try (var rows = open(search)) {
            assertEquals("{1, 3}", rows.found().toString());
            add(rows, 0, 2, 4);
        }
        disk.size = disk.used();
        assertThrows(BackendException.class, search::gather);
        disk.size = Long.MAX_VALUE;
        assertEquals("{0, 1, 2, 3, 4}", search().found(0, COUNT).toString());
        assertAllRows(search().gather());
        assertEquals(
                List.of("invariant.npy", "rows.csv", "search.json"), List.copyOf(files().keySet()));
    }

    @Test
    void aDiskThatIsFullBeyondTheReserveTellsHowManyRowsAreLost() throws IOException {
        var disk = new Disk();
        try (var rows = open(search(folder(), identity(), new AtomicFiles(disk::wrap)))) {
            add(rows, 3, 1);
            now += TimeUnit.SECONDS.toNanos(2);
            disk.size = 0;
            var failure = assertThrows(BackendException.class, rows::checkpoint);
            assertTrue(
                    failure.getMessage().contains("the last 2 rows are lost"),
                    failure.getMessage());
        }
        assertTrue(search().found(0, COUNT).isEmpty());
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
            assertEquals("{2}", rows.found().toString());
        }
    }

    @Test
    void aFolderThatCanNotBeWrittenIsSaid() throws IOException {
        var file = Files.writeString(temporary.resolve("file"), "x");
        for (Path path : new Path[] {file, file.resolve("below"), Path.of("/proc/stir")}) {
            var refusal =
                    assertThrows(
                            BackendException.class,
                            () -> open(search(path, identity(), new AtomicFiles())));
            assertTrue(refusal.getMessage().contains(path.toString()), refusal.getMessage());
            assertTrue(
                    refusal.getMessage().matches("(?s).*(permissions|make it writable).*"),
                    refusal.getMessage());
        }
    }

    @Test
    void rowsAreReadFromTheFile() throws IOException {
        atOnce();
        var inputs = search().inversion().orElseThrow().invariantInputs();
        assertEquals(SHAPE, inputs.shape());
        assertTrue(inputs.source().endsWith("invariant.npy"));
        assertArrayEquals(
                new float[] {2, 2.1f, 2.2f, 2.3f, 2.4f, 2.5f, 3, 3.1f, 3.2f, 3.3f, 3.4f, 3.5f},
                inputs.read(2, 2).toArray());
    }
}
