package stir.core.io.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    private static final int HALF = 1 << 16;

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("deep/file.bin");
    }

    private static byte[] bytes(int value) {
        var bytes = new byte[2 * HALF];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(AtomicFiles::isUnfinished).toList();
        }
    }

    // Two writers of one file; the second one begins and ends while the first is halfway.
    @RepeatedTest(5)
    void twoWritersNeverMixAndTheLastToEndWins() throws Exception {
        var halfway = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var pool = Executors.newSingleThreadExecutor();
        try {
            Future<?> first = pool.submit(() -> {
                new AtomicFiles().write(file(), out -> {
                    out.write(bytes(1), 0, HALF);
                    halfway.countDown();
                    await(goOn);
                    out.write(bytes(1), HALF, HALF);
                });
                return null;
            });
            halfway.await();
            assertFalse(Files.exists(file()), "an unfinished file has another name");
            new AtomicFiles().write(file(), out -> out.write(bytes(2)));
            assertArrayEquals(bytes(2), Files.readAllBytes(file()));
            goOn.countDown();
            first.get();
            assertArrayEquals(bytes(1), Files.readAllBytes(file()));
            assertEquals(List.of(), left());
        } finally {
            pool.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void readersSeeACompleteFileDuringWrites() throws Exception {
        new AtomicFiles().write(file(), out -> out.write(bytes(0)));
        var pool = Executors.newFixedThreadPool(3);
        try {
            var writers = Stream.of(1, 2, 3)
                    .map(value -> pool.submit(() -> {
                        for (int i = 0; i < 10; i++) {
                            new AtomicFiles().write(file(), out -> out.write(bytes(value)));
                        }
                        return null;
                    }))
                    .toList();
            while (!writers.stream().allMatch(Future::isDone)) {
                var seen = Files.readAllBytes(file());
                assertArrayEquals(bytes(seen[0]), seen);
            }
            for (var writer : writers) {
                get(writer);
            }
        } finally {
            pool.shutdownNow();
        }
        assertEquals(List.of(), left());
    }

    private static void get(Future<?> writer) throws InterruptedException, ExecutionException {
        writer.get();
    }

    @Test
    void aFailedWriteKeepsTheOldFile() throws IOException {
        new AtomicFiles().write(file(), out -> out.write(bytes(1)));
        assertThrows(
                IOException.class,
                () -> new AtomicFiles().write(file(), out -> {
                    out.write(bytes(2), 0, HALF);
                    throw new IOException("No space left on device");
                }));
        assertArrayEquals(bytes(1), Files.readAllBytes(file()));
        assertEquals(List.of(), left());
    }

    @Test
    void onlyOlderUnfinishedFilesAreSwept() throws IOException {
        var old = AtomicFiles.unfinished(file());
        var young = AtomicFiles.unfinished(file());
        var whole = folder.resolve("whole");
        for (var path : List.of(old, young, whole)) {
            Files.writeString(path, "x");
            Files.setLastModifiedTime(path, FileTime.fromMillis(1000));
        }
        Files.setLastModifiedTime(young, FileTime.fromMillis(5000));
        AtomicFiles.sweep(folder, FileTime.fromMillis(5000));
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(young), "its attempt may still be running");
        assertTrue(Files.exists(whole));
    }
}
