package stir.core.io.arrays;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import stir.api.DataException;
import stir.api.UsageException;
import stir.api.support.IoReason;

/**
 * A {@code .wav} file of PCM samples of 8, 16, 24 or 32 bits, or of floats of 32 bits. Integers are
 * divided by their largest absolute value, so that samples lie in [-1,1]. Only the header is read
 * until {@link #samples} reads a channel.
 *
 * @param file the file
 * @param format 1 for integers, 3 for floats
 * @param bits the number of bits of a sample
 * @param channels the number of channels
 * @param rate the number of samples per second
 * @param start the position of the first sample
 * @param count the number of samples of a channel
 * @since 0.1.0
 */
public record WavFile(Path file, int format, int bits, int channels, int rate, long start, int count) {
    private static final int INTEGERS = 1;
    private static final int FLOATS = 3;

    /** The format whose number is in the first bytes of an extension. */
    private static final int EXTENSIBLE = 0xFFFE;

    private static final int SHORTEST_FORMAT = 16;
    private static final int EXTENSION = 24;

    /** Far more than the chunks of any file. */
    private static final int MOST_CHUNKS = 1000;

    private static final int MOST_BYTES = Integer.MAX_VALUE - 16;

    /**
     * Reads a header.
     *
     * @throws UsageException if the file is missing
     * @throws DataException if it is not such a file, or is truncated
     */
    public static WavFile open(Path file) {
        try (var bytes = FileBytes.of(file)) {
            return read(file, bytes);
        } catch (NoSuchFileException e) {
            throw new UsageException("There is no file " + file + ": check the path.", e);
        } catch (IOException e) {
            throw new DataException("%s could not be read (%s).".formatted(file, IoReason.of(e)), e);
        }
    }

    private static WavFile read(Path file, FileBytes bytes) {
        var head = part(bytes, 0, 12);
        if (head == null || !id(head, 0).equals("RIFF") || !id(head, 8).equals("WAVE")) {
            throw unreadable(file, "it does not begin like one");
        }
        ByteBuffer format = null;
        long at = 12;
        for (int chunk = 0; chunk < MOST_CHUNKS; chunk++) {
            var header = part(bytes, at, 8);
            if (header == null) {
                throw unreadable(file, "it has no samples");
            }
            long size = Integer.toUnsignedLong(header.getInt(4));
            if (size > bytes.size() - at - 8) {
                throw unreadable(file, "it is truncated");
            }
            if (id(header, 0).equals("fmt ")) {
                format = part(bytes, at + 8, (int) Math.min(size, SHORTEST_FORMAT + EXTENSION));
            } else if (id(header, 0).equals("data")) {
                if (format == null || format.capacity() < SHORTEST_FORMAT) {
                    throw unreadable(file, "its samples have no format");
                }
                return of(file, format, at + 8, size);
            }
            at += 8 + size + size % 2;
        }
        throw unreadable(file, "it has no samples");
    }

    private static WavFile of(Path file, ByteBuffer format, long start, long size) {
        int kind = Short.toUnsignedInt(format.getShort(0));
        if (kind == EXTENSIBLE && format.capacity() >= SHORTEST_FORMAT + EXTENSION) {
            kind = Short.toUnsignedInt(format.getShort(SHORTEST_FORMAT + 8));
        }
        int channels = Short.toUnsignedInt(format.getShort(2));
        int rate = format.getInt(4);
        int frame = Short.toUnsignedInt(format.getShort(12));
        int bits = Short.toUnsignedInt(format.getShort(14));
        boolean known =
                kind == INTEGERS ? bits == 8 || bits == 16 || bits == 24 || bits == 32 : kind == FLOATS && bits == 32;
        if (!known) {
            throw unreadable(
                    file,
                    "its samples have the format %d of %d bits, not PCM of 8, 16, 24 or 32 bits or floats of 32"
                            .formatted(kind, bits));
        }
        if (channels == 0 || rate <= 0 || frame != channels * bits / 8) {
            throw unreadable(file, "its header contradicts itself");
        }
        if (size < frame || size > MOST_BYTES) {
            throw unreadable(file, "it has %d bytes of samples".formatted(size));
        }
        return new WavFile(file, kind, bits, channels, rate, start, (int) (size / frame));
    }

    private static String id(ByteBuffer bytes, int at) {
        return StandardCharsets.ISO_8859_1.decode(bytes.slice(at, 4)).toString();
    }

    /** Returns bytes of a file; null if it ends before. */
    private static @Nullable ByteBuffer part(FileBytes bytes, long at, int count) {
        if (at + count > bytes.size()) {
            return null;
        }
        var part = new byte[count];
        bytes.read(at, part);
        return ByteBuffer.wrap(part).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static DataException unreadable(Path file, String reason) {
        return new DataException("%s is not a .wav file that can be read: %s.".formatted(file, reason));
    }

    /**
     * Reads a channel.
     *
     * @param channel the index of the channel, from 0
     * @throws DataException if it can't be read, or holds NaN or an infinite value
     */
    public float[] samples(int channel) {
        int width = bits / 8;
        int frame = channels * width;
        var bytes = new byte[count * frame];
        try (var in = FileBytes.of(file)) {
            in.read(start, bytes);
        } catch (IOException e) {
            throw new DataException("%s could not be read (%s).".formatted(file, IoReason.of(e)), e);
        }
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        var samples = new float[count];
        for (int i = 0; i < count; i++) {
            samples[i] = sample(buffer, i * frame + channel * width);
            if (!Float.isFinite(samples[i])) {
                throw new DataException(
                        "%s contains NaN or an infinite value in sample %d (counting from 0): remove or fix it."
                                .formatted(file, i));
            }
        }
        return samples;
    }

    private float sample(ByteBuffer bytes, int at) {
        if (format == FLOATS) {
            return bytes.getFloat(at);
        }
        return switch (bits) {
            case 8 -> (Byte.toUnsignedInt(bytes.get(at)) - 0x80) / (float) 0x80;
            case 16 -> bytes.getShort(at) / (float) 0x8000;
            case 24 -> (Short.toUnsignedInt(bytes.getShort(at)) | bytes.get(at + 2) << 16) / (float) 0x800000;
            default -> (float) (bytes.getInt(at) / (double) (1L << 31));
        };
    }

    /**
     * Writes a file of one channel of floats of 32 bits, which hold the samples exactly.
     *
     * @param rate the number of samples per second
     */
    public static void write(OutputStream out, float[] samples, int rate) throws IOException {
        int data = Float.BYTES * samples.length;
        int header = 58;
        var bytes = ByteBuffer.allocate(header + data).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(ascii("RIFF")).putInt(header - 8 + data).put(ascii("WAVE"));
        bytes.put(ascii("fmt ")).putInt(18).putShort((short) FLOATS).putShort((short) 1);
        bytes.putInt(rate).putInt(Float.BYTES * rate).putShort((short) Float.BYTES);
        bytes.putShort((short) Float.SIZE).putShort((short) 0);
        bytes.put(ascii("fact")).putInt(4).putInt(samples.length);
        bytes.put(ascii("data")).putInt(data);
        bytes.asFloatBuffer().put(samples);
        out.write(bytes.array());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
