package stir.core.arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Shape;
import stir.api.UsageException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

class ArraysTest {
    @TempDir Path folder;

    private static byte[] npy(String descr, boolean fortran, String shape, ByteBuffer values) {
        var header =
                "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }\n"
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
    void writesWhatItReads() {
        var path = folder.resolve("batch.npy");
        var batch = Batch.of(Shape.of(2, 2), 1, 2, 3, 4, 5, 6, 7, 8);
        NpyFile.write(path, batch);
        var array = NumericArray.read(path);
        assertArrayEquals(new int[] {2, 2, 2}, array.shape());
        assertEquals(Matrix.of(2, 4, new float[] {1, 2, 3, 4, 5, 6, 7, 8}), array.toMatrix());
        var doubles = Matrix.of(2, 1, new double[] {Math.PI, -1});
        NpyFile.write(path, doubles);
        assertEquals(doubles, MatrixFile.read(path));
    }

    @Test
    void readsFortranOrder() throws IOException {
        var values = bytes(48);
        values.asDoubleBuffer().put(new double[] {1, 4, 2, 5, 3, 6});
        var matrix = MatrixFile.read(file("f.npy", npy("<f8", true, "2, 3", values)));
        assertEquals(Matrix.of(2, 3, new double[] {1, 2, 3, 4, 5, 6}), matrix);
    }

    @Test
    void readsBigEndianAndWholeNumbers() throws IOException {
        var big = ByteBuffer.allocate(8).putInt(7).putInt(-2);
        assertEquals(
                Matrix.of(2, 1, new double[] {7, -2}),
                MatrixFile.read(file("i.npy", npy(">i4", false, "2,", big))));
        var small = ByteBuffer.wrap(new byte[] {(byte) 200, 1});
        assertEquals(
                Matrix.of(2, 1, new float[] {200, 1}),
                MatrixFile.read(file("u.npy", npy("|u1", false, "2,", small))));
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
        assertEquals(3, NumericArray.read(path, "two").get(0));
        assertTrue(
                assertThrows(UsageException.class, () -> NumericArray.read(path))
                        .getMessage()
                        .contains("one"));
    }

    @Test
    void refusesBrokenFilesInASentence() throws IOException {
        var truncated = file("t.npy", npy("<f4", false, "3, 5", bytes(8)));
        assertTrue(
                assertThrows(DataException.class, () -> MatrixFile.read(truncated))
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
        assertTrue(
                assertThrows(DataException.class, () -> MatrixFile.read(path))
                        .getMessage()
                        .contains("row 1"));
    }

    @Test
    void readsCsvWithAndWithoutNames() throws IOException {
        var expected = Matrix.of(2, 2, new double[] {1, -2.5, 3e3, 4});
        for (String text :
                new String[] {
                    "1,-2.5\n3e3,4\n", "a,b\n1;-2.5\n\n3e3;4", "# made by hand\n1\t-2.5\n3e3 4\n"
                }) {
            var path = file("m.csv", text.getBytes(StandardCharsets.UTF_8));
            assertEquals(expected, MatrixFile.read(path), text);
        }
        var ragged = file("r.csv", "1,2\n3\n".getBytes(StandardCharsets.UTF_8));
        assertTrue(
                assertThrows(DataException.class, () -> MatrixFile.read(ragged))
                        .getMessage()
                        .contains("line 2"));
        var words = file("w.csv", "1,2\n3,four\n".getBytes(StandardCharsets.UTF_8));
        assertTrue(
                assertThrows(DataException.class, () -> MatrixFile.read(words))
                        .getMessage()
                        .contains("four"));
    }
}
