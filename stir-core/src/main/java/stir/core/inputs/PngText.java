package stir.core.inputs;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.zip.CRC32;
import stir.api.DataException;

/**
 * The guard against damaged headers and compressed text in PNG files. Java's reader unpacks the
 * text of an image with a palette, even if nobody asks for it, and a few bytes can unpack to
 * gigabytes.
 */
final class PngText {
    private static final long SIGNATURE = 0x89504E470D0A1A0AL;
    private static final Set<String> COMPRESSED_TEXT = Set.of("zTXt", "iTXt");
    private static final String HEADER = "IHDR";
    private static final String PIXELS = "IDAT";

    /** The maximum number of bytes of such text, which unpack to 64 MB at most. */
    private static final long MOST_BYTES = 1 << 16;

    private PngText() {}

    /**
     * Checks a file; one of another format or without an end is left to its reader.
     *
     * @throws DataException if its header's checksum is wrong, or if it has too much compressed
     *     text before its pixels
     */
    static void check(Path file) {
        long bytes = 0;
        try (var in = new DataInputStream(Files.newInputStream(file))) {
            if (in.readLong() != SIGNATURE) {
                return;
            }
            while (bytes <= MOST_BYTES) {
                long length = Integer.toUnsignedLong(in.readInt());
                var type = new String(in.readNBytes(4), StandardCharsets.US_ASCII);
                if (type.equals(PIXELS)) {
                    return;
                }
                bytes += COMPRESSED_TEXT.contains(type) ? length : 0;
                if (type.equals(HEADER) && length < MOST_BYTES) {
                    checkSum(file, in, type, (int) length);
                } else {
                    in.skipNBytes(length + Integer.BYTES);
                }
            }
        } catch (IOException e) {
            return; // its reader reports the failure
        }
        throw new DataException("%s has more than %d KB of compressed text: save the image without it."
                .formatted(file, MOST_BYTES / 1024));
    }

    /** Reads a part and its checksum, which Java's reader ignores. */
    private static void checkSum(Path file, DataInputStream in, String type, int length) throws IOException {
        var sum = new CRC32();
        sum.update(type.getBytes(StandardCharsets.US_ASCII));
        sum.update(in.readNBytes(length));
        if (in.readInt() != (int) sum.getValue()) {
            throw new DataException(file + " has a damaged header: copy the image again, or remove it.");
        }
    }
}
