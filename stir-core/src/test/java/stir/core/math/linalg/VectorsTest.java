package stir.core.math.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorsTest {
    private static float[] noise(int size, long seed) {
        var random = new Random(seed);
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 767, 768, 784, 20_001, 150_528})
    void dotsOfRowsDoNotDependOnOtherRows(int size) {
        var rows = new float[6][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = noise(size, row);
        }
        var with = noise(size, 6);
        var together = new double[7];
        together[6] = -1;
        Vectors.dots(rows, rows.length, with, together);
        for (int row = 0; row < rows.length; row++) {
            double expected = 0;
            for (int i = 0; i < size; i++) {
                expected += (double) rows[row][i] * with[i];
            }
            assertEquals(expected, together[row], 1e-6 * size);
            var alone = new double[1];
            Vectors.dots(new float[][] {rows[row]}, 1, with, alone);
            assertEquals(together[row], alone[0]);
        }
        var first = new double[5];
        Vectors.dots(rows, 5, with, first);
        assertArrayEquals(Arrays.copyOf(together, 5), first);
        assertEquals(-1, together[6], "values after the rows are unchanged");
        var ofTwo = new double[2][6];
        Vectors.dots(rows, 6, new float[][] {rows[0], with}, size, ofTwo);
        assertArrayEquals(Arrays.copyOf(together, 6), ofTwo[1]);
        Vectors.dots(rows, 6, rows[0], together);
        assertArrayEquals(Arrays.copyOf(together, 6), ofTwo[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 5, 8, 11})
    void multiplesOfRowsAreAddedInTheirOrder(int count) {
        var rows = new float[12][];
        var factors = new double[12];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = noise(50, row);
            factors[row] = row - 4.3;
        }
        var expected = noise(50, 20);
        var sum = expected.clone();
        for (int row = 0; row < count; row++) {
            Vectors.addMultiple((float) factors[row], rows[row], expected);
        }
        Vectors.addMultiples(factors, rows, count, sum);
        assertArrayEquals(expected, sum);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 61, 800})
    void dotsOfFirstValuesReadNoOthers(int size) {
        var rows = new float[5][];
        var pieces = new float[5][];
        for (int row = 0; row < rows.length; row++) {
            pieces[row] = noise(size, row);
            rows[row] = Arrays.copyOf(pieces[row], size + 3);
            Arrays.fill(rows[row], size, size + 3, Float.NaN);
        }
        var with = noise(size + 3, 9);
        var expected = new double[rows.length];
        Vectors.dots(pieces, rows.length, Arrays.copyOf(with, size), expected);
        var products = new double[rows.length];
        Vectors.dots(rows, rows.length, with, size, products);
        assertArrayEquals(expected, products);
    }
}
