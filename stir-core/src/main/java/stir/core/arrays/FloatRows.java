package stir.core.arrays;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Rows of a {@code .npy} file of float32 that are read one by one, so that the file may be larger
 * than memory. Its opener closes it.
 */
public final class FloatRows implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final NpyHeader header;
    private final Shape rowShape;

    /**
     * Opens a file.
     *
     * @throws DataException if it can't be read, is no array of rows of little-endian float32, or
     *     is truncated
     */
    public FloatRows(Path file) {
        this.file = file;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            throw failure(e.toString());
        }
        try {
            header = NpyHeader.read(Channels.newInputStream(channel), file.toString());
            if (header.kind() != 'f'
                    || header.bytes() != Float.BYTES
                    || header.order() != ByteOrder.LITTLE_ENDIAN
                    || header.fortran()
                    || header.shape().isEmpty()
                    || channel.size() != header.length() + Float.BYTES * header.values()) {
                throw failure("it is no whole array of float32");
            }
        } catch (IOException e) {
            close();
            throw failure(e.toString());
        } catch (DataException e) {
            close();
            throw e;
        }
        rowShape = Shape.of(header.shape().stream().skip(1).mapToInt(Integer::intValue).toArray());
    }

    private DataException failure(String reason) {
        return new DataException(
                "%s could not be read (%s): remove it, so that it is made again."
                        .formatted(file, reason));
    }

    /** The number of rows. */
    public int count() {
        return header.shape().get(0);
    }

    /** The shape of each row. */
    public Shape rowShape() {
        return rowShape;
    }

    /**
     * Copies one row into a row of a batch.
     *
     * @param index from 0 to {@code count() - 1}
     * @param into a batch of rows of {@link #rowShape}
     * @param row where in the batch
     * @throws DataException if it can't be read
     */
    public void read(int index, Batch into, int row) {
        Objects.checkIndex(index, count());
        int bytes = Float.BYTES * rowShape.size();
        var buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            while (buffer.hasRemaining()) {
                long from = header.length() + (long) index * bytes + buffer.position();
                if (channel.read(buffer, from) < 0) {
                    throw failure("it is truncated");
                }
            }
        } catch (IOException e) {
            throw failure(e.toString());
        }
        into.buffer().put(row * into.rowSize(), buffer.flip().asFloatBuffer(), 0, rowShape.size());
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failure(e.toString());
        }
    }
}
