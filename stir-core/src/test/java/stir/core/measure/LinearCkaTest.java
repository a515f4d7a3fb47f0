package stir.core.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;
import stir.api.contract.SimilarityMeasureContract;

class LinearCkaTest extends SimilarityMeasureContract {
    @Override
    protected SimilarityMeasure measure() {
        return new LinearCka();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "B", "C", "D"})
    void hasTheGoldenValue(String name) {
        var pair = Golden.pair(name);
        double expected = Golden.value("cka_linear_biased", name);
        assertEquals(expected, measure().compare(pair.x(), pair.y()), 1e-8);
        assertEquals(expected, accumulated(pair.x(), pair.y(), 7), 1e-8);
    }

    private double accumulated(Matrix a, Matrix b, int batch) {
        var accumulator = measure().accumulator(a.columns(), b.columns()).orElseThrow();
        for (int from = 0; from < a.rows(); from += batch) {
            var rows = IntStream.range(from, Math.min(a.rows(), from + batch)).toArray();
            accumulator.add(a.select(rows), b.select(rows));
        }
        return accumulator.value();
    }

    // Signals of 1e-3 on offsets of 1e3, in float precision, compared with the signals alone.
    @Test
    void largeOffsetsDoNotSwampSmallSignals() {
        var random = new Random(5);
        int rows = 700;
        var a = new float[rows * 6];
        var b = new float[rows * 9];
        var signalsOfA = new double[a.length];
        var signalsOfB = new double[b.length];
        fill(random, a, signalsOfA, 6);
        fill(random, b, signalsOfB, 9);
        double expected = measure().compare(Matrix.of(rows, 6, signalsOfA), Matrix.of(rows, 9, signalsOfB));
        var first = Matrix.of(rows, 6, a);
        var second = Matrix.of(rows, 9, b);
        assertEquals(expected, measure().compare(first, second), 1e-9);
        assertEquals(expected, accumulated(first, second, 32), 1e-9);
        assertEquals(expected, accumulated(first, second, 1), 1e-9);
    }

    /** Fills arrays with floats near 1000 and with their difference from 1000, which is exact. */
    private static void fill(Random random, float[] values, double[] signals, int columns) {
        for (int i = 0; i < values.length; i++) {
            double shared = Math.sin(Math.floorDiv(i, columns));
            values[i] = (float) (1000 + 1e-3 * (shared + random.nextGaussian()));
            signals[i] = values[i] - 1000.0;
        }
    }

    @Test
    void refusesAConstantRepresentation() {
        var constant = Matrix.of(3, 2, new double[] {0.1, 7, 0.1, 7, 0.1, 7});
        var other = Matrix.of(3, 1, new double[] {1, 2, 3});
        var refusal = assertThrows(DataException.class, () -> measure().compare(other, constant));
        assertTrue(refusal.getMessage().contains("second"), refusal.getMessage());
        assertThrows(DataException.class, () -> accumulated(constant, other, 2));
    }

    @Test
    void refusesOneRow() {
        var row = Matrix.of(1, 2, new double[] {1, 2});
        assertThrows(DataException.class, () -> measure().compare(row, row));
    }

    @Test
    void warnsThatManyFeaturesInflateTheValue() {
        assertTrue(measure().cautions(100, 10, 99).isEmpty());
        assertEquals(1, measure().cautions(100, 10, 100).size());
    }

    // The sums over features and those over pairs of inputs have the same value.
    @Test
    void sumsOverFeaturesAndOverPairsOfInputsAgree() {
        var random = new Random(6);
        var a = Matrix.of(300, 140, random.doubles(300 * 140).toArray());
        var b = Matrix.of(300, 170, random.doubles(300 * 170).toArray());
        assertEquals(measure().compare(a, b), accumulated(a, b, 300), 1e-12);
    }
}
