package stir.core.arrays;

import stir.api.DataException;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The bytes of a file, read piece by piece by any thread, so that memory does not grow with the
 * file. It stays open while anyone refers to this object: also if its name is given to another
 * file. A thread that is interrupted does not close it.
 */
public final class FileBytes {
    private static final int CHUNK = 1 << 16;

    private final String source;
    private final RandomAccessFile file;
    private final long size;

    private FileBytes(String source, RandomAccessFile file) throws IOException {
        this.source = source;
        this.file = file;
        this.size = file.length();
    }

    /**
     * Opens a file.
     *
     * @throws java.nio.file.NoSuchFileException if it is not there
     */
    public static FileBytes of(Path path) throws IOException {
        Files.size(path); // tells a missing file from one that may not be read
        return new FileBytes(path.toString(), new RandomAccessFile(path.toFile(), "r"));
    }

    /**
     * Copies what a stream gives into a temporary file that has no name any more, and so goes when
     * the process ends, however it ends.
     *
     * @param source what it is called in messages
     */
    public static FileBytes unpacked(InputStream stream, String source) throws IOException {
        var path = Files.createTempFile("stir-", ".unpacked");
        try {
            try (OutputStream out = Files.newOutputStream(path)) {
                stream.transferTo(out);
            }
            return new FileBytes(source, new RandomAccessFile(path.toFile(), "r"));
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

    /**
     * Copies bytes.
     *
     * @param from the first one's place in the file
     * @param into is filled
     * @throws DataException if they can't be read
     */
    public void read(long from, byte[] into) {
        try {
            synchronized (file) {
                file.seek(from);
                file.readFully(into);
            }
        } catch (EOFException e) {
            throw new DataException(
                    source + " has become shorter: leave it alone while it is used.", e);
        } catch (IOException e) {
            throw new DataException(
                    "%s could not be read (%s).".formatted(source, e.getMessage()), e);
        }
    }

    /** All bytes from one on, as a stream that need not be closed. */
    InputStream from(long start) {
        return new InputStream() {
            private final byte[] chunk = new byte[CHUNK];
            private long at = start;
            private int next;
            private int filled;

            @Override
            public int read() {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                if (next == filled && !fill()) {
                    return -1;
                }
                int count = Math.min(length, filled - next);
                System.arraycopy(chunk, next, into, offset, count);
                next += count;
                return count;
            }

            private boolean fill() {
                int count = (int) Math.min(chunk.length, size - at);
                if (count <= 0) {
                    return false;
                }
                var part = count == chunk.length ? chunk : new byte[count];
                FileBytes.this.read(at, part);
                if (part != chunk) {
                    System.arraycopy(part, 0, chunk, 0, count);
                }
                at += count;
                next = 0;
                filled = count;
                return true;
            }
        };
    }
}
