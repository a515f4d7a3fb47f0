package stir.core.arrays;

import stir.api.BackendException;
import stir.api.Batch;
import stir.api.Matrix;
import stir.api.Shape;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes arrays as {@code .npy} files that NumPy reads. */
public final class NpyFile {
    private static final int ALIGNMENT = 64;

    private NpyFile() {}

    /**
     * Writes a batch as float32, its shape being the number of rows and then the rows' shape.
     *
     * @throws BackendException if the file can't be written
     */
    public static void write(Path file, Batch batch) {
        write(file, "<f4", dimensions(batch.rows(), batch.rowShape()), littleEndian(batch));
    }

    /** The header of an array of float32. */
    static ByteBuffer header(int rows, Shape rowShape) {
        return header("<f4", dimensions(rows, rowShape));
    }

    private static String dimensions(int rows, Shape rowShape) {
        var shape = new StringBuilder().append(rows).append(',');
        for (int dimension : rowShape.dimensions()) {
            shape.append(' ').append(dimension).append(',');
        }
        return shape.toString();
    }

    /** The values of a batch as they are written. */
    private static ByteBuffer littleEndian(Batch batch) {
        var values = batch.bytes();
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            values = ByteBuffer.allocate(values.limit()).order(ByteOrder.LITTLE_ENDIAN);
            values.asFloatBuffer().put(batch.buffer());
        }
        return values;
    }

    /**
     * Writes a matrix as float32 or float64, as it is kept.
     *
     * @throws BackendException if the file can't be written
     */
    public static void write(Path file, Matrix matrix) {
        int width = matrix.isDouble() ? Double.BYTES : Float.BYTES;
        var values =
                ByteBuffer.allocate(Math.multiplyExact(matrix.rows() * matrix.columns(), width))
                        .order(ByteOrder.LITTLE_ENDIAN);
        if (matrix.isDouble()) {
            values.asDoubleBuffer().put(matrix.toDoubles());
        } else {
            values.asFloatBuffer().put(matrix.toFloats());
        }
        write(
                file,
                matrix.isDouble() ? "<f8" : "<f4",
                matrix.rows() + ", " + matrix.columns() + ",",
                values);
    }

    private static void write(Path file, String type, String shape, ByteBuffer values) {
        try (var channel =
                Files.newByteChannel(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            writeFully(channel, header(type, shape));
            writeFully(channel, values);
        } catch (IOException e) {
            throw new BackendException(
                    "%s could not be written (%s): free some disk, or name another folder."
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    private static ByteBuffer header(String type, String shape) {
        var text =
                "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, shape);
        int prefix = 10;
        int padding = ALIGNMENT - (prefix + text.length() + 1) % ALIGNMENT;
        var bytes = (text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(prefix + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) bytes.length)
                .put(bytes)
                .flip();
    }

    private static void writeFully(WritableByteChannel channel, ByteBuffer buffer)
            throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
