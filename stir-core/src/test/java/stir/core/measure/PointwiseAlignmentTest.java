package stir.core.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Matrix;
import stir.core.math.statistics.RowsOfInputs;

class PointwiseAlignmentTest {
    @ParameterizedTest
    @ValueSource(strings = {"A", "B", "C", "D"})
    void valuesAreThoseOfTheFormulaWrittenOut(String name) {
        var pair = Golden.pair(name);
        for (int rows : new int[] {1, 2}) {
            var expected = Golden.ofInputs(rows == 1 ? "pointwise" : "pointwise2", name).stream()
                    .mapToDouble(cells -> Double.parseDouble(cells[3]))
                    .toArray();
            var assigned = RowsOfInputs.alike(pair.x().rows() / rows, rows);
            assertArrayEquals(expected, PointwiseAlignment.of(pair.x(), pair.y(), assigned), 1e-12);
        }
    }

    @Test
    void theValueIsTheSameForWideAndTallRepresentations() {
        // Columns of zeros make the representations wide, and change no dot product.
        var narrow = random(300, 40, 1);
        var other = random(300, 40, 2);
        var rows = RowsOfInputs.alike(300, 1);
        assertArrayEquals(
                PointwiseAlignment.of(narrow, other, rows),
                PointwiseAlignment.of(widened(narrow), widened(other), rows),
                1e-12);
    }

    @Test
    void anInputAtTheMeanOfAllHasNoValue() {
        var a = Matrix.of(3, 1, new double[] {1, 2, 3});
        var values = PointwiseAlignment.of(a, a, RowsOfInputs.alike(3, 1));
        assertArrayEquals(new double[] {1, Double.NaN, 1}, values, 1e-15);
    }

    @Test
    void aMovedInputHasTheLowestValue() {
        var before = random(50, 8, 3);
        var values = before.toDoubles();
        for (int column = 0; column < 8; column++) {
            values[7 * 8 + column] *= -1;
        }
        var pointwise = PointwiseAlignment.of(before, Matrix.of(50, 8, values), RowsOfInputs.alike(50, 1));
        int lowest = IntStream.range(0, 50)
                .reduce((i, j) -> pointwise[i] < pointwise[j] ? i : j)
                .orElse(-1);
        assertEquals(7, lowest);
    }

    private static Matrix random(int rows, int columns, long seed) {
        return Matrix.of(
                rows, columns, new Random(seed).doubles((long) rows * columns).toArray());
    }

    private static Matrix widened(Matrix narrow) {
        var values = new double[narrow.rows() * 400];
        for (int i = 0; i < narrow.rows(); i++) {
            for (int j = 0; j < narrow.columns(); j++) {
                values[i * 400 + 10 * j] = narrow.get(i, j);
            }
        }
        return Matrix.of(narrow.rows(), 400, values);
    }
}
