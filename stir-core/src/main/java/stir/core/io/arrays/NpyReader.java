package stir.core.io.arrays;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.support.IoReason;
import stir.core.io.files.ExistingPath;

/**
 * An array of numbers in a {@code .npy} file or an {@code .npz} archive, read on demand: row by
 * row, the first dimension counting the rows, so that memory does not grow with the array, or as a
 * whole. Values come in the order of C, the last dimension varying fastest; one in the order of
 * Fortran, whose rows are scattered, is rewritten into a temporary file first. Thread-safe. The
 * caller that opens it closes it; the garbage collector closes it otherwise.
 *
 * @since 0.1.0
 */
public final class NpyReader implements AutoCloseable {
    private static final String ENDING = ".npy";
    private static final int CHUNK = 1 << 14;
    private static final int BLOCK_BYTES = 32 << 20;
    private static final int MOST_BYTES = Integer.MAX_VALUE - 16;

    private final FileBytes file;
    private final long start;
    private final NpyHeader header;
    private final int count;
    private final int rowSize;

    private NpyReader(FileBytes file, long start, NpyHeader header) {
        this.file = file;
        this.start = start;
        this.header = header;
        this.count = header.shape().isEmpty() ? 0 : header.shape().get(0);
        long values = count == 0 ? 0 : header.values() / count;
        if (values * header.bytes() > MOST_BYTES) {
            throw new DataException("%s has rows of %d values, too many to be read at once: split the file."
                    .formatted(file.source(), values));
        }
        this.rowSize = (int) values;
    }

