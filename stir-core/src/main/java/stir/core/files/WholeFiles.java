package stir.core.files;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Writes files so that they are there whole or not at all, whatever ends the process or the power:
 * under a name of the attempt's own first, which is given up once the content is on the disk. Of
 * several attempts at one file, in whatever processes, the last one to end counts.
 */
public final class WholeFiles {
    /** What an unfinished file's name begins with. */
    public static final String UNFINISHED = ".stir-unfinished-";

    private final UnaryOperator<OutputStream> disk;

    /** Writes to the disk. */
    public WholeFiles() {
        this(UnaryOperator.identity());
    }

    /**
     * Writes through something that may fail.
     *
     * @param disk wraps each file's stream
     */
    public WholeFiles(UnaryOperator<OutputStream> disk) {
        this.disk = disk;
    }

    /** Writes what a file holds. */
    @FunctionalInterface
    public interface Content {
        /** Writes all of it. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes a file that may have been there before; its folder is made if need be. */
    public void write(Path file, Content content) throws IOException {
        var unfinished = unfinished(file);
        try {
            try (var raw = new FileOutputStream(unfinished.toFile())) {
                var out = disk.apply(raw);
                content.writeTo(out);
                out.flush();
                raw.getFD().sync();
            }
            complete(unfinished, file);
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
    }

    /**
     * A new name beside a file, under which one attempt writes it. Its folder is made if need be.
     */
    public static Path unfinished(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return file.resolveSibling(UNFINISHED + file.getFileName() + "-" + UUID.randomUUID());
    }

    /** Whether a file is one that an attempt has not finished. */
    public static boolean isUnfinished(Path file) {
        return String.valueOf(file.getFileName()).startsWith(UNFINISHED);
    }

    /** Gives a file that is complete and on the disk its name. */
    public static void complete(Path unfinished, Path file) throws IOException {
        Files.move(
                unfinished,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        var folder = file.getParent();
        if (folder != null) {
            syncEntries(folder);
        }
    }

    /** Brings a folder's entries to the disk. Whoever is interrupted may still save his work. */
    private static void syncEntries(Path folder) throws IOException {
        boolean interrupted = Thread.interrupted();
        try (var entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        } catch (ClosedByInterruptException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Removes what attempts have left unfinished, in a folder and all folders in it.
     *
     * @param before attempts that wrote at or after this time are left alone: they may go on
     */
    public static void sweep(Path folder, FileTime before) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.filter(WholeFiles::isUnfinished).toList()) {
                if (Files.exists(file) && Files.getLastModifiedTime(file).compareTo(before) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
