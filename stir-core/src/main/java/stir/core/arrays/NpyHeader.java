package stir.core.arrays;

import stir.api.DataException;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands at the beginning of a {@code .npy} file (format versions 1 to 3 of NumPy's {@code
 * numpy.lib.format}).
 *
 * @param kind NumPy's letter for the kind of number: {@code f}, {@code i}, {@code u} or {@code b}
 * @param bytes the bytes of one value
 * @param order the order of these bytes
 * @param fortran whether the first dimension varies fastest
 * @param shape the array's dimensions; empty for a single number
 * @param length the bytes of the header, from the file's beginning to the first value
 */
record NpyHeader(
        char kind, int bytes, ByteOrder order, boolean fortran, List<Integer> shape, int length) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST = 1 << 20;
    private static final Pattern DESCR =
            Pattern.compile("'descr'\\s*:\\s*'([<>|=])([a-zA-Z])(\\d+)'");
    private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([^)]*)\\)");

    /**
     * Reads a header and leaves the stream at the first value.
     *
     * @param source what the file is called in messages
     * @throws DataException if this is no array of numbers
     */
    static NpyHeader read(InputStream stream, String source) throws IOException {
        var in = new DataInputStream(stream);
        try {
            var magic = in.readNBytes(MAGIC.length);
            if (!Arrays.equals(magic, MAGIC)) {
                throw new DataException(
                        source
                                + " is no .npy file: it does not begin like one. Save it with numpy.save.");
            }
            int major = in.readUnsignedByte();
            in.readUnsignedByte();
            int text =
                    major == 1
                            ? Short.toUnsignedInt(Short.reverseBytes(in.readShort()))
                            : Integer.reverseBytes(in.readInt());
            if (major > 3 || text < 0 || text > LONGEST) {
                throw new DataException(
                        source + " has a .npy header that can't be read. Save it with numpy.save.");
            }
            var header = new String(in.readNBytes(text), StandardCharsets.UTF_8);
            int prefix = MAGIC.length + 2 + (major == 1 ? 2 : 4);
            return parse(header, prefix + text, source);
        } catch (EOFException e) {
            throw new DataException(
                    source + " ends within its .npy header: the file is truncated.", e);
        }
    }

    private static NpyHeader parse(String header, int length, String source) {
        var descr = find(DESCR, header, source);
        char kind = descr.group(2).charAt(0);
        int bytes = Integer.parseInt(descr.group(3));
        if ("fiub".indexOf(kind) < 0 || (kind == 'f' && bytes != 4 && bytes != 8) || bytes > 8) {
            throw new DataException(
                    "%s holds values of type '%s%s', not numbers that can be read: save it as float32 or float64."
                            .formatted(source, descr.group(2), descr.group(3)));
        }
        var order = descr.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        boolean fortran = find(FORTRAN, header, source).group(1).equals("True");
        List<Integer> shape;
        try {
            shape =
                    Arrays.stream(find(SHAPE, header, source).group(1).split(","))
                            .map(String::trim)
                            .filter(part -> !part.isEmpty())
                            .map(Integer::valueOf)
                            .toList();
        } catch (NumberFormatException e) {
            throw new DataException(
                    source + " has a dimension that is no number below two thousand million.", e);
        }
        return new NpyHeader(kind, bytes, order, fortran, shape, length);
    }

    private static Matcher find(Pattern pattern, String header, String source) {
        var matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw new DataException(
                    source
                            + " is a .npy file without a plain array of numbers: save one with numpy.save.");
        }
        return matcher;
    }

    /** The number of values. */
    long values() {
        long values = 1;
        for (int dimension : shape) {
            values = Math.multiplyExact(values, dimension);
        }
        return values;
    }

    /**
     * Whether the values are floats in single precision or less, so that a float holds them
     * exactly.
     */
    boolean isSingle() {
        return kind == 'b' || bytes <= 2 || (kind == 'f' && bytes == 4);
    }
}
