package stir.core.arrays;

import stir.api.DataException;
import stir.api.support.IoReason;

import java.io.DataInput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The bytes of a file, read piece by piece by any thread, so that memory does not grow with the
 * file. Its opener closes it; one that is not closed goes when nobody refers to it any more. It
 * stays the same file if the name is given to another, and a thread that is interrupted does not
 * close it.
 *
 * @since 0.1.0
 */
public final class FileBytes implements AutoCloseable {
    private static final int CHUNK = 1 << 16;

    private final String source;
    private final RandomAccessFile file;
    private final long size;

    private FileBytes(String source, Path path) throws IOException {
        this.source = source;
        this.file = new RandomAccessFile(path.toFile(), "r");
        this.size = file.length();
    }

    /**
     * Opens a file.
     *
     * @throws java.nio.file.NoSuchFileException if it is not there
     */
    public static FileBytes of(Path path) throws IOException {
        Files.size(path); // tells a missing file from one that may not be read
        return new FileBytes(path.toString(), path);
    }

    /**
     * Copies what a stream gives into a temporary file that has no name any more, and so goes when
     * the process ends, however it ends.
     *
     * @param source what it is called in messages
     */
    public static FileBytes unpacked(InputStream stream, String source) throws IOException {
        return unpacked(stream, source, Long.MAX_VALUE);
    }

    /** As {@link #unpacked(InputStream, String)}, but no more than so many bytes. */
    static FileBytes unpacked(InputStream stream, String source, long most) throws IOException {
        return written(
                source,
                out -> {
                    var chunk = new byte[CHUNK];
                    long left = most;
                    int count;
                    while ((count = stream.read(chunk, 0, (int) Math.min(CHUNK, left))) > 0) {
                        out.write(chunk, 0, count);
                        left -= count;
                    }
                });
    }

    /** Gives the bytes of a temporary file. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** A temporary file that has no name any more. */
    static FileBytes written(String source, Content content) throws IOException {
        var path = Files.createTempFile("stir-", ".unpacked");
        try {
            try (OutputStream out = Files.newOutputStream(path)) {
                content.writeTo(out);
            }
            return new FileBytes(source, path);
        } finally {
            Files.delete(path);
        }
    }

    /** What it is called in messages. */
    public String source() {
        return source;
    }

    /** How many bytes there are. */
    public long size() {
        return size;
    }

    /** The file from its first byte on, until {@link #read} is called. */
    DataInput beginning() {
        return file;
    }

    /**
     * Copies bytes.
     *
     * @param from the first one's place in the file
     * @param into is filled
     * @throws DataException if they can't be read
     */
    public void read(long from, byte[] into) {
        read(from, into, 0, into.length);
    }

    /** As {@link #read(long, byte[])}, but fills a part only. */
    void read(long from, byte[] into, int offset, int count) {
        try {
            synchronized (file) {
                file.seek(from);
                file.readFully(into, offset, count);
            }
        } catch (EOFException e) {
            throw new DataException(
                    source + " has become shorter: leave it alone while it is used.", e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private DataException unreadable(IOException e) {
        return new DataException("%s could not be read (%s).".formatted(source, IoReason.of(e)), e);
    }

    /** Closes the file; a second call does nothing. */
    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }
}
