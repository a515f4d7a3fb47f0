package stir.core.math.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Matrix;

/** Sums of fourth order, compared with sums over rows that were centred by the mean of all. */
class HsicMomentsTest {
    private static Matrix random(int rows, int columns, double offset, long seed) {
        var random = new Random(seed);
        var values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            // The means drift, so that blocks differ in them.
            values[i] = offset + random.nextGaussian() + 2.0 * i / values.length;
        }
        return Matrix.of(rows, columns, values);
    }

    private static double sum(Matrix a, Matrix b) {
        var x = DenseMatrix.copyOf(MappedRows.centred(a));
        var y = DenseMatrix.copyOf(MappedRows.centred(b));
        return IntStream.range(0, a.rows())
                .mapToDouble(i -> x.norm(i) * x.norm(i) * y.norm(i) * y.norm(i))
                .sum();
    }

    @ParameterizedTest
    @CsvSource({"10, 0", "256, 0", "700, 0", "2000, 0", "700, 1e4", "2000, -1e5"})
    void agreesWithRowsCentredByTheMeanOfAll(int rows, double offset) {
        var a = random(rows, 5, offset, 1);
        var b = random(rows, 3, -offset, 2);
        var whole = new HsicMoments(5, 3);
        whole.add(a, b);
        var merged = new HsicMoments(5, 3);
        for (int from = 0; from < rows; from += 300) {
            var some = IntStream.range(from, Math.min(rows, from + 300)).toArray();
            var part = new HsicMoments(5, 3);
            part.add(a.select(some), b.select(some));
            merged.merge(part);
        }
        for (var moments : new HsicMoments[] {whole, merged}) {
            assertEquals(rows, moments.products().rows());
            assertEquals(1, moments.lengthsOfBoth() / sum(a, b), 1e-11);
            assertEquals(1, moments.lengthsOfA() / sum(a, a), 1e-11);
            assertEquals(1, moments.lengthsOfB() / sum(b, b), 1e-11);
            var centred = DenseMatrix.copyOf(MappedRows.centred(a));
            double trace = IntStream.range(0, rows)
                    .mapToDouble(i -> Math.pow(centred.norm(i), 2))
                    .sum();
            assertEquals(1, moments.products().ofA().trace() / trace, 1e-11);
        }
    }

    @Test
    void sumsOfOtherWidthsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new HsicMoments(5, 3).merge(new HsicMoments(3, 5)));
    }
}
