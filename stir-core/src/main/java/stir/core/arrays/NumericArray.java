package stir.core.arrays;

import org.jspecify.annotations.Nullable;

import stir.api.DataException;
import stir.api.Matrix;
import stir.api.UsageException;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * An array of numbers that was read from a file, in the order of C: the last dimension varies
 * fastest.
 */
public final class NumericArray {
    private final String source;
    private final char kind;
    private final int[] shape;
    private final float @Nullable [] floats;
    private final double @Nullable [] doubles;

    private NumericArray(
            String source,
            char kind,
            int[] shape,
            float @Nullable [] floats,
            double @Nullable [] doubles) {
        this.source = source;
        this.kind = kind;
        this.shape = shape;
        this.floats = floats;
        this.doubles = doubles;
    }

    /**
     * Reads a {@code .npy} file, or the array of an {@code .npz} archive that holds one array or
     * one called {@code array}.
     *
     * @param file the file
     * @throws UsageException if the file is not there
     * @throws DataException if it is no array of numbers, is truncated, or is too large for memory
     */
    public static NumericArray read(Path file) {
        try {
            if (file.toString().endsWith(".npz")) {
                return readArchive(file, null);
            }
            try (var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
                return read(in, file.toString());
            }
        } catch (NoSuchFileException e) {
            throw new UsageException("There is no file " + file + ": check the path.", e);
        } catch (IOException e) {
            throw new DataException(
                    "%s could not be read (%s): check that the file is whole."
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /**
     * Reads one array of an {@code .npz} archive.
     *
     * @param file the archive
     * @param name the array's name in it
     * @throws UsageException if there is no such file, or no array of that name in it
     * @throws DataException if the archive can't be read
     */
    public static NumericArray read(Path file, String name) {
        try {
            return readArchive(file, name);
        } catch (NoSuchFileException e) {
            throw new UsageException("There is no file " + file + ": check the path.", e);
        } catch (IOException e) {
            throw new DataException(
                    "%s could not be read (%s): check that the file is whole."
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    private static NumericArray readArchive(Path file, @Nullable String name) throws IOException {
        return readMember(file, name, NumericArray::read);
    }

    /**
     * Reads an array's stream.
     *
     * @param <T> what becomes of it
     */
    @FunctionalInterface
    interface StreamReader<T> {
        /**
         * Reads it.
         *
         * @param source what the array is called in messages
         */
        T read(InputStream in, String source) throws IOException;
    }

    /**
     * Reads an array of an archive.
     *
     * @param name the array's name; absent for the only one, or the one called {@code array}
     */
    static <T> T readMember(Path file, @Nullable String name, StreamReader<T> reader)
            throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            var names =
                    zip.stream()
                            .map(ZipEntry::getName)
                            .filter(n -> n.endsWith(".npy"))
                            .sorted()
                            .toList();
            var wanted =
                    name != null ? name + ".npy" : names.size() == 1 ? names.get(0) : "array.npy";
            if (!names.contains(wanted)) {
                throw new UsageException(
                        "%s has no array '%s': it has %s. Save the one that is meant in a .npy file."
                                .formatted(file, wanted.replaceFirst("\\.npy$", ""), names));
            }
            try (var in =
                    new BufferedInputStream(zip.getInputStream(zip.getEntry(wanted)), 1 << 16)) {
                return reader.read(in, file + ":" + wanted.replaceFirst("\\.npy$", ""));
            }
        }
    }

    /** Reads a {@code .npy} file's stream. */
    static NumericArray read(InputStream in, String source) throws IOException {
        var header = NpyHeader.read(in, source);
        long count = header.values();
        if (count * 8 > Integer.MAX_VALUE - 16L) {
            throw new DataException(
                    "%s has %d values, too many for one array in memory: split the file."
                            .formatted(source, count));
        }
        var bytes = in.readNBytes((int) count * header.bytes());
        if (bytes.length < count * header.bytes()) {
            throw new DataException(
                    "%s is truncated: %d values are announced, but %d are there."
                            .formatted(source, count, bytes.length / header.bytes()));
        }
        var buffer = ByteBuffer.wrap(bytes).order(header.order());
        int[] shape = header.shape().stream().mapToInt(Integer::intValue).toArray();
        if (header.isSingle()) {
            var values = new float[(int) count];
            for (int i = 0; i < values.length; i++) {
                values[header.fortran() ? cIndex(i, shape) : i] = (float) next(buffer, header);
            }
            return new NumericArray(source, header.kind(), shape, values, null);
        }
        var values = new double[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[header.fortran() ? cIndex(i, shape) : i] = next(buffer, header);
        }
        return new NumericArray(source, header.kind(), shape, null, values);
    }

    /** The next value of a buffer. */
    static double next(ByteBuffer buffer, NpyHeader header) {
        return switch (header.kind()) {
            case 'f' -> header.bytes() == 4 ? buffer.getFloat() : buffer.getDouble();
            case 'u' -> unsigned(buffer, header.bytes());
            default -> signed(buffer, header.bytes());
        };
    }

    private static double unsigned(ByteBuffer buffer, int bytes) {
        return switch (bytes) {
            case 1 -> Byte.toUnsignedInt(buffer.get());
            case 2 -> Short.toUnsignedInt(buffer.getShort());
            case 4 -> Integer.toUnsignedLong(buffer.getInt());
            default -> Double.parseDouble(Long.toUnsignedString(buffer.getLong()));
        };
    }

    private static double signed(ByteBuffer buffer, int bytes) {
        return switch (bytes) {
            case 1 -> buffer.get();
            case 2 -> buffer.getShort();
            case 4 -> buffer.getInt();
            default -> buffer.getLong();
        };
    }

    /** Where the i-th value in Fortran's order stands in C's. */
    private static int cIndex(int i, int[] shape) {
        int index = 0;
        int rest = i;
        int[] position = new int[shape.length];
        for (int d = 0; d < shape.length; d++) {
            position[d] = rest % shape[d];
            rest /= shape[d];
        }
        for (int d = 0; d < shape.length; d++) {
            index = index * shape[d] + position[d];
        }
        return index;
    }

    /** An array of these values, for example to be compared or saved. */
    public static NumericArray of(String source, int[] shape, float[] values) {
        return new NumericArray(source, 'f', shape.clone(), values.clone(), null);
    }

    /** What the array is called in messages: its file, and its name in an archive. */
    public String source() {
        return source;
    }

    /** A copy of the dimensions. */
    public int[] shape() {
        return shape.clone();
    }

    /** Whether the file's values are whole numbers or truth values. */
    public boolean isIntegral() {
        return kind != 'f';
    }

    /** Whether the file's values are bytes from 0 to 255. */
    public boolean isUnsignedByte() {
        return kind == 'u' && floats != null;
    }

    /** The number of values. */
    public int size() {
        return floats != null ? floats.length : doubles().length;
    }

    /** The value at an index in C's order. */
    public double get(int index) {
        return floats != null ? floats[index] : doubles()[index];
    }

    /**
     * The array as a matrix: rows are the first dimension, everything after it is flattened; an
     * array of one dimension is one column.
     *
     * @throws DataException if it is a single number, or empty
     */
    public Matrix toMatrix() {
        if (shape.length == 0 || size() == 0) {
            throw new DataException(
                    source + " holds no rows: a matrix of one row an input is needed.");
        }
        int rows = shape[0];
        return floats != null
                ? Matrix.of(rows, floats.length / rows, floats)
                : Matrix.of(rows, doubles().length / rows, doubles());
    }

    private double[] doubles() {
        if (doubles == null) {
            throw new IllegalStateException("An array holds floats or doubles");
        }
        return doubles;
    }

    /** The source and the shape, for messages. */
    @Override
    public String toString() {
        return source
                + " of "
                + Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining("x"));
    }
}
