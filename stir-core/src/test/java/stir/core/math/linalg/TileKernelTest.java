package stir.core.math.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TileKernelTest {
    private static final int COLUMNS = 37;

    private final Random random = new Random(3);
    private final double[][] a = {noise(3), noise(3), noise(3), noise(3)};
    private final double[][] b = {noise(COLUMNS), noise(COLUMNS), noise(COLUMNS)};
    private final double[][] before = {noise(Tile.SIZE + COLUMNS), noise(Tile.SIZE + COLUMNS)};

    private double[] noise(int size) {
        return random.doubles(size, -1, 1).toArray();
    }

    private double[][] sums() {
        return new double[][] {before[0].clone(), before[1].clone()};
    }

    @ParameterizedTest
    @CsvSource({"FUSED, 0", "FUSED, 8", "SEPARATE, 0", "SEPARATE, 8"})
    void addsProductsToPairsOfRowsFromTheFirstColumn(TileKernel kernel, int first) {
        var sums = sums();
        kernel.addThree(a, 0, 2, 0, b[0], b[1], b[2], first, COLUMNS, sums);
        for (int row = 0; row < 4; row++) {
            for (int j = 0; j < COLUMNS; j++) {
                int at = row % 2 * Tile.SIZE + j;
                double expected = before[row / 2][at];
                for (int k = 0; k < 3 && j >= first; k++) {
                    expected += a[row][k] * b[k][j];
                }
                assertEquals(expected, sums[row / 2][at], 1e-14);
            }
        }
    }

    // Bitwise, since results must not depend on the division of the work.
    @ParameterizedTest
    @EnumSource
    void threeTermsEqualThreeSingleTerms(TileKernel kernel) {
        var together = sums();
        kernel.addThree(a, 0, 2, 0, b[0], b[1], b[2], 0, COLUMNS, together);
        var apart = sums();
        for (int k = 0; k < 3; k++) {
            kernel.addOne(a, 0, 1, k, b[k], 0, COLUMNS, apart);
            kernel.addOne(a, 1, 2, k, b[k], 0, COLUMNS, apart);
        }
        assertArrayEquals(together, apart);
    }
}
