package stir.core.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import stir.core.io.files.AtomicFiles.Content;
import stir.core.io.files.ExistingPath;

/**
 * A file of work in progress: 8 letters of its kind, the hash of the cache key that it belongs to
 * (64 letters), the content, and a CRC-32C of all bytes before it (little-endian).
 */
public final class ChecksummedFile {
    private static final int HASH = 64;

    private ChecksummedFile() {}

    /** Returns the position at which the content begins. */
    static int header(String kind) {
        return kind.length() + HASH;
    }

    /** Writes content between its header and its checksum. */
    public static void write(OutputStream out, String kind, String keyHash, Content content) throws IOException {
        var checked = new CheckedOutputStream(out, new CRC32C());
        checked.write((kind + keyHash).getBytes(StandardCharsets.US_ASCII));
        content.writeTo(checked);
        checked.flush();
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(checked.getChecksum().getValue())
                .array());
    }

    /**
     * Reads the content.
     *
     * @return empty if the file is damaged, of another kind, or belongs to another cache key
     */
    public static Optional<byte[]> read(Path file, String kind, String keyHash) throws IOException {
        ExistingPath.checkNoPipe(file);
        var bytes = Files.readAllBytes(file);
        var start = (kind + keyHash).getBytes(StandardCharsets.US_ASCII);
        int end = bytes.length - Long.BYTES;
        if (end < start.length || !Arrays.equals(bytes, 0, start.length, start, 0, start.length)) {
            return Optional.empty();
        }
        var checksum = new CRC32C();
        checksum.update(bytes, 0, end);
        long noted = ByteBuffer.wrap(bytes, end, Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        return noted == checksum.getValue()
                ? Optional.of(Arrays.copyOfRange(bytes, start.length, end))
                : Optional.empty();
    }
}
