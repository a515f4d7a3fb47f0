package stir.core.inputs;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.api.support.IoReason;
import stir.core.io.arrays.FileBytes;
import stir.core.io.files.ExistingPath;

/**
 * Images of one byte per value, in sequence in a file: MNIST's IDX format and CIFAR's binary
 * batches. They are read from the file on demand.
 */
record ByteImages(InputFacts facts, Shape shape, FileBytes content, int offset, int stride) implements Inputs {
    private static final byte[] IDX_MAGIC = {0, 0, 0x08};
    private static final byte[] LABELS_MAGIC = {0, 0, 0x08, 1};
    private static final int MOST_DIMENSIONS = 4;
    private static final Shape CIFAR = Shape.of(3, 32, 32);

    static ByteImages open(Path file) {
        var content = content(file);
        if (content.size() >= 8 && Arrays.equals(bytes(content, 0, 3), IDX_MAGIC)) {
            return idx(file, content);
        }
        for (int labelBytes = 1; labelBytes <= 2; labelBytes++) { // CIFAR-10 and CIFAR-100
            int stride = labelBytes + CIFAR.size();
            if (file.toString().endsWith(".bin")
                    && content.size() > 0
                    && content.size() % stride == 0
                    && content.size() / stride <= Integer.MAX_VALUE) {
                return cifar(file, content, labelBytes, stride);
            }
        }
        throw new DataException(
                "%s is not a set of inputs: use a folder of images, a .npy or .npz array, an IDX file or a CIFAR .bin file."
                        .formatted(file));
    }

    private static ByteImages idx(Path file, FileBytes content) {
        int dimensions = Byte.toUnsignedInt(bytes(content, 3, 1)[0]);
        if (dimensions < 2 || dimensions > MOST_DIMENSIONS) {
            throw new DataException("%s is an IDX file of %s, but images have 3: is it the file of the labels?"
                    .formatted(file, dimensions == 1 ? "one dimension" : dimensions + " dimensions"));
        }
        if (content.size() < 4 + Integer.BYTES * dimensions) {
            throw new DataException("%s ends within its header: copy the file again.".formatted(file));
        }
        var header = ByteBuffer.wrap(bytes(content, 4, Integer.BYTES * dimensions));
        int count = header.getInt();
        var sizes = new int[dimensions - 1];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = header.getInt();
            if (sizes[i] < 1 || sizes[i] > 1 << 16) {
                throw new DataException(
                        "%s has an image's side of %d in its header: the file is corrupt.".formatted(file, sizes[i]));
            }
        }
        if (Arrays.stream(sizes).asLongStream().reduce(1, (a, b) -> a * b) > Integer.MAX_VALUE) {
            throw new DataException("%s has images of %s in its header, which are over 2 GB: the file is corrupt."
                    .formatted(file, Shape.of(sizes)));
        }
        var shape = sizes.length == 2 ? Shape.of(1, sizes[0], sizes[1]) : Shape.of(sizes);
        int offset = 4 + 4 * dimensions;
        if (count < 1 || (long) count * shape.size() != content.size() - offset) {
            long there = (content.size() - offset) / shape.size();
            throw new DataException("%s announces %d images of %s, but has bytes for %d%s."
                    .formatted(
                            file,
                            Integer.toUnsignedLong(count),
                            shape,
                            there,
                            count < 0 || there < count ? ": the file is truncated" : " and more: the file is damaged"));
        }
        var facts = facts(file, count, idxLabels(file, count));
        return new ByteImages(facts, shape, content, offset, shape.size());
    }

    /**
     * Reads the labels from the file that MNIST's naming puts next to an image file; none if it is
     * missing.
     *
     * @throws DataException if it has another number of labels
     */
    private static byte[] idxLabels(Path file, int count) {
        var name = file.getFileName().toString();
        var labels = file.resolveSibling(name.replace("images", "labels").replace("idx3", "idx1"));
        ExistingPath.checkNoPipe(labels);
        if (labels.equals(file) || !Files.isRegularFile(labels)) {
            return new byte[0];
        }
        var content = content(labels);
        if (content.size() != 8L + count
                || !Arrays.equals(bytes(content, 0, 4), LABELS_MAGIC)
                || ByteBuffer.wrap(bytes(content, 4, 4)).getInt() != count) {
            throw new DataException("%s does not hold one label for each of the %d images of %s: replace or remove it."
                    .formatted(labels, count, file));
        }
        return bytes(content, 8, count);
    }

    private static ByteImages cifar(Path file, FileBytes content, int labelBytes, int stride) {
        int count = (int) (content.size() / stride);
        int classes = labelBytes == 1 ? 10 : 100;
        var labels = new byte[count];
        for (int i = 0; i < count; i++) {
            labels[i] = bytes(content, (long) i * stride + labelBytes - 1, 1)[0];
            if (Byte.toUnsignedInt(labels[i]) >= classes) {
                throw new DataException(
                        "%s has the label %d at image %d (counting from 0), but CIFAR-%d has the labels 0 to %d: it is damaged, or not a CIFAR file."
                                .formatted(file, Byte.toUnsignedInt(labels[i]), i, classes, classes - 1));
            }
        }
        return new ByteImages(facts(file, count, labels), CIFAR, content, labelBytes, stride);
    }

    private static InputFacts facts(Path file, int count, byte[] labels) {
        return InputFacts.of(file.toString(), count)
                .withLabels(index -> index < labels.length
                        ? OptionalInt.of(Byte.toUnsignedInt(labels[index]))
                        : OptionalInt.empty());
    }

    private static byte[] bytes(FileBytes content, long from, int count) {
        var bytes = new byte[count];
        content.read(from, bytes);
        return bytes;
    }

    /** Opens the file's bytes; unpacks compressed ones into a temporary file. */
    private static FileBytes content(Path file) {
        try {
            if (!file.toString().endsWith(".gz")) {
                return FileBytes.of(file);
            }
            try (var raw = new BufferedInputStream(Files.newInputStream(file))) {
                return FileBytes.unpacked(new GZIPInputStream(raw), file.toString());
            }
        } catch (EOFException | ZipException e) {
            throw new DataException(file + " is not a complete .gz file: fetch it again.", e);
        } catch (IOException e) {
            throw new DataException("%s could not be read (%s).".formatted(file, IoReason.of(e)), e);
        }
    }

    @Override
    public void read(int index, Batch into, int row) {
        var values = bytes(content, offset + (long) index * stride, shape.size());
        for (int i = 0; i < values.length; i++) {
            into.set(row, i, Byte.toUnsignedInt(values[i]) / 255f);
        }
    }
}
