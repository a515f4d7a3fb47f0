package stir.core.arrays;

import stir.api.DataException;
import stir.api.UsageException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The rows of an array in a {@code .npy} or {@code .npz} file, the first dimension counting them:
 * read one at a time when they are asked for, so that memory does not grow with the array. Only
 * arrays in the order of Fortran, whose rows are scattered, are held in memory. Any thread may
 * read.
 */
public final class NpyRows {
    /** Reads one row. */
    @FunctionalInterface
    private interface RowReader {
        void read(int index, double[] into);
    }

    private final String source;
    private final int[] shape;
    private final boolean unsignedByte;
    private final RowReader rows;

    private NpyRows(String source, int[] shape, boolean unsignedByte, RowReader rows) {
        this.source = source;
        this.shape = shape;
        this.unsignedByte = unsignedByte;
        this.rows = rows;
    }

    /**
     * Opens a file; the array of an {@code .npz} archive is the only one, or the one called {@code
     * array}.
     *
     * @throws UsageException if the file is not there
     * @throws DataException if it is no array of numbers, or is truncated
     */
    public static NpyRows open(Path file) {
        try {
            return file.toString().endsWith(".npz")
                    ? NumericArray.readMember(
                            file, null, (in, name) -> of(FileBytes.unpacked(in, name)))
                    : of(FileBytes.of(file));
        } catch (NoSuchFileException e) {
            throw new UsageException("There is no file " + file + ": check the path.", e);
        } catch (IOException e) {
            throw new DataException(
                    "%s could not be read (%s): check that the file is whole."
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    private static NpyRows of(FileBytes bytes) throws IOException {
        var source = bytes.source();
        var header = NpyHeader.read(bytes.from(0), source);
        long there = (bytes.size() - header.length()) / header.bytes();
        if (there < header.values()) {
            throw new DataException(
                    "%s is truncated: %d values are announced, but %d are there."
                            .formatted(source, header.values(), there));
        }
        int[] shape = header.shape().stream().mapToInt(Integer::intValue).toArray();
        boolean unsignedByte = header.kind() == 'u' && header.isSingle();
        if (shape.length == 0 || header.values() == 0) {
            return new NpyRows(source, shape, unsignedByte, (index, into) -> {});
        }
        int rowSize = Math.toIntExact(header.values() / shape[0]);
        if (header.fortran()) {
            var array = NumericArray.read(bytes.from(0), source);
            return new NpyRows(
                    source,
                    shape,
                    unsignedByte,
                    (index, into) -> Arrays.setAll(into, i -> array.get(index * rowSize + i)));
        }
        int rowBytes = Math.multiplyExact(rowSize, header.bytes());
        return new NpyRows(
                source,
                shape,
                unsignedByte,
                (index, into) -> {
                    var row = new byte[rowBytes];
                    bytes.read(header.length() + (long) index * rowBytes, row);
                    var buffer = ByteBuffer.wrap(row).order(header.order());
                    Arrays.setAll(into, i -> NumericArray.next(buffer, header));
                });
    }

    /** What the array is called in messages: its file, and its name in an archive. */
    public String source() {
        return source;
    }

    /** A copy of the dimensions. */
    public int[] shape() {
        return shape.clone();
    }

    /** How many rows there are. */
    public int count() {
        return shape.length == 0 ? 0 : shape[0];
    }

    /** Whether the file's values are bytes from 0 to 255. */
    public boolean isUnsignedByte() {
        return unsignedByte;
    }

    /**
     * Reads a row.
     *
     * @param index from 0 to {@code count() - 1}
     * @param into as long as a row has values; receives them in the order of C
     * @throws DataException if it can't be read
     */
    public void read(int index, double[] into) {
        rows.read(index, into);
    }

    /** The source and the shape, for messages. */
    @Override
    public String toString() {
        return source
                + " of "
                + Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining("x"));
    }
}
