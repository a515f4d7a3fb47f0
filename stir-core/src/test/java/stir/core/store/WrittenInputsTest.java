package stir.core.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Batch;
import stir.api.Shape;
import stir.core.io.arrays.NpyWriter;

class WrittenInputsTest {
    @TempDir
    Path folder;

    @Test
    void aRangeHasTheRowsThatAreReadOneByOne() {
        var shape = Shape.of(2, 3);
        var rows = Batch.allocate(300, shape);
        for (int i = 0; i < rows.rows() * rows.rowSize(); i++) {
            rows.buffer().put(i, i);
        }
        var file = folder.resolve("rows.npy");
        NpyWriter.write(file, rows);
        var inputs = WrittenInputs.of(file);
        assertEquals(300, inputs.count());
        assertArrayEquals(rows.slice(7, 267).toArray(), inputs.read(7, 260).toArray());

        var into = Batch.allocate(4, shape);
        inputs.read(5, into, 0);
        inputs.read(298, 2, into, 1);
        inputs.limit(10).read(9, 1, into, 3);
        assertArrayEquals(rows.slice(5, 6).toArray(), into.slice(0, 1).toArray());
        assertArrayEquals(rows.slice(298, 300).toArray(), into.slice(1, 3).toArray());
        assertArrayEquals(rows.slice(9, 10).toArray(), into.slice(3, 4).toArray());

        var copy = folder.resolve("copy.npy");
        inputs.write(copy);
        assertArrayEquals(rows.toArray(), WrittenInputs.of(copy).read(0, 300).toArray());
    }
}
