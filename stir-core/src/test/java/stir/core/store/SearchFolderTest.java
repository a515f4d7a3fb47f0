package stir.core.store;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.core.inversion.Inversion;
import stir.core.inversion.search.RunMetadata;
import stir.core.io.files.AtomicFiles;

class SearchFolderTest extends SearchInFolder {
    private void removeAll() throws IOException {
        try (Stream<Path> paths = Files.walk(folder())) {
            for (Path file : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void rowsInAnyOrderAndManyPartsAreTheSameBytesAsAtOnce() throws IOException {
        var atOnce = atOnce();
        assertEquals(List.of("invariant.npy", "rows.csv", "search.json"), List.copyOf(atOnce.keySet()));
        removeAll();
        saveAndDie(3);
        saveAndDie(1, 4);
        assertEquals("{1, 3, 4}", search().finished(0, COUNT).toString());
        try (var rows = open()) {
            assertEquals("{1, 3, 4}", rows.finished().toString());
            assertTrue(notes.get(notes.size() - 1).contains("contains 3 inputs"), notes::toString);
            add(rows, 2, 0);
        }
        assertAllRows(search().gather());
        assertEquals(atOnce, files());
    }

    @Test
    void discardedRowsAreFoundByNoLaterRun() throws IOException {
        saveAndDie(3);
        try (var rows = open()) {
            assertEquals("{3}", rows.finished().toString());
            add(rows, 1, 2);
            now += TimeUnit.SECONDS.toNanos(2);
            rows.checkpoint();
            add(rows, 4);
            rows.discard();
        }
        assertEquals("{}", search().finished(0, COUNT).toString());
        try (var rows = open()) {
            assertEquals("{}", rows.finished().toString());
        }
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
        assertEquals("{0, 1}", search().finished(0, 2).toString());
        assertEquals("{2, 3, 4}", search().finished(2, 5).toString());
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
            assertEquals("{0, 1, 2, 3, 4}", search().finished(0, COUNT).toString());
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
            Callable<Inversion> attempt = () -> {
                var search = search();
                together.await();
                return search.gather();
            };
            var attempts = Executors.newFixedThreadPool(2);
            try {
                for (var inversion : attempts.invokeAll(List.of(attempt, attempt))) {
                    assertAllRows(inversion.get());
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
        var files = files();
        var unfinished = requireNonNull(files.remove(".stir-unfinished-invariant.npy-x"));
        assertEquals("half".length(), unfinished.split(",").length);
        assertEquals(gathered, files);
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

    @Test
    void theComputingMachineIsKept() throws IOException {
        var other = new RunMetadata(true, Map.of("cpu", "avx512"));
        try (var here = open();
                var there = search().open(0, COUNT, other, notes::add)) {
            add(here, 0, 1, 2);
            add(there, 3, 4);
        }
        search().gather();
        assertEquals(List.of(Map.of("cpu", "avx2"), Map.of("cpu", "avx512")), SearchFolder.machines(folder()));
    }

    @Test
    void rowsAreReadFromTheFile() throws IOException {
        atOnce();
        var inputs = search().inversion().orElseThrow().invariantInputs();
        assertEquals(SHAPE, inputs.shape());
        assertTrue(inputs.facts().source().endsWith("invariant.npy"));
        assertArrayEquals(
                new float[] {2, 2.1f, 2.2f, 2.3f, 2.4f, 2.5f, 3, 3.1f, 3.2f, 3.3f, 3.4f, 3.5f},
                inputs.read(2, 2).toArray());
    }
}
