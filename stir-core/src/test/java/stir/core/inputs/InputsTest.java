package stir.core.inputs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.io.arrays.NpyWriter;
import stir.core.store.Fingerprint;

class InputsTest {
    private static final Path NULL_DEVICE = Path.of("/dev/null");

    @TempDir
    Path folder;

    private void image(String name, int type, int width, int height, int grey) throws IOException {
        var image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int band = 0; band < image.getRaster().getNumBands(); band++) {
                    image.getRaster().setSample(x, y, band, grey + band + x);
                }
            }
        }
        var path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        assertTrue(ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), path.toFile()));
    }

    @Test
    void readsGreyImagesSortedAndUnchanged() throws IOException {
        image("b.png", BufferedImage.TYPE_BYTE_GRAY, 3, 2, 100);
        image("a.png", BufferedImage.TYPE_BYTE_GRAY, 3, 2, 7);
        image("sub/c.png", BufferedImage.TYPE_BYTE_GRAY, 3, 2, 200);
        Files.writeString(folder.resolve("notes.txt"), "no image");
        var inputs = Inputs.open(folder);
        assertEquals(3, inputs.count());
        assertEquals(Shape.of(1, 2, 3), inputs.shape());
        assertEquals("a.png", inputs.name(0));
        assertArrayEquals(
                new float[] {7 / 255f, 8 / 255f, 9 / 255f, 7 / 255f, 8 / 255f, 9 / 255f},
                inputs.read(0, 1).toArray(),
                1e-7f);
        assertEquals(200 / 255f, inputs.read(2, 1).get(0, 0));
        assertEquals(2, inputs.limit(2).count());
    }

    @Test
    void readsColourChannelsFirst() throws IOException {
        image("a.png", BufferedImage.TYPE_INT_RGB, 2, 1, 10);
        image("b.jpg", BufferedImage.TYPE_BYTE_GRAY, 2, 1, 50);
        var inputs = Inputs.open(folder);
        assertEquals(Shape.of(3, 1, 2), inputs.shape());
        var values = inputs.read(0, 1).toArray();
        assertArrayEquals(
                new float[] {10 / 255f, 11 / 255f, 11 / 255f, 12 / 255f, 12 / 255f, 13 / 255f}, values, 1e-6f);
        var grey = inputs.read(1, 1).toArray();
        assertEquals(grey[0], grey[2]);
        assertEquals(50 / 255f, grey[0], 0.02f);
    }

    @Test
    void foldersThatAreNotInputsAreRefused() throws IOException {
        assertTrue(assertThrows(DataException.class, () -> Inputs.open(folder))
                .getMessage()
                .contains("no images"));
        assertThrows(UsageException.class, () -> Inputs.open(folder.resolve("missing")));
        image("a.png", BufferedImage.TYPE_BYTE_GRAY, 3, 2, 1);
        image("b.png", BufferedImage.TYPE_BYTE_GRAY, 4, 2, 1);
        var refusal = assertThrows(DataException.class, () -> Inputs.open(folder));
        assertTrue(refusal.getMessage().contains("b.png is 4 x 2"), refusal.getMessage());
        Files.writeString(folder.resolve("b.png"), "no image");
        assertTrue(assertThrows(DataException.class, () -> Inputs.open(folder))
                .getMessage()
                .contains("b.png"));
    }

    @Test
    void readsArraysOfAnyLayout() {
        var path = folder.resolve("x.npy");
        NpyWriter.write(path, Batch.of(Shape.of(1, 2, 3), .1f, .2f, .3f, .4f, .5f, .6f));
        var last = Inputs.open(path);
        assertEquals(Shape.of(1, 2, 3), last.shape());
        NpyWriter.write(path, Batch.of(Shape.of(2, 2, 3), new float[12]));
        assertEquals(Shape.of(3, 2, 2), Inputs.open(path).shape());
        NpyWriter.write(path, Batch.of(Shape.of(4, 5), new float[40]));
        assertEquals(2, Inputs.open(path).count());
        assertEquals(Shape.of(1, 4, 5), Inputs.open(path).shape());
        NpyWriter.write(path, Batch.of(Shape.of(7), new float[14]));
        assertEquals(Shape.of(7), Inputs.open(path).shape());
    }

    @Test
    void turnsChannelsLastIntoChannelsFirst() {
        var path = folder.resolve("x.npy");
        NpyWriter.write(path, Batch.of(Shape.of(2, 2, 3), 0, .1f, .2f, .3f, .4f, .5f, .6f, .7f, .8f, .9f, 1, 0));
        assertArrayEquals(
                new float[] {0, .3f, .6f, .9f, .1f, .4f, .7f, 1, .2f, .5f, .8f, 0},
                Inputs.open(path).read(0, 1).toArray());
    }

    @Test
    void refusesValuesOutsideTheBoxAndNan() {
        var path = folder.resolve("x.npy");
        NpyWriter.write(path, Batch.of(Shape.of(2), 0, 255));
        assertTrue(assertThrows(DataException.class, () -> Inputs.open(path))
                .getMessage()
                .contains("[0,1]"));
        NpyWriter.write(path, Batch.of(Shape.of(2), 0, 1, 0, Float.NaN));
        assertTrue(assertThrows(DataException.class, () -> Inputs.open(path))
                .getMessage()
                .contains("input 1"));
    }

    private byte[] idx(int count) {
        var content = ByteBuffer.allocate(16 + 2 * 4)
                .putInt(0x803)
                .putInt(count)
                .putInt(2)
                .putInt(2);
        return content.put(new byte[] {0, 51, (byte) 255, 102, 1, 2, 3, 4}).array();
    }

    @Test
    void readsIdxWithLabelsPlainAndZipped() throws IOException {
        var images = Files.write(folder.resolve("t-images-idx3-ubyte"), idx(2));
        Files.write(
                folder.resolve("t-labels-idx1-ubyte"),
                ByteBuffer.allocate(10)
                        .putInt(0x801)
                        .putInt(2)
                        .put(new byte[] {7, 3})
                        .array());
        var inputs = Inputs.open(images);
        assertEquals(Shape.of(1, 2, 2), inputs.shape());
        assertArrayEquals(new float[] {0, .2f, 1, .4f}, inputs.read(0, 1).toArray());
        assertEquals(OptionalInt.of(3), inputs.facts().label(1));
        var zipped = folder.resolve("z-images-idx3-ubyte.gz");
        try (var out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            out.write(idx(2));
        }
        assertEquals(2, Inputs.open(zipped).count());
        assertEquals(OptionalInt.empty(), Inputs.open(zipped).facts().label(0));
    }

    private static String refusal(Path file) {
        return assertThrows(DataException.class, () -> Inputs.open(file)).getMessage();
    }

    @Test
    void labelsThatAreNotOnePerInputAreRefused() throws IOException {
        var images = Files.write(folder.resolve("n-images-idx3-ubyte"), idx(2));
        Files.write(
                folder.resolve("n-labels-idx1-ubyte"),
                ByteBuffer.allocate(11)
                        .putInt(0x801)
                        .putInt(3)
                        .put(new byte[] {7, 3, 1})
                        .array());
        assertTrue(refusal(images).contains("not hold one label for each of the 2 images"));
        var cifar = new byte[2 * 3073];
        cifar[3073] = (byte) 200;
        var batch = Files.write(folder.resolve("batch.bin"), cifar);
        assertTrue(refusal(batch).contains("the label 200 at image 1 (counting from 0), but CIFAR-10"), refusal(batch));
    }

    @Test
    void labelsOfAnArchiveThatAreNotOnePerInputAreRefused() throws IOException {
        for (int labels : new int[] {6, 3}) {
            var archive = folder.resolve(labels + ".npz");
            try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
                zip.putNextEntry(new ZipEntry("x.npy"));
                zip.write(npy("6, 4", 24));
                zip.putNextEntry(new ZipEntry("labels.npy"));
                zip.write(npy(labels + ",", labels));
            }
            if (labels == 6) {
                assertEquals(OptionalInt.of(0), Inputs.open(archive).facts().label(5));
            } else {
                assertTrue(
                        refusal(archive).contains("3.npz has 3 labels in 'labels', but 6 inputs in 'x'"),
                        refusal(archive));
            }
        }
    }

    @Test
    void theFirstArrayWithOneLabelPerInputHoldsTheLabels() throws IOException {
        var archive = folder.resolve("both.npz");
        try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            zip.write(npy("6, 4", 24));
            zip.putNextEntry(new ZipEntry("labels.npy"));
            zip.write(npy("3,", 3));
            zip.putNextEntry(new ZipEntry("y.npy"));
            zip.write(npy("6,", 6));
        }
        assertEquals(OptionalInt.of(0), Inputs.open(archive).facts().label(5));
    }

    private Path archive(String name, Map<String, byte[]> arrays) throws IOException {
        var archive = folder.resolve(name + ".npz");
        try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (var array : arrays.entrySet()) {
                zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
                zip.write(array.getValue());
            }
        }
        return archive;
    }

    private byte[] npy(Batch rows) throws IOException {
        var file = folder.resolve("rows.npy");
        NpyWriter.write(file, rows);
        return Files.readAllBytes(file);
    }

    /** Writes two sequences of three positions, with lengths 2 and 1. */
    private Path padded() throws IOException {
        var mask = npy(Batch.of(Shape.of(3), 1, 1, 0, 1, 0, 0));
        return archive("padded", Map.of("x", npy("2, 3, 2", 12), "mask", mask));
    }

    @Test
    void theMaskOfSequencesHasOneValuePerPosition() throws IOException {
        var inputs = Inputs.open(padded());
        assertEquals(3, inputs.facts().lengths().positions());
        assertEquals(2, inputs.facts().lengths().of(0));
        assertEquals(1, inputs.facts().lengths().of(1));
    }

    @Test
    void masksAndLengthsOfImagesAreNotThoseOfSequences() throws IOException {
        var images = npy("2, 3, 4, 4", 96);
        var segmented = archive("segmented", Map.of("x", images, "mask", npy("2, 4, 4", 32)));
        assertEquals(
                0,
                InputsSpec.of(segmented).withArray("x").open().facts().lengths().positions());
        var counted = Map.of("x", images, "lengths", npy("2,", 2));
        assertEquals(
                0, Inputs.open(archive("counted", counted)).facts().lengths().positions());
        var grey = Map.of("x", npy("2, 4, 4", 32), "mask", npy("2, 4, 4", 32));
        assertEquals(0, Inputs.open(archive("grey", grey)).facts().lengths().positions());
    }

    @Test
    void theOnlyArrayMayBeCalledMask() throws IOException {
        var archive = archive("only", Map.of("mask", npy("2, 4, 4", 32)));
        assertEquals(2, Inputs.open(archive).count());
    }

    @Test
    void paddingAndFixedElementsHaveDifferentFingerprints() throws IOException {
        var padding = Inputs.open(padded());
        var fixed = folder.resolve("fixed.npy");
        NpyWriter.write(fixed, Batch.of(Shape.of(3, 2), 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1));
        var x = Files.write(folder.resolve("x.npy"), npy("2, 3, 2", 12));
        var kept = InputsSpec.of(x).withFixed(fixed).open();
        assertEquals(padding.facts().fixed(0), kept.facts().fixed(0));
        assertEquals(padding.facts().fixed(1), kept.facts().fixed(1));
        assertNotEquals(Fingerprint.of(kept), Fingerprint.of(padding));
    }

    @Test
    void aMaskOfAllInputsIsReadOnceAndStaysAsItIs() throws IOException {
        var shared = folder.resolve("shared.npy");
        NpyWriter.write(shared, Batch.of(Shape.of(2), 0, 1, 0, 0, 0, 1)); // three rows
        var x = Files.write(folder.resolve("x.npy"), npy("4, 3, 2", 24));
        var inputs = InputsSpec.of(x).withFixed(shared).open();
        Files.delete(shared);
        assertEquals(0, open("shared.npy"));
        inputs.facts().fixed(0).set(0);
        for (int index = 0; index < 4; index++) {
            assertEquals(BitSet.valueOf(new long[] {0b100010}), inputs.facts().fixed(index));
        }
    }

    @Test
    void paddedSequencesAreNotResized() throws IOException {
        var spec = InputsSpec.of(padded()).withResizeAndCrop(ResizeAndCrop.square(8));
        var refusal = assertThrows(UsageException.class, spec::open);
        assertTrue(refusal.getMessage().contains("contains padded sequences"), refusal.getMessage());
    }

    /** Returns the number of open files whose name has a part. */
    private static long open(String part) throws IOException {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(link -> target(link).contains(part)).count();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) { // closed
            return "";
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void arraysOfRefusedInputsAreClosed() throws IOException {
        var x = npy("6, 4", 24);
        var labels = archive("labels", Map.of("x", x, "labels", npy("3,", 3)));
        var lengths = archive("lengths", Map.of("x", x, "lengths", npy("3,", 3)));
        long before = open(".unpacked");
        for (var archive : List.of(labels, lengths)) {
            assertTrue(refusal(archive).contains(" 6 inputs"), refusal(archive));
            assertTrue(open(".unpacked") <= before);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aMaskThatLeavesNothingToTheSearchIsClosed() throws IOException {
        var mask = folder.resolve("all.npy");
        NpyWriter.write(mask, Batch.of(Shape.of(2), 1, 1));
        var x = Files.write(folder.resolve("x.npy"), npy("1, 2", 2));
        var spec = InputsSpec.of(x).withFixed(mask);
        assertThrows(DataException.class, spec::open);
        assertEquals(0, open(mask.toRealPath().toString()));
    }

    /** Changes a byte of the values of an archive's only array, which the checksum then belies. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWrongChecksumOfAnArchiveIsRefused(boolean isStored) throws IOException {
        var values = Batch.allocate(40, Shape.of(1, 4, 4));
        for (int i = 0; i < values.buffer().limit(); i++) {
            values.buffer().put(i, i % 97 / 97f);
        }
        var bytes = npy(values);
        var file = folder.resolve("sum.npz");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            var entry = new ZipEntry("x.npy");
            if (isStored) {
                var sum = new CRC32();
                sum.update(bytes);
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(bytes.length);
                entry.setCrc(sum.getValue());
            }
            zip.putNextEntry(entry);
            zip.write(bytes);
        }
        assertEquals(40, Inputs.open(file).count());
        var archive = Files.readAllBytes(file);
        int refused = 0;
        for (int at = 300; at < archive.length - 200; at += 37) {
            var damaged = archive.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            var failure = assertThrows(DataException.class, () -> Inputs.open(file));
            refused += failure.getMessage().contains("checksum (CRC-32)") ? 1 : 0;
        }
        assertTrue(refused > 0, refused + " by the checksum, the others by the format");
    }

    @Test
    void aTruncatedJpegIsRefused() throws IOException {
        var image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 48; i++) {
            image.setRGB(i % 64, i / 64, i * 2654435 & 0xffffff);
        }
        var file = Files.createDirectory(folder.resolve("photos")).resolve("a.jpg");
        ImageIO.write(image, "jpg", file.toFile());
        var whole = Files.readAllBytes(file);
        assertEquals(1, Inputs.open(folder.resolve("photos")).read(0, 1).rows());
        for (int share = 5; share < 10; share++) {
            Files.write(file, Arrays.copyOf(whole, whole.length * share / 10));
            var inputs = Inputs.open(folder.resolve("photos"));
            var failure = assertThrows(DataException.class, () -> inputs.read(0, 1));
            assertTrue(failure.getMessage().contains("a.jpg is truncated"), failure.getMessage());
        }
    }

    @Test
    void impossibleLengthsOfImagesAreRefused() throws IOException {
        var images = npy("2, 3, 4, 4", 96);
        for (float length : new float[] {-1, 0x1p62f, 0.5f, 5}) {
            var lengths = npy(Batch.of(Shape.of(), 1, length));
            var file = archive("impossible", Map.of("x", images, "lengths", lengths));
            assertTrue(refusal(file).contains("has 'lengths' that are not one"), refusal(file));
        }
        var three = npy(Batch.of(Shape.of(), 1, 2, 3));
        var file = archive("three", Map.of("x", images, "lengths", three));
        assertTrue(refusal(file).contains("has 'lengths' that are not one"), refusal(file));
    }

    @Test
    void masksWithOtherValuesOrAgainstTheLengthsAreRefused() throws IOException {
        var x = npy("2, 3, 2", 12);
        for (var second : List.of(
                Batch.of(Shape.of(3), 1, 1, 0, 1, .5f, 0),
                Batch.of(Shape.of(3), 1, 1, 0, 1, Float.NaN, 0),
                Batch.of(Shape.of(3), 1, 1, 0, -1, 0, 0),
                Batch.of(Shape.of(3), 1, 1, 0, 0, 1, 0),
                Batch.of(Shape.of(3), 1, 1, 0),
                Batch.of(Shape.of(2), 1, 1, 1, 0))) {
            var file = archive("mask", Map.of("x", x, "mask", npy(second)));
            assertTrue(refusal(file).contains("'mask' that is not 2 x 3 ones, followed by zeros"), refusal(file));
        }
        var mask = npy(Batch.of(Shape.of(3), 1, 1, 0, 1, 0, 0));
        var two = npy(Batch.of(Shape.of(), 2, 2));
        var both = archive("both", Map.of("x", x, "mask", mask, "lengths", two));
        assertTrue(refusal(both).contains("a 'mask' with different lengths"), refusal(both));
        var right = npy(Batch.of(Shape.of(), 2, 1));
        var agreeing = archive("agreeing", Map.of("x", x, "mask", mask, "lengths", right));
        assertEquals(1, Inputs.open(agreeing).facts().lengths().of(1));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPipeInPlaceOfLabelsIsRefused() throws IOException, InterruptedException {
        var file = Files.write(folder.resolve("x-images-idx3-ubyte"), idx(2));
        var pipe = folder.resolve("x-labels-idx1-ubyte");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        var failure = assertThrows(UsageException.class, () -> Inputs.open(file));
        assertTrue(failure.getMessage().contains("is a pipe or a device"), failure.getMessage());
        Files.move(pipe, folder.resolve("y.npz"));
        assertThrows(UsageException.class, () -> Inputs.open(folder.resolve("y.npz")));
    }

    @Test
    void valuesOutsideTheRangeAreRefusedInJavaToo() {
        for (float wrong : new float[] {255, -0.01f, Float.NaN, Float.POSITIVE_INFINITY}) {
            var batch = Batch.of(Shape.of(2), 0, 1, 0.5f, wrong);
            assertThrows(DataException.class, () -> Inputs.of(batch), () -> "value " + wrong);
        }
        var pixels = Batch.of(Shape.of(2), 0, 255);
        var ranged = Inputs.of(pixels, ValueRange.of(0, 255)).read(0, 1);
        assertArrayEquals(new float[] {0, 1}, ranged.toArray());
    }

    /** Returns an array of zeros. */
    private static byte[] npy(String shape, int values) {
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }\n".formatted(shape);
        return ByteBuffer.allocate(10 + header.length() + 4 * values)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) header.length())
                .put(header.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    @Test
    void headersThatAnnounceTooMuchAreRefusedWithTheFile() throws IOException {
        var many = Files.write(folder.resolve("many"), new byte[] {0, 0, 8, -1, 0, 0, 0, 0, 0});
        assertTrue(refusal(many).contains("many is an IDX file of 255 dimensions"), refusal(many));
        var wide = Files.write(
                folder.resolve("wide"),
                ByteBuffer.allocate(24)
                        .putInt(0x804)
                        .putInt(1)
                        .putInt(1 << 16)
                        .putInt(1 << 16)
                        .putInt(3)
                        .array());
        assertTrue(refusal(wide).contains("wide has images of 65536x65536x3"), refusal(wide));
    }

    @Test
    void entriesOfAFolderThatAreNotImagesAreRefused() throws IOException {
        for (var kind : List.of("a broken link", "a pipe or a device")) {
            var images = Files.createDirectory(folder.resolve(kind.replace(' ', '-')));
            var whole = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
            ImageIO.write(whole, "png", images.resolve("a.png").toFile());
            var target = kind.equals("a broken link") ? folder.resolve("gone") : NULL_DEVICE;
            Files.createSymbolicLink(images.resolve("z.png"), target);
            assertTrue(refusal(images).contains("z.png is " + kind), refusal(images));
        }
    }

    @Test
    void compressedTextOfAnImageIsNotUnpacked() throws IOException {
        var grey = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
        var palette = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_INDEXED);
        for (var image : List.of(grey, palette)) {
            var out = new ByteArrayOutputStream();
            ImageIO.write(image, "png", out);
            var bytes = out.toByteArray();
            var file = folder.resolve("text.png");
            int header = 33; // the signature and IHDR
            try (var png = new DataOutputStream(Files.newOutputStream(file))) {
                png.write(bytes, 0, header);
                chunk(png, bomb(128 << 20));
                png.write(bytes, header, bytes.length - header);
            }
            var images = Files.createDirectories(folder.resolve("of-type-" + image.getType()));
            Files.move(file, images.resolve("text.png"));
            assertTrue(refusal(images).contains("text.png has more than 64 KB of compressed text"));
        }
    }

    /** Returns the content of a chunk of text that inflates to so many bytes. */
    private static byte[] bomb(int bytes) throws IOException {
        var content = new ByteArrayOutputStream();
        content.write("zTXtkey\0\0".getBytes(StandardCharsets.US_ASCII));
        try (var deflated = new DeflaterOutputStream(content)) {
            var zeros = new byte[1 << 20];
            for (int written = 0; written < bytes; written += zeros.length) {
                deflated.write(zeros);
            }
        }
        return content.toByteArray();
    }

    private static void chunk(DataOutputStream png, byte[] typeAndContent) throws IOException {
        var checksum = new CRC32();
        checksum.update(typeAndContent);
        png.writeInt(typeAndContent.length - 4);
        png.write(typeAndContent);
        png.writeInt((int) checksum.getValue());
    }

    @Test
    void devicesAreRefused() {
        var refusal = assertThrows(UsageException.class, () -> Inputs.open(Path.of("/dev/null")));
        assertEquals("/dev/null is a pipe or a device: use a file or a folder.", refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\u000b", "\f", "\u001b", "\u0085", "\u2028", "\u2029"})
    void aNameOfTwoLinesIsRefused(String lineBreak) {
        var path = folder.resolve("a" + lineBreak + "stir: b");
        var refusal = assertThrows(UsageException.class, () -> Inputs.open(path));
        assertEquals(
                "'%s' has a line break or a control character: rename it.".formatted(folder.resolve("a?stir: b")),
                refusal.getMessage());
    }

    @Test
    void readsCifar() throws IOException {
        var content = new byte[2 * 3073];
        content[3073] = 9;
        content[3074] = (byte) 255;
        var inputs = Inputs.open(Files.write(folder.resolve("test_batch.bin"), content));
        assertEquals(Shape.of(3, 32, 32), inputs.shape());
        assertEquals(OptionalInt.of(9), inputs.facts().label(1));
        assertEquals(1, inputs.read(1, 1).get(0, 0));
    }

    @Test
    void refusesTruncatedAndForeignFiles() throws IOException {
        var labels = Files.write(folder.resolve("labels-idx1-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 7});
        assertTrue(assertThrows(DataException.class, () -> Inputs.open(labels))
                .getMessage()
                .contains(" is an IDX file of one dimension, but images have 3: "));
        var truncated = Files.write(folder.resolve("t-images-idx3-ubyte"), idx(3));
        assertTrue(assertThrows(DataException.class, () -> Inputs.open(truncated))
                .getMessage()
                .contains("truncated"));
        var text = Files.writeString(folder.resolve("x.txt"), "hello");
        assertThrows(DataException.class, () -> Inputs.open(text));
        var surplus = folder.resolve("s-images-idx3-ubyte");
        Files.write(surplus, Arrays.copyOf(idx(2), idx(2).length + 1));
        assertTrue(refusal(surplus).contains("bytes for 2 and more"), refusal(surplus));
        Files.write(surplus, idx(-1));
        assertTrue(refusal(surplus).contains("announces 4294967295 images"), refusal(surplus));
        Files.write(surplus, idx(2));
        Files.write(folder.resolve("s-labels-idx1-ubyte"), new byte[] {0, 0, 9, 1, 0, 0, 0, 2, 7, 7});
        assertTrue(refusal(surplus).contains("does not hold one label"), refusal(surplus));
        var single = Files.write(folder.resolve("0d.npy"), npy("", 1));
        assertTrue(refusal(single).contains("0d.npy of a single number is not"), refusal(single));
    }

    @Test
    void aDamagedHeaderOfAnImageIsRefused() throws IOException {
        var images = Files.createDirectory(folder.resolve("images"));
        var file = images.resolve("a.png");
        ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
        assertEquals(1, Inputs.open(images).count());
        var bytes = Files.readAllBytes(file);
        bytes[32] ^= 1; // the last byte of the checksum of IHDR
        Files.write(file, bytes);
        assertTrue(refusal(images).contains("a.png has a damaged header"), refusal(images));
    }
}
