package stir.core.study;

import stir.api.UsageException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps other runs out of a study's folder. The system lets go of it however the process ends. */
final class StudyLock implements AutoCloseable {
    private final FileChannel channel;

    private StudyLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks a study.
     *
     * @param logs the folder of its logs; created if need be
     * @throws UsageException if another run holds it, or nothing can be written
     */
    static StudyLock of(Path logs) {
        try {
            Files.createDirectories(logs);
            var channel =
                    FileChannel.open(
                            logs.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (isLocked(channel)) {
                return new StudyLock(channel);
            }
            channel.close();
            throw new UsageException(
                    "Another run works in %s: wait until it has ended, or name another folder with --out."
                            .formatted(logs.resolveSibling(".").normalize()));
        } catch (IOException e) {
            throw new UsageException(
                    "Nothing can be written into %s (%s): name another folder with --out."
                            .formatted(logs.resolveSibling(".").normalize(), e),
                    e);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) { // another study of this process
            return false;
        }
    }

    /** Removes what a killed run has left unfinished, which only the lock's holder may. */
    void sweep(Path folder) {
        if (!channel.isOpen()) {
            throw new IllegalStateException("The lock is not held any more");
        }
        WholeFile.sweep(folder);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) { // it ends with the process at the latest
            System.getLogger(StudyLock.class.getName())
                    .log(System.Logger.Level.DEBUG, "The lock could not be given up", e);
        }
    }
}
