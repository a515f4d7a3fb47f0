package stir.core.store;

import org.jspecify.annotations.Nullable;

import stir.api.BackendException;
import stir.api.UsageException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.CancellationException;

/**
 * Keeps other processes, and other searches of this one, from writing into a folder. The operating
 * system lets go of it when the process ends, however it ends.
 */
final class FolderLock implements AutoCloseable {
    private static final String FILE = ".stir-lock";

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Locks a folder that exists.
     *
     * @throws UsageException if another holds it, or it can't be written
     */
    static FolderLock of(Path folder) {
        var file = folder.resolve(FILE);
        try {
            while (true) {
                var channel =
                        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                if (tryLock(channel) == null) {
                    channel.close();
                    throw new UsageException(
                            "Another search is writing into %s: wait until it has ended, or name another folder with --out."
                                    .formatted(folder));
                }
                if (isStill(file, channel)) {
                    return new FolderLock(file, channel);
                }
                channel.close(); // its last holder has removed the file: lock the new one
            }
        } catch (ClosedByInterruptException e) {
            throw new CancellationException("The work was interrupted");
        } catch (IOException e) {
            throw new UsageException(
                    "Nothing can be written into %s (%s): name another folder with --out."
                            .formatted(folder, e),
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another search of this process
        }
    }

    /**
     * Whether a path still leads to the file that is locked, which nobody else writes: its last
     * holder may have removed it, and another process may have made a new one.
     */
    private static boolean isStill(Path file, FileChannel channel) throws IOException {
        var mark =
                "process %d, %d\n"
                        .formatted(ProcessHandle.current().pid(), System.nanoTime())
                        .getBytes(StandardCharsets.US_ASCII);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(mark));
        try {
            return Arrays.equals(mark, Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Lets go of the folder; a second call does nothing. */
    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        try (channel) {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new BackendException("%s could not be removed (%s).".formatted(file, e), e);
        }
    }
}
