package stir.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Batch;
import stir.api.Shape;
import stir.core.inputs.ValueRange;
import stir.core.inversion.Inversion;
import stir.core.inversion.TracePoint;
import stir.core.inversion.search.CheckpointSchedule;
import stir.core.inversion.search.ConvergenceTrace;
import stir.core.inversion.search.FinishedRows;
import stir.core.inversion.search.RowLayout;
import stir.core.inversion.search.RowOutcome;
import stir.core.inversion.search.RunMetadata;
import stir.core.io.files.AtomicFiles;
import stir.core.math.statistics.Summary;

/** A small search in a folder, and its files. */
abstract class SearchInFolder {
    static final int COUNT = 5;
    static final Shape SHAPE = Shape.of(1, 2, 3);
    static final RowLayout LAYOUT = new RowLayout(COUNT, SHAPE, CheckpointSchedule.until(3), ValueRange.UNIT);
    static final RunMetadata METADATA = new RunMetadata(true, Map.of("cpu", "avx2"));

    @TempDir
    Path temporary;

    final List<String> notes = new ArrayList<>();
    long now;

    Path folder() {
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

    SearchFolder search(Path path, CacheKey identity, AtomicFiles files) {
        return new SearchFolder(path, identity, LAYOUT, files, () -> now);
    }

    /** As a process finds it that begins now. */
    SearchFolder search() {
        return search(folder(), identity(), new AtomicFiles());
    }

    FinishedRows open(SearchFolder search) {
        return search.open(0, COUNT, METADATA, notes::add);
    }

    FinishedRows open() {
        return open(search());
    }

    static void add(FinishedRows rows, int... indices) {
        for (int index : indices) {
            var pixels = Batch.allocate(2, SHAPE);
            for (int i = 0; i < SHAPE.size(); i++) {
                pixels.set(1, i, index + i / 10f);
            }
            var trace = ConvergenceTrace.of(2f * index, index, 0.25f * index);
            var outcome = new RowOutcome(
                    new Inversion.Row(0.1 * index, 10 + index, index / 3.0, bound(index), index % 2, distance(index)),
                    trace);
            rows.add(index, pixels, 1, outcome);
        }
    }

    /** All files by their path, with their bytes. */
    Map<String, String> files() throws IOException {
        var files = new TreeMap<String, String>();
        try (Stream<Path> paths = Files.walk(folder())) {
            for (Path file : paths.filter(Files::isRegularFile).toList()) {
                files.put(folder().relativize(file).toString(), Arrays.toString(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    static double bound(int index) {
        return index % 3 == 0 ? Double.NaN : index / 4.0;
    }

    static double distance(int index) {
        return index == 2 ? Double.NaN : index / 7.0;
    }

    static void assertAllRows(Inversion inversion) {
        assertEquals(COUNT, inversion.count());
        for (int index = 0; index < COUNT; index++) {
            var pixels = inversion.invariantInputs().read(index, 1).toArray();
            assertEquals(index + 0.5f, pixels[5]);
            assertEquals(index, pixels[0]);
            assertEquals(0.1 * index, inversion.residual(index));
            assertEquals(10 + index, inversion.passes(index));
            assertEquals(index / 3.0, inversion.moved(index));
            assertEquals(bound(index), inversion.movedAtLeast(index).orElse(Double.NaN));
            assertEquals(index % 2, inversion.restarts(index));
            assertEquals(distance(index), inversion.distanceFromInput(index).orElse(Double.NaN));
        }
        assertEquals(
                (0 + 1 + 3 + 4) / 7.0 / 4, inversion.meanDistanceFromInput().orElseThrow(), 1e-15);
        assertEquals(
                List.of(
                        new TracePoint(1, new Summary(4, 4, 8)),
                        new TracePoint(2, new Summary(2, 2, 4)),
                        new TracePoint(3, new Summary(0.5, 0.5, 1))),
                inversion.trace());
        assertTrue(inversion.fakeRelu());
    }

    /** Saves rows as a process would that is killed afterwards: nothing is closed in order. */
    void saveAndDie(int... indices) throws IOException {
        try (var rows = open()) {
            add(rows, indices);
        }
        Files.writeString(range().resolve(AtomicFiles.UNFINISHED + "x-00000009.rows-" + now++), "half");
        Files.writeString(range().resolve(AtomicFiles.UNFINISHED + "reserve-" + now++), "zeros");
    }

    Path range() {
        return folder().resolve("progress/0-5");
    }

    /** The blocks that are complete. */
    List<Path> blocks() throws IOException {
        return SearchFolder.blocks(range());
    }

    /** All rows at once, gathered. */
    Map<String, String> atOnce() throws IOException {
        try (var rows = open()) {
            add(rows, 0, 1, 2, 3, 4);
        }
        assertAllRows(search().gather());
        return files();
    }
}
