package stir.core.io.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Atomic writing of files: after a crash or a power failure a file is either complete or absent.
 * Each attempt writes under its own name and renames the file once its content is on the disk. Of
 * several attempts at one file, in any processes, the last one to end wins.
 */
public final class AtomicFiles {
    /** The prefix of an unfinished file's name. */
    public static final String UNFINISHED = ".stir-unfinished-";

    private static final int MOST_ATTEMPTS = 20;
    private static final long BETWEEN_ATTEMPTS_MILLIS = 50;

    private final UnaryOperator<OutputStream> disk;

    /** Creates a writer to the disk. */
    public AtomicFiles() {
        this(UnaryOperator.identity());
    }

    /**
     * Creates a writer through streams that may fail, for tests.
     *
     * @param disk the function that wraps each file's stream
     */
    public AtomicFiles(UnaryOperator<OutputStream> disk) {
        this.disk = disk;
    }

    /** The content of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes the whole content. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes or replaces a file and creates its folder if necessary. */
    public void write(Path file, Content content) throws IOException {
        var unfinished = unfinished(file);
        try {
            try (var raw = Files.newOutputStream(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                var out = disk.apply(raw);
                content.writeTo(out);
                out.flush();
            }
            sync(unfinished, StandardOpenOption.WRITE);
            complete(unfinished, file);
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
    }

    /**
     * Returns a new name next to a file, under which one attempt writes it. Creates the folder if
     * necessary.
     */
    public static Path unfinished(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return file.resolveSibling(UNFINISHED + file.getFileName() + "-" + UUID.randomUUID());
    }

    /** Returns whether a file belongs to an attempt that has not finished. */
    public static boolean isUnfinished(Path file) {
        return String.valueOf(file.getFileName()).startsWith(UNFINISHED);
    }

    /** Renames a file that is complete and on the disk to its final name. */
    public static void complete(Path unfinished, Path file) throws IOException {
        rename(unfinished, file);
        var folder = file.getParent();
        if (folder != null && SystemRules.arePosix(folder)) {
            sync(folder, StandardOpenOption.READ);
        }
    }

    /**
     * Renames a file. Windows refuses that as long as another program has one of both files open,
     * such as a check for viruses, which takes an instant.
     */
    private static void rename(Path unfinished, Path file) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return;
            } catch (AccessDeniedException e) {
                if (SystemRules.arePosix(file) || attempt == MOST_ATTEMPTS) {
                    throw e;
                }
                try {
                    Thread.sleep(BETWEEN_ATTEMPTS_MILLIS);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw e;
                }
            }
        }
    }

    /**
     * Flushes a file's content, or a folder's entries, to the disk, even if the thread is
     * interrupted.
     */
    private static void sync(Path path, StandardOpenOption access) throws IOException {
        boolean interrupted = Thread.interrupted();
        try (var opened = FileChannel.open(path, access)) {
            opened.force(true);
        } catch (ClosedByInterruptException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Removes unfinished files in a folder and all its subfolders.
     *
     * @param before files written at or after this time are kept, since their attempts may still be
     *     running
     */
    public static void sweep(Path folder, FileTime before) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path file : paths.filter(AtomicFiles::isUnfinished).toList()) {
                if (Files.exists(file) && Files.getLastModifiedTime(file).compareTo(before) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
