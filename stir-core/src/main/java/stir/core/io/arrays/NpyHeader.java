package stir.core.io.arrays;

import java.io.DataInput;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import stir.api.DataException;

/**
 * The header of a {@code .npy} file, in versions 1 to 3 of NumPy's {@code numpy.lib.format}. In one
 * that was read neither the number of values nor that of their bytes overflows.
 *
 * @param type NumPy's name for the type of the values: {@code f4}
 * @param order the order of a value's bytes
 * @param fortran whether the first dimension varies fastest
 * @param shape the array's dimensions; empty for a single number
 * @param values the number of values
 * @param length the bytes of the header, from the file's beginning to the first value
 */
record NpyHeader(String type, ByteOrder order, boolean fortran, List<Integer> shape, long values, int length) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST = 1 << 20;
    private static final int ALIGNMENT = 64;
    private static final int MOST_DIMENSIONS = 64;
    private static final Set<String> TYPES = Set.of("f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1");
    private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([<>|=])([a-zA-Z]\\d{1,20})'");
    private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([^)]*)\\)");

    /**
     * Reads a header and leaves the input at the first value.
     *
     * @param source the file's name in messages
     * @throws DataException if this is not an array of numbers
     */
    static NpyHeader read(DataInput in, String source) throws IOException {
        var header = readAny(in, source);
        if (!TYPES.contains(header.type())) {
            throw new DataException(
                    "%s contains values of type '%s', not numbers that can be read: save it as float32 or float64."
                            .formatted(source, header.type()));
        }
        return header;
    }

    /**
     * Reads the header of an array of any plain type, as {@link #read} does.
     *
     * @throws DataException if this is not an array
     */
    static NpyHeader readAny(DataInput in, String source) throws IOException {
        try {
            var magic = new byte[MAGIC.length];
            in.readFully(magic);
            if (!Arrays.equals(magic, MAGIC)) {
                throw new DataException(
                        source + " is not a .npy file: it does not begin like one. Save it with numpy.save.");
            }
            int major = in.readUnsignedByte();
            in.readUnsignedByte();
            int text = major == 1
                    ? Short.toUnsignedInt(Short.reverseBytes(in.readShort()))
                    : Integer.reverseBytes(in.readInt());
            if (major > 3 || text < 0 || text > LONGEST) {
                throw new DataException(source + " has a .npy header that can't be read. Save it with numpy.save.");
            }
            var header = new byte[text];
            in.readFully(header);
            int prefix = MAGIC.length + 2 + (major == 1 ? 2 : 4);
            return parse(new String(header, StandardCharsets.UTF_8), prefix + text, source);
        } catch (EOFException e) {
            throw new DataException(source + " ends within its .npy header: the file is truncated.", e);
        }
    }

    private static NpyHeader parse(String header, int length, String source) {
        var descr = find(DESCR, header, source);
        var type = descr.group(2);
        var order = descr.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        boolean fortran = find(FORTRAN, header, source).group(1).equals("True");
        var shape = Arrays.stream(find(SHAPE, header, source).group(1).split(","))
                .map(String::trim)
                .filter(part -> !part.isEmpty())
                .map(part -> dimension(part, source))
                .toList();
        return new NpyHeader(type, order, fortran, shape, count(shape, source), length);
    }

    private static Matcher find(Pattern pattern, String header, String source) {
        var matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw new DataException(
                    source + " is a .npy file without a plain array of numbers: save one with numpy.save.");
        }
        if (pattern.matcher(header).results().count() > 1) {
            throw new DataException(source + " has a .npy header that has a key twice. Save it with numpy.save.");
        }
        return matcher;
    }

    private static int dimension(String text, String source) {
        long dimension = text.matches("\\d{1,10}") ? Long.parseLong(text) : -1;
        if (dimension < 0 || dimension > Integer.MAX_VALUE) {
            throw new DataException(source
                    + " has a dimension that is not an integer from 0 to 2147483647: save it again with numpy.save.");
        }
        return (int) dimension;
    }

    private static long count(List<Integer> shape, String source) {
        if (shape.size() > MOST_DIMENSIONS) {
            throw new DataException("%s has %d dimensions, more than an array of NumPy: save it again with numpy.save."
                    .formatted(source, shape.size()));
        }
        try {
            long bytes = Double.BYTES;
            for (int dimension : shape) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
            return bytes / Double.BYTES;
        } catch (ArithmeticException e) {
            throw new DataException(
                    "%s declares an array of %s, more values than a file can contain: save it again with numpy.save."
                            .formatted(source, text(shape)),
                    e);
        }
    }

    private static String text(List<Integer> shape) {
        return String.join("x", shape.stream().map(String::valueOf).toList());
    }

    /** Returns the bytes of a header of little-endian float32 in the order of C. */
    static byte[] ofFloats(int... shape) {
        var dimensions = Arrays.toString(shape); // in brackets
        var text = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s,), }"
                .formatted(dimensions.substring(1, dimensions.length() - 1));
        int prefix = MAGIC.length + 4;
        int padding = ALIGNMENT - (prefix + text.length() + 1) % ALIGNMENT;
        var bytes = (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(prefix + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MAGIC)
                .put(new byte[] {1, 0})
                .putShort((short) bytes.length)
                .put(bytes)
                .array();
    }

    /** Returns the number of bytes of one value. */
    int bytes() {
        return type.charAt(1) - '0';
    }

    boolean isFloat32() {
        return type.equals("f4");
    }

    boolean isFloat64() {
        return type.equals("f8");
    }

    /** Returns whether a float holds every value of the type exactly. */
    boolean isSingle() {
        return isFloat32() || bytes() <= 2;
    }

    /** Returns the next value of a buffer in {@link #order}. */
    double next(ByteBuffer buffer) {
        return switch (type) {
            case "f4" -> buffer.getFloat();
            case "f8" -> buffer.getDouble();
            case "u1" -> Byte.toUnsignedInt(buffer.get());
            case "u2" -> Short.toUnsignedInt(buffer.getShort());
            case "u4" -> Integer.toUnsignedLong(buffer.getInt());
            case "u8" -> Double.parseDouble(Long.toUnsignedString(buffer.getLong()));
            case "i2" -> buffer.getShort();
            case "i4" -> buffer.getInt();
            case "i8" -> buffer.getLong();
            default -> buffer.get(); // i1 and b1
        };
    }

    /** Returns the dimensions, for messages. */
    String dimensions() {
        return shape.isEmpty() ? "a single number" : text(shape);
    }
}
