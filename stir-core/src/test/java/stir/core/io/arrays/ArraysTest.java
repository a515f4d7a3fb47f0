package stir.core.io.arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.representation.MatrixFile;

class ArraysTest {
    @TempDir
    Path folder;

    private static byte[] npy(String descr, boolean fortran, String shape, ByteBuffer values) {
        var header = "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }\n"
                .formatted(descr, fortran ? "True" : "False", shape)
                .getBytes(StandardCharsets.US_ASCII);
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
        out.write(header.length & 0xff);
        out.write(header.length >> 8);
        out.writeBytes(header);
        var content = new byte[values.capacity()];
        values.get(0, content);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void writesWhatItReads() throws IOException {
        var path = folder.resolve("batch.npy");
        var batch = Batch.of(Shape.of(2, 2), 1, 2, 3, 4, 5, 6, 7, 8);
        NpyWriter.write(path, batch);
        try (var array = NpyReader.open(path)) {
            assertArrayEquals(new int[] {2, 2, 2}, array.shape());
            assertEquals(Matrix.of(2, 4, new float[] {1, 2, 3, 4, 5, 6, 7, 8}), array.matrix(0, 2));
            assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, array.values());
        }
        var doubles = bytes(16).putDouble(Math.PI).putDouble(-1);
        assertEquals(
                Matrix.of(2, 1, new double[] {Math.PI, -1}),
                MatrixFile.read(file("d.npy", npy("<f8", false, "2,", doubles))));
    }

    @Test
    void writesThePartsOneAfterTheOtherAndRefusesToCompleteWithoutTheLast() throws IOException {
        var whole = folder.resolve("whole.npy");
        var parts = folder.resolve("parts.npy");
        var shape = Shape.of(3, 7001); // a row is longer than what is written at once
        var random = new Random(4);
        var batch = Batch.allocate(5, shape);
        for (int i = 0; i < 5 * shape.size(); i++) {
            batch.set(i / shape.size(), i % shape.size(), random.nextFloat());
        }
        NpyWriter.write(whole, batch);
        try (var writer = new NpyWriter(parts, 5, shape)) {
            writer.write(batch.slice(0, 2));
            writer.write(batch.slice(2, 4));
            assertThrows(IllegalStateException.class, writer::complete);
            writer.write(batch.slice(4, 5));
            writer.complete();
        }
        assertEquals(-1, Files.mismatch(whole, parts));
    }

    @Test
    void readsRowsByTheirIndexInAnyOrder() throws IOException {
        var path = folder.resolve("rows.npy");
        NpyWriter.write(path, Batch.of(Shape.of(2), 0, 1, 10, 11, 20, 21));
        try (var array = NpyReader.openWritten(path)) {
            assertEquals(3, array.count());
            assertEquals(Shape.of(2), array.rowShape());
            var into = Batch.allocate(2, Shape.of(2));
            array.read(2, into, 0);
            array.read(0, into, 1);
            assertArrayEquals(new float[] {20, 21, 0, 1}, into.toArray());
            var row = new double[2];
            array.read(1, row);
            assertArrayEquals(new double[] {10, 11}, row);
            assertThrows(IndexOutOfBoundsException.class, () -> array.read(3, into, 0));
            assertThrows(IndexOutOfBoundsException.class, () -> array.read(-1, row));
        }
    }

    @Test
    void filesOfStirAreReadOnlyIfTheyAreWhole() throws IOException {
        var path = folder.resolve("rows.npy");
        NpyWriter.write(path, Batch.of(Shape.of(2), 0, 1, 10, 11, 20, 21));
        var whole = Files.readAllBytes(path);
        for (int length : new int[] {whole.length - 1, whole.length + 1, 5, 0}) {
            Files.write(path, Arrays.copyOf(whole, length));
            assertDamaged(path);
        }
        assertDamaged(folder.resolve("missing.npy"));
        assertDamaged(file("d.npy", npy("<f8", false, "1,", bytes(8))));
        assertDamaged(file("f.npy", npy("<f4", true, "1, 2", bytes(8))));
    }

    private static void assertDamaged(Path file) {
        var refusal = assertThrows(DataException.class, () -> NpyReader.openWritten(file));
        assertTrue(refusal.getMessage().contains("compute it again"), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"|u1, 1", "|i1, 1", "|b1, 1", "<u2, 2", ">i2, 2", "<u4, 4", ">u4, 4", "<i8, 8"})
    void readsEveryTypeOfWholeNumber(String type, int width) throws IOException {
        var order = type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        var values = ByteBuffer.allocate(2 * width).order(order);
        for (int value : new int[] {0, 1}) {
            int last = order == ByteOrder.LITTLE_ENDIAN ? 0 : width - 1;
            values.put(value * width + last, (byte) value);
        }
        try (var array = NpyReader.open(file("w.npy", npy(type, false, "2, 1", values)))) {
            assertArrayEquals(new double[] {0, 1}, array.values());
            var into = Batch.allocate(1, Shape.of(1));
            array.read(1, into, 0);
            assertEquals(1, into.get(0, 0));
        }
    }

