package stir.core.io.arrays;

import java.io.DataInput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import stir.api.DataException;
import stir.api.support.IoReason;
import stir.core.io.files.AtomicFiles;

/**
 * The bytes of a file, read piece by piece by any thread, so that memory does not grow with the
 * file. The caller that opens it closes it; the garbage collector closes it otherwise. It stays the
 * same file if another file gets its name, and an interrupted thread does not close it.
 *
 * @since 0.1.0
 */
public final class FileBytes implements AutoCloseable {
    private static final int CHUNK = 1 << 16;

    private final String source;
    private final RandomAccessFile file;
    private final long size;

    /** The temporary file, if its name could not be removed while it is open. */
    private Optional<Path> named = Optional.empty();

    private FileBytes(String source, Path path) throws IOException {
        this.source = source;
        this.file = new RandomAccessFile(path.toFile(), "r");
        this.size = file.length();
    }

    /**
     * Opens a file.
     *
     * @throws java.nio.file.NoSuchFileException if it is missing
     */
    public static FileBytes of(Path path) throws IOException {
        Files.size(path); // distinguishes a missing file from an unreadable one
        return new FileBytes(path.toString(), path);
    }

    /**
     * Copies a stream into a temporary file without a name, which the operating system deletes when
     * the process ends.
     *
     * @param source its name in messages
     */
    public static FileBytes unpacked(InputStream stream, String source) throws IOException {
        return unpacked(stream, source, Long.MAX_VALUE);
    }

    /** Copies at most that many bytes; see {@link #unpacked(InputStream, String)}. */
    static FileBytes unpacked(InputStream stream, String source, long most) throws IOException {
        return written(source, out -> {
            var chunk = new byte[CHUNK];
            long left = most;
            int count;
            while ((count = stream.read(chunk, 0, (int) Math.min(CHUNK, left))) > 0) {
                out.write(chunk, 0, count);
                left -= count;
            }
        });
    }

    /** Writes a temporary file and removes its name, at the latest when it is closed. */
    static FileBytes written(String source, AtomicFiles.Content content) throws IOException {
        var path = Files.createTempFile("stir-", ".unpacked");
        try {
            try (OutputStream out = Files.newOutputStream(path)) {
                content.writeTo(out);
            }
            var bytes = new FileBytes(source, path);
            bytes.removeName(path);
            return bytes;
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(path);
            throw e;
        }
    }

    private void removeName(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) { // Windows keeps the name of an open file
            named = Optional.of(path);
            path.toFile().deleteOnExit(); // also if nothing closes it
        }
    }

    /** Returns its name in messages. */
    public String source() {
        return source;
    }

    /** Returns the number of bytes. */
    public long size() {
        return size;
    }

    /** Returns the file from its first byte on, until {@link #read} is called. */
    DataInput beginning() {
        return file;
    }

    /**
     * Copies bytes.
     *
     * @param from the first one's place in the file
     * @param into the array that is filled
     * @throws DataException if they can't be read
     */
    public void read(long from, byte[] into) {
        read(from, into, 0, into.length);
    }

    /** Copies bytes into a part of an array. */
    void read(long from, byte[] into, int offset, int count) {
        try {
            synchronized (file) {
                file.seek(from);
                file.readFully(into, offset, count);
            }
        } catch (EOFException e) {
            throw new DataException(source + " was truncated while in use: do not modify it during a run.", e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private DataException unreadable(IOException e) {
        return new DataException("%s could not be read (%s).".formatted(source, IoReason.of(e)), e);
    }

    /** Closes the file. Idempotent. */
    @Override
    public void close() {
        try {
            file.close();
            named.ifPresent(this::removeName);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }
}
