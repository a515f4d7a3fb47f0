package stir.core.math.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import stir.core.measure.Golden;

class RidgeRegressionTest {
    /** A fit on the even rows of a matrix. */
    private static RowSource rows(RowSource all, int first) {
        int count = (all.rows() - first + 1) / 2;
        var rows = DenseMatrix.zeros(count, all.columns());
        for (int i = 0; i < count; i++) {
            all.copy(2 * i + first, 0, all.columns(), rows.row(i));
        }
        return rows;
    }

    @Test
    void ridgesAndPredictionsAreThoseOfNumPy() {
        var lines = Golden.lines("ridge.csv");
        assertEquals(4 * 2 * 2, lines.size());
        for (var line : lines) {
            var cells = line.split(",", -1);
            var pair = Golden.pair(cells[0]);
            boolean isForward = cells[1].equals("XY");
            var x = RowSource.of(isForward ? pair.x() : pair.y());
            var y = RowSource.of(isForward ? pair.y() : pair.x());
            var map = RidgeRegression.fit(rows(x, 0), rows(y, 0));
            assertEquals(Double.parseDouble(cells[2]), map.ridge(), 1e-15, line);
            var predicted = map.predict(rows(x, 1)).row(Integer.parseInt(cells[3]));
            for (int i = 4; i < cells.length; i++) {
                double expected = Double.parseDouble(cells[i]);
                assertEquals(expected, predicted[i - 4], 1e-9 * Math.max(1, Math.abs(expected)));
            }
        }
    }

    @Test
    void anAffineMapIsFoundAlmostExactlyWhateverTheWidth() {
        var random = new Random(1);
        var x = noise(random, 30, 5);
        var y = Products.product(x, noise(random, 5, 3));
        for (int i = 0; i < y.rows(); i++) {
            y.row(i)[1] += 7;
        }
        var map = RidgeRegression.fit(x, y);
        assertEquals(1e-6, map.ridge(), 1e-18);
        var wide = RidgeRegression.fit(widened(x), widened(y)); // more features than rows
        assertEquals(1e-6, wide.ridge(), 1e-18);
        var predicted = map.predict(x);
        var ofWide = wide.predict(widened(x));
        for (int i = 0; i < y.rows(); i++) {
            for (int j = 0; j < y.columns(); j++) {
                assertEquals(y.get(i, j), predicted.get(i, j), 1e-4);
                assertEquals(predicted.get(i, j), ofWide.get(i, j), 1e-10);
            }
        }
    }

    /** Returns a matrix with 40 more columns of one value. */
    private static DenseMatrix widened(DenseMatrix matrix) {
        var wide = DenseMatrix.zeros(matrix.rows(), matrix.columns() + 40);
        for (int i = 0; i < matrix.rows(); i++) {
            Arrays.fill(wide.row(i), 3);
            System.arraycopy(matrix.row(i), 0, wide.row(i), 0, matrix.columns());
        }
        return wide;
    }

    @Test
    void noiseIsShrunkToTheMean() {
        var random = new Random(2);
        var map = RidgeRegression.fit(noise(random, 40, 100), noise(random, 40, 2));
        assertTrue(map.ridge() >= 1, "ridge " + map.ridge());
    }

    @Test
    void equalRowsPredictTheMean() {
        var map = RidgeRegression.fit(DenseMatrix.of(3, 2, 1, 2, 1, 2, 1, 2), DenseMatrix.of(3, 1, 1, 2, 6));
        assertEquals(3, map.predict(DenseMatrix.of(1, 2, 5, 5)).get(0, 0), 1e-12);
    }

    private static DenseMatrix noise(Random random, int rows, int columns) {
        return DenseMatrix.of(
                rows, columns, random.doubles((long) rows * columns, -1, 1).toArray());
    }
}
