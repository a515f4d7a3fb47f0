package stir.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ValuesTest {
    @Test
    void shapesParseTheirText() {
        assertEquals(Shape.of(3, 32, 32), Shape.parse("3x32x32"));
        assertEquals("?x28x28", Shape.parse("?x28x28").toString());
        assertEquals(3072, Shape.of(3, 32, 32).size());
        assertEquals(1, Shape.of().size());
        assertThrows(UsageException.class, () -> Shape.parse("3x"));
        assertThrows(UsageException.class, () -> Shape.parse("0x3"));
        assertThrows(IllegalStateException.class, () -> Shape.parse("?x3").size());
        assertThrows(DataException.class, () -> Shape.of(1 << 16, 1 << 16).size());
    }

    @Test
    void unknownDimensionsAdmitAnything() {
        assertTrue(Shape.parse("?x28x28").admits(Shape.of(3, 28, 28)));
        assertFalse(Shape.parse("?x28x28").admits(Shape.of(3, 28, 29)));
        assertFalse(Shape.parse("?").admits(Shape.of(3, 28)));
    }

    @Test
    void devicesParseTheirText() {
        assertEquals(Device.CPU, Device.parse("cpu"));
        assertEquals("cuda:2", Device.parse("cuda:2").toString());
        assertEquals(new Device(Device.Kind.CUDA, 0), Device.parse("cuda"));
        assertThrows(UsageException.class, () -> Device.parse("gpu"));
        assertThrows(IllegalArgumentException.class, () -> new Device(Device.Kind.CPU, 1));
    }

    @Test
    void slicesOfABatchShareItsMemory() {
        var batch = Batch.of(Shape.of(2), 1, 2, 3, 4, 5, 6);
        var slice = batch.slice(1, 3);
        slice.set(0, 1, 9);
        assertEquals(9, batch.get(1, 1));
        assertArrayEquals(new float[] {3, 9, 5, 6}, slice.toArray());
        slice.copyRow(batch, 0, 1);
        assertArrayEquals(new float[] {1, 2, 3, 9, 1, 2}, batch.toArray());
        assertTrue(batch.bytes().isDirect());
        assertEquals(9, slice.bytes().asFloatBuffer().get(1));
        assertThrows(IndexOutOfBoundsException.class, () -> batch.slice(1, 4));
    }

    @Test
    void batchesRefuseRowsThatDoNotFit() {
        assertThrows(IllegalArgumentException.class, () -> Batch.of(Shape.of(2), 1, 2, 3));
        assertThrows(DataException.class, () -> Batch.allocate(1 << 20, Shape.of(1 << 12)));
        var batch = Batch.allocate(1, Shape.of(4));
        assertEquals(Shape.of(2, 2), batch.withRowShape(Shape.of(2, 2)).rowShape());
        assertThrows(IllegalArgumentException.class, () -> batch.withRowShape(Shape.of(5)));
    }

    @Test
    void matricesKeepTheirPrecisionAndAreValues() {
        double[] values = {1, 2, 3, Math.PI};
        var matrix = Matrix.of(2, 2, values);
        values[0] = 9;
        assertEquals(1, matrix.get(0, 0));
        assertEquals(Math.PI, matrix.get(1, 1));
        assertEquals(Matrix.of(1, 2, new double[] {3, Math.PI}), matrix.select(1));
        var row = new double[2];
        matrix.row(1, row);
        assertArrayEquals(new double[] {3, Math.PI}, row);
        var floats = Matrix.of(Batch.of(Shape.of(2), 1, 2, 3, 4));
        assertFalse(floats.isDouble());
        assertArrayEquals(new double[] {1, 2, 3, 4}, floats.toDoubles());
        assertEquals(-1, floats.firstNonFiniteRow());
        assertEquals(1, Matrix.of(2, 1, new float[] {0, Float.NaN}).firstNonFiniteRow());
        assertThrows(IllegalArgumentException.class, () -> Matrix.of(2, 2, new double[3]));
    }

    @Test
    void memoryForSideInputsHasTheShapesOfOthersAndTheRowsOfTheBatch() {
        var other = Batch.allocate(1, Shape.of(3));
        var mask = Batch.of(Shape.of(4), 1, 2, 3, 4);
        var batch = Batch.allocate(2, Shape.of(3));
        var like = batch.withSideLike(other.withSide(Map.of("mask", mask)));
        like.side("mask").copyRow(mask, 0, 1);
        assertArrayEquals(
                new float[] {0, 0, 0, 0, 1, 2, 3, 4}, like.side("mask").toArray());
        like.set(1, 0, 7);
        assertEquals(7, batch.get(1, 0));
        assertEquals(Map.of(), batch.withSideLike(other).side());
    }

    @Test
    void partsOfRowsAreCopied() {
        var into = new double[3];
        Matrix.of(2, 3, new double[] {1, 2, 3, 4, 5, 6}).row(1, 1, 2, into);
        assertArrayEquals(new double[] {5, 6, 0}, into);
        var floats = Matrix.of(2, 3, new float[] {1, 2, 3, 4, 5, 6});
        floats.row(0, 0, 2, into);
        assertArrayEquals(new double[] {1, 2, 0}, into);
        assertThrows(IndexOutOfBoundsException.class, () -> floats.row(0, 2, 2, into));
        assertThrows(IndexOutOfBoundsException.class, () -> floats.row(2, 0, 1, into));
    }

    @Test
    void theFirstRowThatIsNotFiniteIsFound() {
        for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
            for (int place = 0; place < 6; place++) {
                var doubles = new double[] {-1, 0, Double.MAX_VALUE, 3, -Double.MAX_VALUE, 5};
                doubles[place] = bad;
                var floats = new float[] {-1, 0, Float.MAX_VALUE, 3, -Float.MAX_VALUE, 5};
                floats[place] = (float) bad;
                assertEquals(place / 3, Matrix.of(2, 3, doubles).firstNonFiniteRow());
                assertEquals(place / 3, Matrix.of(2, 3, floats).firstNonFiniteRow());
            }
        }
        assertEquals(
                -1,
                Matrix.of(1, 2, new float[] {Float.MAX_VALUE, Float.MAX_VALUE}).firstNonFiniteRow());
    }
}
