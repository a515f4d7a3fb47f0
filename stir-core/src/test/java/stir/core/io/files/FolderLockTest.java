package stir.core.io.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import stir.api.UsageException;

@SuppressWarnings("try") // a lock is held, not used
class FolderLockTest {
    @TempDir
    Path temporary;

    private final List<String> notes = new ArrayList<>();

    private Path folder() {
        return temporary.resolve("study");
    }

    private FolderLock lock(boolean shared) {
        return FolderLock.of(folder(), shared, notes::add);
    }

    private FolderLock lock() {
        return lock(false);
    }

    private String refusal(boolean shared) {
        return assertThrows(UsageException.class, () -> lock(shared)).getMessage();
    }

    @Test
    void aSecondRunOfThisProcessIsRefused() {
        try (var first = lock()) {
            assertEquals(
                    "Another run is writing into %s (this process): wait until it has ended, or choose another folder."
                            .formatted(folder()),
                    refusal(false));
            assertEquals(refusal(false), refusal(true));
            first.close(); // a second call has no effect
        }
        lock().close();
        assertEquals(List.of(), notes);
    }

    @Test
    void aFolderIsLockedUnderEveryNameOfIt() throws IOException {
        try (var first = lock()) {
            var link = Files.createSymbolicLink(temporary.resolve("link"), folder());
            for (var same : List.of(link, folder().resolve("..").resolve("study"))) {
                assertThrows(UsageException.class, () -> FolderLock.of(same, false, notes::add));
            }
            FolderLock.of(temporary.resolve("other"), false, notes::add).close();
            first.close();
        }
    }

    @Test
    void theMessageNamesARunOfAnotherProcess() throws IOException {
        try (var other = LockHolder.of(folder(), false)) {
            for (boolean shared : new boolean[] {true, false}) {
                var refusal = refusal(shared);
                assertTrue(
                        refusal.contains("process %d on ".formatted(other.pid())) && refusal.contains(", because 2"),
                        refusal);
            }
        }
    }

    @Test
    void theHoldersNameIsAwaited() throws Exception {
        try (var other = LockHolder.of(folder(), true)) {
            assertTrue(other.pid() > 0);
            var name = CompletableFuture.runAsync(
                    () -> write("process 7 on here, because 2026"),
                    CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
            assertTrue(refusal(false).contains("(process 7 on here, because 2026)"));
            name.get();
        }
    }

    private void write(String holder) {
        try {
            Files.writeString(folder().resolve(FolderLock.FILE), holder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void killingTheHolderFreesTheFolder() throws Exception {
        try (var other = LockHolder.of(folder(), false)) {
            assertThrows(UsageException.class, this::lock);
            other.kill();
            lock().close();
        }
    }

    @Test
    void sharingProcessesKeepOthersOut() throws IOException {
        try (var other = LockHolder.of(folder(), true)) {
            lock(true).close();
            assertThrows(UsageException.class, this::lock);
            lock(true).close();
            assertTrue(other.pid() > 0);
        }
        lock().close();
    }

    // POSIX drops a process's lock when any of its descriptors of the file is closed, so a second
    // attempt within the process must not open it.
    @Test
    @EnabledOnOs(OS.LINUX)
    void otherAttemptsAndReleasesDoNotDropTheLock() throws IOException {
        try (var first = lock()) {
            assertEquals(1, locksOfThisProcess());
            refusal(false);
            refusal(true);
            FolderLock.of(temporary.resolve("other"), false, notes::add).close();
            assertEquals(1, locksOfThisProcess());
            assertThrows(IllegalStateException.class, () -> LockHolder.of(folder(), false));
            assertEquals(1, locksOfThisProcess());
            first.close();
        }
        assertEquals(0, locksOfThisProcess());
        LockHolder.of(folder(), false).close();
    }

    /** Returns how many locks the kernel has for the folder's file and this process. */
    private long locksOfThisProcess() throws IOException {
        var inode = Files.getAttribute(folder().resolve(FolderLock.FILE), "unix:ino")
                .toString();
        var pid = " " + ProcessHandle.current().pid() + " ";
        return Files.readAllLines(Path.of("/proc/locks")).stream()
                .filter(line -> line.contains(":" + inode + " ") && line.contains(pid))
                .count();
    }

    // Windows lets no other process read a byte that is locked.
    @Test
    @EnabledOnOs(OS.LINUX)
    void theHoldersNameIsOutsideTheLockedBytes() throws IOException {
        try (var held = lock()) {
            held.check(List.of());
            var file = folder().resolve(FolderLock.FILE);
            var inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
            var locked = Files.readAllLines(Path.of("/proc/locks")).stream()
                    .filter(line -> line.contains(inode))
                    .map(line -> line.replaceFirst(".*" + inode, "").split(" ", -1)[0])
                    .toList();
            assertEquals(1, locked.size(), locked.toString());
            assertTrue(Long.parseLong(locked.get(0)) > Files.size(file), locked.toString());
        }
    }

    @Test
    void theLockFileIsNeverReplaced() throws IOException {
        lock().close();
        var file = folder().resolve(FolderLock.FILE);
        var inode = Files.getAttribute(file, "unix:ino");
        lock().close();
        assertEquals(inode, Files.getAttribute(file, "unix:ino"));
    }

    @Test
    void anInterruptCancels() {
        Thread.currentThread().interrupt();
        assertThrows(CancellationException.class, this::lock);
        assertTrue(Thread.interrupted());
        lock().close();
    }

    @Test
    void aFolderThatIsNotWritableIsNamed() throws IOException {
        var file = Files.writeString(temporary.resolve("file"), "x");
        for (var path : List.of(file, file.resolve("below"), Path.of("/proc/stir"))) {
            var refusal = assertThrows(UsageException.class, () -> FolderLock.of(path, false, notes::add));
            assertTrue(refusal.getMessage().contains(path.toString()), refusal.getMessage());
        }
    }
}
