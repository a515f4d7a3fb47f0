package stir.core.io.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import stir.api.BackendException;
import stir.api.Remedy;
import stir.api.UsageException;
import stir.api.support.IoReason;
import stir.core.runtime.machine.HostName;

/**
 * A lock that keeps other runs out of a folder: those of other processes by a lock of the operating
 * system, which is released however the process ends, and those of this process by an entry in its
 * system properties.
 *
 * <p>The lock file is opened once and never removed. POSIX drops a process's lock on a file when
 * any of its descriptors of that file is closed, so the holder must not open the file a second
 * time. If the file were removed, two processes could each lock a different file of that name.
 */
public final class FolderLock implements AutoCloseable {
    /** The lock file, relative to the locked folder. */
    public static final String FILE = "logs/lock";

    /**
     * The prefix of the system property that marks a folder as held by this process. System
     * properties are shared by all copies of this class, as the process's file locks are.
     */
    private static final String MARK = "stir.lock:";

    /**
     * The byte that is locked, far after the holder's name: Windows lets no other process read a
     * locked byte.
     */
    private static final long LOCKED = 1 << 30;

    private static final int MAX_ATTEMPTS = 50;
    private static final long RETRY_MILLIS = 20;

    private final Path folder;
    private final String mark;
    private final @Nullable FileChannel channel;
    private boolean open = true;

    private FolderLock(Path folder, String mark, @Nullable FileChannel channel) {
        this.folder = folder;
        this.mark = mark;
        this.channel = channel;
    }

    /**
     * Locks a folder and creates it if necessary.
     *
     * @param shared whether other processes that share may hold it too; within a process, only one
     *     run may
     * @param notes the consumer that receives a sentence if the folder can't be locked because its
     *     file system has no locks
     * @throws UsageException if another run holds it (the message names the run), or nothing can be
     *     written
     */
    public static FolderLock of(Path folder, boolean shared, Consumer<String> notes) {
        var file = folder.resolve(FILE);
        try {
            Files.createDirectories(file.getParent());
            var mark = MARK + folder.toRealPath();
            if (System.getProperties().putIfAbsent(mark, Instant.now().toString()) != null) {
                throw taken(folder, "this process");
            }
            try {
                return new FolderLock(folder, mark, lock(folder, file, shared, notes));
            } catch (IOException | RuntimeException e) {
                System.getProperties().remove(mark);
                throw e;
            }
        } catch (ClosedByInterruptException e) {
            throw new CancellationException("The work was interrupted");
        } catch (IOException e) {
            throw new UsageException(
                    "%s is not writable (%s): choose another folder.".formatted(folder, IoReason.of(e)), e);
        }
    }

    private static UsageException taken(Path folder, String holder) {
        return new UsageException(
                "Another run is writing into %s (%s): wait until it has ended, or choose another folder."
                        .formatted(folder, holder),
                Remedy.CHOOSE_ANOTHER_FOLDER);
    }

    private static @Nullable FileChannel lock(Path folder, Path file, boolean shared, Consumer<String> notes)
            throws IOException {
        ExistingPath.checkNoLink(file);
        var channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        // Built before the lock is taken, so that the file of a held lock lacks its holder's name
        // only for an instant.
        var holder = ByteBuffer.wrap(holder().getBytes(StandardCharsets.UTF_8));
        FileLock lock;
        try {
            lock = channel.tryLock(LOCKED, 1, shared);
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            channel.close();
            notes.accept("%s is on a file system without locks (%s): make sure that no other run writes into it."
                    .formatted(folder, e.getMessage()));
            return null;
        }
        if (lock == null) {
            var other = otherHolder(channel);
            channel.close();
            throw taken(folder, other.orElse("another process"));
        }
        if (!shared) {
            try {
                channel.truncate(0);
                channel.write(holder, 0);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }
        return channel;
    }

    /**
     * Returns the holder's name. Waits for it, since a new holder writes its name just after taking
     * the lock.
     */
    private static Optional<String> otherHolder(FileChannel channel) throws IOException {
        var holder = read(channel);
        for (int i = 0; i < MAX_ATTEMPTS && holder.isEmpty(); i++) {
            try {
                Thread.sleep(RETRY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return holder;
            }
            holder = read(channel);
        }
        return holder;
    }

    private static Optional<String> read(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(512);
        channel.read(bytes, 0);
        var text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static String holder() {
        return "process %d on %s, because %s%n"
                .formatted(
                        ProcessHandle.current().pid(),
                        HostName.here(),
                        Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    /**
     * Removes unfinished files of killed runs. Only the holder may do so.
     *
     * @throws UsageException if one can't be removed
     */
    public void sweep() {
        try {
            AtomicFiles.sweep(folder, FileTime.from(Instant.now()));
        } catch (IOException e) {
            throw new UsageException(
                    "Unfinished files of an earlier run in %s could not be removed (%s): remove them."
                            .formatted(folder, IoReason.of(e)),
                    e);
        }
    }

    /**
     * Checks that the folder is still in its place.
     *
     * @param files the files that a run has written into it
     * @throws BackendException if the folder was removed or moved, or one of its files
     */
    public void check(List<String> files) {
        var missing = Stream.concat(Stream.of(FILE), files.stream())
                .filter(file -> !Files.exists(folder.resolve(file)))
                .toList();
        if (!missing.isEmpty()) {
            throw new BackendException(
                    "%s was removed or moved while this run worked in it, and lacks %s: run the same command again, which computes what is missing."
                            .formatted(folder, String.join(", ", missing)));
        }
    }

    /** Releases the folder. Idempotent. */
    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) { // the lock ends with the process at the latest
            System.getLogger(FolderLock.class.getName())
                    .log(System.Logger.Level.DEBUG, "The lock could not be released", e);
        } finally {
            System.getProperties().remove(mark);
        }
    }
}