    @Test
    void readsTheLargestUnsignedNumbers() throws IOException {
        var values = ByteBuffer.allocate(8).putLong(-1);
        try (var array = NpyReader.open(file("u.npy", npy(">u8", false, "1,", values)))) {
            assertArrayEquals(new double[] {0x1p64}, array.values());
        }
        var small = ByteBuffer.allocate(2).putShort((short) -1);
        try (var array = NpyReader.open(file("u2.npy", npy(">u2", false, "1,", small)))) {
            assertArrayEquals(new double[] {65535}, array.values());
            assertFalse(array.isUnsignedByte());
        }
    }

    @Test
    void readsRowsOfThreeDimensionsInFortranOrder() throws IOException {
        int[] shape = {3, 4, 5};
        var values = bytes(4 * 60);
        for (int k = 0; k < 5; k++) {
            for (int j = 0; j < 4; j++) {
                for (int i = 0; i < 3; i++) {
                    values.putFloat(100 * i + 10 * j + k);
                }
            }
        }
        var path = file("f.npy", npy("<f4", true, "3, 4, 5", values));
        try (var array = NpyReader.open(path)) {
            assertArrayEquals(shape, array.shape());
            var row = new double[20];
            for (int i = 2; i >= 0; i--) {
                array.read(i, row);
                for (int at = 0; at < row.length; at++) {
                    assertEquals(100 * i + 10 * (at / 5) + at % 5, row[at]);
                }
            }
        }
    }

