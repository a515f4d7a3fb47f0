package stir.core.inputs;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Images of one byte a value, one after the other in a file: MNIST's IDX format and CIFAR's binary
 * batches.
 */
final class ByteImages implements Inputs {
    private static final int IDX_BYTES = 0x08;
    private static final Shape CIFAR = Shape.of(3, 32, 32);

    private final String source;
    private final Shape shape;
    private final byte[] content;
    private final int offset;
    private final int stride;
    private final int count;
    private final byte[] labels;

    private ByteImages(
            String source,
            Shape shape,
            byte[] content,
            int offset,
            int stride,
            int count,
            byte[] labels) {
        this.source = source;
        this.shape = shape;
        this.content = content;
        this.offset = offset;
        this.stride = stride;
        this.count = count;
        this.labels = labels;
    }

    static ByteImages open(Path file) {
        var content = content(file);
        if (content.length >= 8 && content[0] == 0 && content[1] == 0 && content[2] == IDX_BYTES) {
            return idx(file, content);
        }
        for (int labelBytes = 1; labelBytes <= 2; labelBytes++) { // CIFAR-10 and CIFAR-100
            int stride = labelBytes + CIFAR.size();
            if (file.toString().endsWith(".bin")
                    && content.length > 0
                    && content.length % stride == 0) {
                return cifar(file, content, labelBytes, stride);
            }
        }
        throw new DataException(
                "%s is no set of inputs: give a folder of PNG or JPEG images, a .npy array, an IDX file or a CIFAR .bin file."
                        .formatted(file));
    }

    private static ByteImages idx(Path file, byte[] content) {
        int dimensions = content[3];
        var header = ByteBuffer.wrap(content, 4, content.length - 4);
        if (dimensions < 2 || dimensions > 4 || header.remaining() < 4 * dimensions) {
            throw new DataException(
                    "%s is an IDX file of %d dimensions, but images have 3: is it the file of the labels?"
                            .formatted(file, dimensions));
        }
        int count = header.getInt();
        var sizes = new int[dimensions - 1];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = header.getInt();
            if (sizes[i] < 1 || sizes[i] > 1 << 16) {
                throw new DataException(
                        "%s says that an image's side is %d: the file is corrupt."
                                .formatted(file, sizes[i]));
            }
        }
        var shape = sizes.length == 2 ? Shape.of(1, sizes[0], sizes[1]) : Shape.of(sizes);
        int offset = 4 + 4 * dimensions;
        if (count < 1 || (long) count * shape.size() > content.length - offset) {
            throw new DataException(
                    "%s announces %d images of %s, but has bytes for %d: the file is truncated."
                            .formatted(
                                    file, count, shape, (content.length - offset) / shape.size()));
        }
        return new ByteImages(
                file.toString(),
                shape,
                content,
                offset,
                shape.size(),
                count,
                idxLabels(file, count));
    }

    /**
     * The labels of the file that MNIST's naming puts beside an images' file; none if it is not
     * there or does not fit.
     */
    private static byte[] idxLabels(Path file, int count) {
        var name = file.getFileName().toString();
        var beside = file.resolveSibling(name.replace("images", "labels").replace("idx3", "idx1"));
        if (beside.equals(file) || !Files.isRegularFile(beside)) {
            return new byte[0];
        }
        var content = content(beside);
        if (content.length != 8 + ByteBuffer.wrap(content, 4, 4).getInt()
                || content.length < 8 + count) {
            return new byte[0];
        }
        return Arrays.copyOfRange(content, 8, 8 + count);
    }

    private static ByteImages cifar(Path file, byte[] content, int labelBytes, int stride) {
        int count = content.length / stride;
        var labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = content[i * stride + labelBytes - 1];
        }
        return new ByteImages(file.toString(), CIFAR, content, labelBytes, stride, count, labels);
    }

    private static byte[] content(Path file) {
        try (var raw = new BufferedInputStream(Files.newInputStream(file))) {
            InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
            return in.readAllBytes();
        } catch (EOFException | ZipException e) {
            throw new DataException(file + " is no whole .gz file: fetch it again.", e);
        } catch (IOException e) {
            throw new DataException(
                    "%s could not be read (%s).".formatted(file, e.getMessage()), e);
        }
    }

    @Override
    public String source() {
        return source;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public String name(int index) {
        return Integer.toString(index);
    }

    @Override
    public OptionalInt label(int index) {
        return index < labels.length
                ? OptionalInt.of(Byte.toUnsignedInt(labels[index]))
                : OptionalInt.empty();
    }

    @Override
    public void read(int index, Batch into, int row) {
        int start = offset + index * stride;
        for (int i = 0; i < shape.size(); i++) {
            into.set(row, i, Byte.toUnsignedInt(content[start + i]) / 255f);
        }
    }
}
