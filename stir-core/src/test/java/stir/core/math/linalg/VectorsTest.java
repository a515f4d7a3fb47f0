package stir.core.math.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.Random;

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
    @ValueSource(ints = {0, 7, 784, 16_383, 16_384, 20_001, 150_528})
    void dotsOfRowsDoNotDependOnOtherRows(int size) {
        var rows = new float[][] {noise(size, 1), noise(size, 2), noise(size, 3)};
        var with = noise(size, 4);
        var together = new double[] {-1, -1, -1, -1};
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
        var first = new double[4];
        Vectors.dots(rows, 2, with, first);
        assertArrayEquals(Arrays.copyOf(together, 2), Arrays.copyOf(first, 2));
        assertEquals(-1, together[3], "values after the rows are unchanged");
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
        var found = expected.clone();
        for (int row = 0; row < count; row++) {
            Vectors.addMultiple((float) factors[row], rows[row], expected);
        }
        Vectors.addMultiples(factors, rows, count, found);
        assertArrayEquals(expected, found);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 61, 784})
    void dotsOfShortRowsHaveTheBitsOfOneDotProduct(int size) {
        var rows = new float[][] {noise(size, 1), noise(size, 2), noise(size, 3)};
        var with = noise(size, 4);
        var dots = new double[rows.length];
        Vectors.dots(rows, rows.length, with, dots);
        for (int row = 0; row < rows.length; row++) {
            assertEquals(Vectors.dot(rows[row], with), dots[row]);
        }
    }
}