    @Test
    void rewritesFortranOrderBlockByBlock() throws IOException {
        int rows = 9 << 20; // 36 MB, more than one block
        var values = bytes(4 * rows);
        for (int j = 0; j < 4; j++) {
            for (int i = 0; i < rows; i++) {
                values.put((byte) (7 * i + 31 * j));
            }
        }
        var path = file("large.npy", npy("|u1", true, rows + ", 4", values));
        try (var array = NpyReader.open(path)) {
            var row = new double[4];
            for (int i : new int[] {0, 1, (8 << 20) - 1, 8 << 20, (8 << 20) + 1, rows - 1}) {
                array.read(i, row);
                for (int j = 0; j < 4; j++) {
                    assertEquals((7 * i + 31 * j) & 0xff, row[j], "row " + i);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<f4 | 2147483647, 2147483647, 2147483647 | more values than a file can contain",
                "<f4 | 2147483647, 2147483647 | more values than a file can contain",
                "<f4 | 2147483647, 4 | is truncated",
                "<f99999999999 | 2, 2 | values of type 'f99999999999'",
                "<f2 | 2, 2 | values of type 'f2'",
                "<i3 | 2, 2 | values of type 'i3'",
                "<i0 | 2, 2 | values of type 'i0'",
                "<c8 | 2, 2 | values of type 'c8'",
                "<f4 | -4, 2 | has a dimension that is not an integer",
                "<f4 | 2, -4 | has a dimension that is not an integer",
                "<f4 | -2, -4 | has a dimension that is not an integer",
                "<f4 | 2147483648, 1 | has a dimension that is not an integer",
                "<f4 | two, 1 | has a dimension that is not an integer",
                "<f4 | 2, 2), 'shape': (1, 4 | has a key twice",
            })
    void refusesHeadersThatCannotBeInASentence(String type, String shape, String part) throws IOException {
        var path = file("h.npy", npy(type, false, shape, bytes(64)));
        for (Executable use : List.<Executable>of(
                () -> MatrixFile.read(path), () -> NpyReader.open(path).close(), () -> Inputs.open(path))) {
            var refusal = assertThrows(DataException.class, use);
            assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
            assertTrue(refusal.getMessage().startsWith(path.toString()), refusal.getMessage());
        }
    }

    @Test
    void readsFortranOrder() throws IOException {
        var values = bytes(48);
        values.asDoubleBuffer().put(new double[] {1, 4, 2, 5, 3, 6});
        var matrix = MatrixFile.read(file("f.npy", npy("<f8", true, "2, 3", values)));
        assertEquals(Matrix.of(2, 3, new double[] {1, 2, 3, 4, 5, 6}), matrix);
    }

    @Test
    void readsBigEndianAndIntegers() throws IOException {
        var big = ByteBuffer.allocate(8).putInt(7).putInt(-2);
        assertEquals(
                Matrix.of(2, 1, new double[] {7, -2}), MatrixFile.read(file("i.npy", npy(">i4", false, "2,", big))));
        var small = ByteBuffer.wrap(new byte[] {(byte) 200, 1});
        assertEquals(
                Matrix.of(2, 1, new float[] {200, 1}), MatrixFile.read(file("u.npy", npy("|u1", false, "2,", small))));
    }

    @Test
    void readsAnArrayOfAnArchive() throws IOException {
        var path = folder.resolve("a.npz");
        try (var zip = new ZipOutputStream(Files.newOutputStream(path))) {
            for (String name : new String[] {"one", "two"}) {
                zip.putNextEntry(new ZipEntry(name + ".npy"));
                var values = bytes(4);
                values.putFloat(name.length());
                zip.write(npy("<f4", false, "1,", values));
                zip.closeEntry();
            }
        }
        try (var array = NpyReader.open(path, "two")) {
            assertArrayEquals(new double[] {3}, array.values());
        }
        assertTrue(assertThrows(UsageException.class, () -> NpyReader.open(path))
                .getMessage()
                .contains("one"));
    }

    @Test
    void readsNoMoreOfAnArchiveThanIsAnnounced() throws IOException {
        var path = folder.resolve("a.npz");
        for (int values : new int[] {1, 5}) {
            try (var zip = new ZipOutputStream(Files.newOutputStream(path))) {
                zip.putNextEntry(new ZipEntry("array.npy"));
                zip.write(npy("<f4", false, "2,", bytes(4 * values)));
                zip.closeEntry();
            }
            if (values < 2) {
                var refusal = assertThrows(DataException.class, () -> NpyReader.open(path));
                assertTrue(refusal.getMessage().contains("truncated"), refusal.getMessage());
            } else {
                try (var array = NpyReader.open(path)) {
                    assertArrayEquals(new double[2], array.values());
                }
            }
        }
    }

    @Test
    void refusesBrokenFilesInASentence() throws IOException {
        var two = file("two.npy", npy("<f4", false, "1, 2", bytes(12)));
        assertTrue(assertThrows(DataException.class, () -> MatrixFile.read(two))
                .getMessage()
                .endsWith("has bytes after its array: 2 values are announced, but 3 are there."));
        var truncated = file("t.npy", npy("<f4", false, "3, 5", bytes(8)));
        assertTrue(assertThrows(DataException.class, () -> MatrixFile.read(truncated))
                .getMessage()
                .contains("truncated"));
        var text = file("x.npy", "hello".getBytes(StandardCharsets.UTF_8));
        assertThrows(DataException.class, () -> MatrixFile.read(text));
        var empty = file("e.npy", new byte[0]);
        assertThrows(DataException.class, () -> MatrixFile.read(empty));
        var objects = file("o.npy", npy("|O", false, "1,", bytes(8)));
        assertThrows(DataException.class, () -> MatrixFile.read(objects));
        var missing = folder.resolve("missing.npy");
        assertThrows(UsageException.class, () -> MatrixFile.read(missing));
        var other = file("x.mat", new byte[4]);
        assertThrows(UsageException.class, () -> MatrixFile.read(other));
    }

    @Test
    void refusesNanAndNamesTheRow() throws IOException {
        var values = bytes(16);
        values.asFloatBuffer().put(new float[] {1, 2, 3, Float.NaN});
        var path = file("n.npy", npy("<f4", false, "2, 2", values));
        assertTrue(assertThrows(DataException.class, () -> MatrixFile.read(path))
                .getMessage()
                .contains("row 1"));
    }

    @Test
    void readsCsvWithAndWithoutNames() throws IOException {
        var expected = Matrix.of(2, 2, new double[] {1, -2.5, 3e3, 4});
        for (String text :
                new String[] {"1,-2.5\n3e3,4\n", "a,b\n1;-2.5\n\n3e3;4", "# made by hand\n1\t-2.5\n3e3 4\n"}) {
            var path = file("m.csv", text.getBytes(StandardCharsets.UTF_8));
            assertEquals(expected, MatrixFile.read(path), text);
        }
        var ragged = file("r.csv", "1,2\n3\n".getBytes(StandardCharsets.UTF_8));
        assertTrue(assertThrows(DataException.class, () -> MatrixFile.read(ragged))
                .getMessage()
                .contains("line 2"));
        for (var word : List.of("four", "0x1p3", "1.0d", "2f", "3\0", "")) {
            var words = file("w.csv", ("1,2\n3," + word + "\n").getBytes(StandardCharsets.UTF_8));
            assertTrue(assertThrows(DataException.class, () -> MatrixFile.read(words))
                    .getMessage()
                    .contains("line 2: '" + word + "' is not a number"));
        }
    }
}
