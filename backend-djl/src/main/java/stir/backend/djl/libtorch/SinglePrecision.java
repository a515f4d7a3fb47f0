package stir.backend.djl.libtorch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A conversion of networks in half or double precision to single precision, in which Stir computes:
 * their weights, and the data types in their source.
 */
public final class SinglePrecision {
    /** The type of storages of single precision. */
    public static final String SINGLE = "torch.FloatStorage";

    private static final String DOUBLE = "torch.DoubleStorage";
    private static final Set<String> HALF = Set.of("torch.HalfStorage", "torch.BFloat16Storage");

    /** libtorch's numbers of the data types, as source has them: half, double, bfloat16. */
    private static final Set<String> TYPES = Set.of("5", "7", "15");

    private static final String SINGLE_TYPE = "6";

    /** The arguments of functions that may be a data type; in all functions it may be named. */
    private static final Map<String, List<Integer>> ARGUMENTS = Map.of(
            "to", List.of(1, 2),
            "softmax", List.of(2),
            "log_softmax", List.of(2),
            "cumsum", List.of(2));

    private static final String NAMED = "dtype=";

    private SinglePrecision() {}

    /**
     * Returns the types of storages that are to be converted; none if the weights are in single
     * precision, in which networks may have a few tensors of others.
     */
    public static Set<String> converted(Collection<String> storages) {
        var types = new HashSet<>(storages);
        boolean half = types.stream().anyMatch(HALF::contains);
        boolean converts = half || (types.contains(DOUBLE) && !types.contains(SINGLE));
        types.removeIf(type -> !converts || !(HALF.contains(type) || type.equals(DOUBLE)));
        return types;
    }

    /** Returns the name of the lowest precision of storages' types; empty if there are none. */
    public static Optional<String> name(Set<String> types) {
        return Stream.of(
                        Map.entry("torch.BFloat16Storage", "bfloat16"),
                        Map.entry("torch.HalfStorage", "float16"),
                        Map.entry(DOUBLE, "double"))
                .filter(name -> types.contains(name.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Returns a pickle whose tensors have storages of single precision. */
    public static byte[] pickle(byte[] bytes) {
        return Pickle.renamed(
                bytes, Map.of("torch.HalfStorage", SINGLE, "torch.BFloat16Storage", SINGLE, DOUBLE, SINGLE));
    }

    /**
     * Returns the source of a function's argument, with single precision instead of another type.
     *
     * @param function its name without its namespace
     * @param index the index of the argument
     * @param text the argument, which may be named
     */
    public static String argument(String function, int index, String text) {
        int value = text.startsWith(NAMED) ? NAMED.length() : 0;
        boolean isType =
                value > 0 || ARGUMENTS.getOrDefault(function, List.of()).contains(index);
        return isType && TYPES.contains(text.substring(value).strip()) ? text.substring(0, value) + SINGLE_TYPE : text;
    }

    /**
     * Copies a record of values into another archive, in single precision. The format has their
     * checksum before them.
     *
     * @param type the type of their storage
     * @param name the name of the copy
     */
    public static void store(ArchiveRecords records, ZipEntry entry, String type, String name, ZipOutputStream out)
            throws IOException {
        var checksum = new CRC32();
        var counted = new CheckedOutputStream(OutputStream.nullOutputStream(), checksum);
        copy(records, entry, type, counted);
        long size = entry.getSize() / TensorCheck.bytes(type) * Float.BYTES;
        out.putNextEntry(ArchiveRecords.stored(name, size, checksum.getValue()));
        copy(records, entry, type, out);
        out.closeEntry();
    }

    private static void copy(ArchiveRecords records, ZipEntry entry, String type, OutputStream out) throws IOException {
        @SuppressWarnings("resource") // the caller closes what it writes to
        var singles = new Converter(type, out);
        records.copy(entry, singles);
        singles.flush();
    }

    /** A stream of single precision, written as values of another type. */
    private static final class Converter extends OutputStream {
        private static final int BUFFER = 1 << 16;

        private final String type;
        private final OutputStream singles;
        private final ByteBuffer value;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);

        /**
         * Creates a stream.
         *
         * @param type the type of the storage that is written to it
         * @param singles the stream that receives the values in single precision; the caller closes
         *     it
         */
        Converter(String type, OutputStream singles) {
            this.type = type;
            this.singles = singles;
            this.value = ByteBuffer.allocate(TensorCheck.bytes(type)).order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void write(int next) throws IOException {
            value.put((byte) next);
            if (value.hasRemaining()) {
                return;
            }
            buffer.putFloat(single(value.flip()));
            value.clear();
            if (!buffer.hasRemaining()) {
                flush();
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int i = offset; i < offset + length; i++) {
                write(bytes[i]);
            }
        }

        @Override
        public void flush() throws IOException {
            singles.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }

        private float single(ByteBuffer values) {
            return switch (type) {
                case DOUBLE -> (float) values.getDouble();
                case "torch.HalfStorage" -> half(values.getShort());
                default -> Float.intBitsToFloat(values.getShort() << Short.SIZE);
            };
        }

        /** Converts IEEE 754 binary16, which Java supports only from version 20 on. */
        private static float half(short bits) {
            int exponent = (bits >>> 10) & 0x1f;
            int fraction = bits & 0x3ff;
            float magnitude = switch (exponent) {
                case 0 -> fraction * 0x1p-24f;
                case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
                default -> Float.intBitsToFloat(((exponent + 127 - 15) << 23) | (fraction << 13));
            };
            return bits < 0 ? -magnitude : magnitude;
        }
    }
}