    /** Returns whether a file's name is that of an {@code .npz} archive. */
    public static boolean isArchive(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".npz");
    }

    /** Returns whether a file's name is that of an array or an archive of arrays. */
    public static boolean isArray(Path file) {
        return isArchive(file) || file.toString().toLowerCase(Locale.ROOT).endsWith(ENDING);
    }

    /**
     * Opens a file; the array of an {@code .npz} archive is the only one, or the one called {@code
     * array}.
     *
     * @throws UsageException if the file is missing, or the archive has no such array
     * @throws DataException if it is not an array of numbers, or is truncated
     */
    public static NpyReader open(Path file) {
        return reading(file, () -> file.toString().endsWith(".npz") ? member(file, null) : of(file));
    }

    /**
     * Opens one array of an {@code .npz} archive.
     *
     * @param file the archive
     * @param name the array's name in it
     * @throws UsageException if the file is missing, or has no such array
     * @throws DataException if it is not an array of numbers, or is truncated
     */
    public static NpyReader open(Path file, String name) {
        return reading(file, () -> member(file, name));
    }

    /**
     * Returns the arrays of numbers in an {@code .npz} archive: their names, and the dimensions of
     * each.
     *
     * @throws UsageException if the file is missing
     * @throws DataException if it is not an archive
     */
    public static SortedMap<String, List<Integer>> arrays(Path file) {
        var arrays = new TreeMap<String, List<Integer>>();
        ExistingPath.checkNoPipe(file);
        try (var zip = new ZipFile(file.toFile())) {
            for (var entry : Collections.list(zip.entries())) {
                var name = entry.getName();
                if (name.endsWith(ENDING)) {
                    var array = name.substring(0, name.length() - ENDING.length());
                    dimensions(zip, entry).ifPresent(dimensions -> arrays.put(array, dimensions));
                }
            }
        } catch (NoSuchFileException e) {
            throw missing(file, e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return arrays;
    }

    /** Returns the dimensions of an archive's array; empty if it does not hold numbers. */
    private static Optional<List<Integer>> dimensions(ZipFile zip, ZipEntry entry) throws IOException {
        try (var in = new BufferedInputStream(zip.getInputStream(entry))) {
            return Optional.of(
                    NpyHeader.read(new DataInputStream(in), entry.getName()).shape());
        } catch (DataException e) { // names, for example
            return Optional.empty();
        }
    }

    private static UsageException missing(Path file, Exception cause) {
        return new UsageException("There is no file " + file + ": check the path.", cause);
    }

    private static DataException unreadable(Path file, IOException cause) {
        return new DataException(
                "%s could not be read (%s): check that the file is whole.".formatted(file, IoReason.of(cause)), cause);
    }

    /**
     * Opens a file that {@link NpyWriter} wrote and that can be made again.
     *
     * @throws DataException if it is missing, or not such a file any more
     */
    public static NpyReader openWritten(Path file) {
        NpyReader reader = null;
        try {
            reader = open(file);
            var header = reader.header;
            if (header.isFloat32()
                    && !header.fortran()
                    && reader.count > 0
                    && reader.file.size() == reader.start + Float.BYTES * header.values()) {
                return reader;
            }
        } catch (UsageException | DataException e) {
            throw damaged(file, e);
        }
        reader.close();
        throw damaged(file, null);
    }

    private static DataException damaged(Path file, @Nullable Exception cause) {
        return new DataException("%s is missing or damaged: remove it to compute it again.".formatted(file), cause);
    }

    /** The opening of a file. */
    @FunctionalInterface
    private interface Opening {
        NpyReader open() throws IOException;
    }

    private static NpyReader reading(Path file, Opening opening) {
        try {
            ExistingPath.checkNoPipe(file);
            return opening.open();
        } catch (NoSuchFileException e) {
            throw missing(file, e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static NpyReader of(Path file) throws IOException {
        var bytes = FileBytes.of(file);
        try {
            var header = NpyHeader.read(bytes.beginning(), bytes.source());
            return of(bytes, header.length(), header);
        } catch (IOException | DataException e) {
            bytes.close();
            throw e;
        }
    }

    private static NpyReader member(Path file, @Nullable String name) throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            var names = zip.stream()
                    .map(ZipEntry::getName)
                    .filter(n -> n.endsWith(".npy"))
                    .sorted()
                    .toList();
            var wanted = name != null ? name + ".npy" : names.size() == 1 ? names.get(0) : "array.npy";
            var called = wanted.replaceFirst("\\.npy$", "");
            if (!names.contains(wanted)) {
                var there = String.join(", ", names).replace(".npy", "");
                throw new UsageException(
                        name == null
                                ? "%s has several arrays (%s): choose one by name, or save it on its own."
                                        .formatted(file, there)
                                : "%s has no array '%s': it has %s.".formatted(file, called, there),
                        Remedy.NAME_ARRAY);
            }
            var source = file + ":" + called;
            var entry = zip.getEntry(wanted);
            var sum = new CRC32(); // which ZipFile does not check
            try (var in = new CheckedInputStream(new BufferedInputStream(zip.getInputStream(entry)), sum)) {
                var header = NpyHeader.read(new DataInputStream(in), source);
                long bytes = header.values() * header.bytes();
                var values = FileBytes.unpacked(in, source, bytes);
                try {
                    var array = of(values, 0, header);
                    if (entry.getSize() < header.length() + bytes
                            || (in.read() < 0 && sum.getValue() != entry.getCrc())) {
                        throw new DataException(
                                "%s is damaged, because its size or checksum (CRC-32) differs from the archive's directory: copy or save the archive again."
                                        .formatted(source));
                    }
                    return array;
                } catch (IOException | DataException e) {
                    values.close();
                    throw e;
                }
            }
        }
    }

    private static NpyReader of(FileBytes file, long start, NpyHeader header) throws IOException {
        long there = (file.size() - start) / header.bytes();
        if (file.size() - start != header.values() * header.bytes()) {
            throw new DataException("%s %s: %d values are announced, but %d are there."
                    .formatted(
                            file.source(),
                            there < header.values() ? "is truncated" : "has bytes after its array",
                            header.values(),
                            there));
        }
        var reader = new NpyReader(file, start, header);
        if (!header.fortran() || header.values() == 0 || header.shape().size() < 2) {
            return reader;
        }
        try (file) {
            return new NpyReader(FileBytes.written(file.source(), reader::writeInOrderOfC), 0, header);
        }
    }

    /** Writes as many rows at a time as fit into a block. */
    private void writeInOrderOfC(OutputStream out) throws IOException {
        int bytes = header.bytes();
        int rowBytes = rowSize * bytes;
        int most = Math.max(1, BLOCK_BYTES / rowBytes);
        var block = new byte[rowBytes * Math.min(most, count)];
        var column = new byte[bytes * Math.min(most, count)];
        for (int from = 0; from < count; from += most) {
            int rows = Math.min(most, count - from);
            for (int k = 0; k < rowSize; k++) { // in the file's order of a row's values
                long first = (long) k * count + from;
                file.read(start + first * bytes, column, 0, rows * bytes);
                int to = inOrderOfC(k) * bytes;
                for (int row = 0; row < rows; row++) {
                    System.arraycopy(column, row * bytes, block, row * rowBytes + to, bytes);
                }
            }
            out.write(block, 0, rows * rowBytes);
        }
    }

    /** Returns the index in the order of C of a row's k-th value in the order of Fortran. */
    private int inOrderOfC(int k) {
        int index = 0;
        int rest = k;
        int stride = rowSize;
        for (int dimension : rowDimensions()) {
            stride /= dimension;
            index += rest % dimension * stride;
            rest /= dimension;
        }
        return index;
    }

    /** Returns the array's name in messages: its file, and its name in an archive. */
    public String source() {
        return file.source();
    }

    /** Returns a copy of the dimensions. */
    public int[] shape() {
        return header.shape().stream().mapToInt(Integer::intValue).toArray();
    }

    /** Returns the number of rows; 0 for a single number. */
    public int count() {
        return count;
    }

    /**
     * Returns the shape of each row.
     *
     * @throws DataException if there are no rows, or empty ones
     */
    public Shape rowShape() {
        if (count == 0 || rowSize == 0) {
            throw new DataException(source() + " contains no rows.");
        }
        return Shape.of(rowDimensions());
    }

    private int[] rowDimensions() {
        return header.shape().stream().skip(1).mapToInt(Integer::intValue).toArray();
    }

    /** Returns whether the file's values are integers other than bytes from 0 to 255. */
    public boolean isOtherInteger() {
        return !isUnsignedByte()
                && !header.type().startsWith("f")
                && !header.type().equals("b1");
    }

    /** Returns whether the file's values are truth values. */
    public boolean isTruth() {
        return header.type().equals("b1");
    }

    /** Returns whether the file's values are bytes from 0 to 255. */
    public boolean isUnsignedByte() {
        return header.type().equals("u1");
    }

    /**
     * Reads a row, as it is or rounded to floats, into a row of a batch.
     *
     * @param index the index of the row, from 0 to {@code count() - 1}
     * @param into a batch of rows of as many values
     * @param row the row of the batch to write
     * @throws DataException if it can't be read
     */
    public void read(int index, Batch into, int row) {
        Objects.checkIndex(index, count);
        floats((long) index * rowSize, into.buffer().slice(row * rowSize, rowSize));
    }

    /**
     * Reads a row.
     *
     * @param index the index of the row, from 0 to {@code count() - 1}
     * @param into the array to fill, as long as a row
     * @throws DataException if it can't be read
     */
    public void read(int index, double[] into) {
        Objects.checkIndex(index, count);
        doubles((long) index * rowSize, DoubleBuffer.wrap(into, 0, rowSize));
    }

    /**
     * Reads the whole array.
     *
     * @throws DataException if it can't be read, or is too large for memory
     */
    public double[] values() {
        return doubles(0, size(header.values()));
    }

    /**
     * Reads rows as a matrix: everything after the first dimension is flattened; an array of one
     * dimension is one column. It is in single precision where that holds every value.
     *
     * @param from the index of the first row
     * @param to the index after the last row
     * @throws DataException if they can't be read, or are too large for memory
     */
    public Matrix matrix(int from, int to) {
        Objects.checkFromToIndex(from, to, count);
        long first = (long) from * rowSize;
        int size = size((long) (to - from) * rowSize);
        if (!header.isSingle()) {
            return Matrix.of(to - from, rowSize, doubles(first, size));
        }
        return Matrix.written(to - from, rowSize, values -> {
            for (int i = 0; i < size; i += CHUNK) {
                floats(first + i, values.slice(i, Math.min(CHUNK, size - i)));
            }
        });
    }

    /**
     * Refuses an array without rows, or of empty ones.
     *
     * @throws DataException if there are none
     */
    public void requireRows() {
        if (count == 0 || rowSize == 0) {
            throw new DataException(source() + " contains no rows: a matrix of one row per input is needed.");
        }
    }

    /** Returns the number of values of a row. */
    public int rowSize() {
        return rowSize;
    }

    private int size(long values) {
        if (values > MOST_BYTES / Double.BYTES) {
            throw new DataException(
                    "%s has %d values, too many for one array in memory: split the file.".formatted(source(), values));
        }
        return (int) values;
    }

    private double[] doubles(long first, int size) {
        var values = new double[size];
        for (int i = 0; i < size; i += CHUNK) {
            doubles(first + i, DoubleBuffer.wrap(values, i, Math.min(CHUNK, size - i)));
        }
        return values;
    }

    private void floats(long first, FloatBuffer into) {
        var bytes = bytes(first, into.remaining());
        if (header.isFloat32()) {
            into.put(bytes.asFloatBuffer());
            return;
        }
        while (into.hasRemaining()) {
            into.put((float) header.next(bytes));
        }
    }

    private void doubles(long first, DoubleBuffer into) {
        var bytes = bytes(first, into.remaining());
        if (header.isFloat64()) {
            into.put(bytes.asDoubleBuffer());
            return;
        }
        while (into.hasRemaining()) {
            into.put(header.next(bytes));
        }
    }

    private ByteBuffer bytes(long first, int values) {
        var bytes = new byte[values * header.bytes()];
        file.read(start + first * header.bytes(), bytes);
        return ByteBuffer.wrap(bytes).order(header.order());
    }

    /** Closes the file. Idempotent. */
    @Override
    public void close() {
        file.close();
    }

    /** Returns the source and the shape, for messages. */
    @Override
    public String toString() {
        return source() + " of " + header.dimensions();
    }
}
