package stir.core.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;
import stir.core.math.linalg.MappedRows;
import stir.core.math.statistics.PermutationFloor;
import stir.core.math.statistics.RowsOfInputs;

class ShuffledLinearCkaTest {
    @ParameterizedTest
    @CsvSource({"20, 9, 7", "20, 2, 3", "20, 30, 40"})
    void valuesAgreeWithTheMeasureOnShuffledInputs(int rows, int columnsOfA, int columnsOfB) {
        var random = new SplittableRandom(3);
        var a = noise(rows, columnsOfA, random);
        var b = noise(rows, columnsOfB, random);
        var order = IntStream.range(0, rows).map(i -> (7 * i + 2) % rows).toArray();
        for (var measure : List.of(new LinearCka(), new DebiasedLinearCka())) {
            var ofOrders = measure.ofOrders(a, b).orElseThrow();
            assertEquals(measure.compare(a, b.select(order)), ofOrders.applyAsDouble(order), 1e-12);
            assertEquals(
                    measure.compare(a, b),
                    ofOrders.applyAsDouble(IntStream.range(0, rows).toArray()),
                    1e-12);
        }
    }

    private static Matrix noise(int rows, int columns, SplittableRandom random) {
        return Matrix.of(
                rows, columns, random.doubles((long) rows * columns, -1, 1).toArray());
    }

    // The mean over all orders is known for both: {@code tr(K) tr(L) / ((n - 1) |K| |L|)} and 0.
    @ParameterizedTest
    @ValueSource(strings = {"A", "B", "C", "D"})
    void theMeanAgreesWithTheMeanOverAllOrders(String name) {
        var pair = Golden.pair(name);
        var a = MappedRows.centred(pair.x());
        var b = MappedRows.centred(pair.y());
        var dots = LinearCka.kernelDots(a, b);
        double expected = a.sumOfSquares() * b.sumOfSquares() / (a.rows() - 1) / Math.sqrt(dots[1] * dots[2]);
        var biased = floor(new LinearCka(), pair);
        assertEquals(expected, biased.mean(), 4 * error(biased));
        var debiased = floor(new DebiasedLinearCka(), pair);
        assertEquals(0, debiased.mean(), 4 * error(debiased));
    }

    private static PermutationFloor floor(SimilarityMeasure measure, Golden.Pair pair) {
        var floor = PermutationFloor.of(
                measure, 1, pair.x(), pair.y(), RowsOfInputs.alike(pair.x().rows(), 1), 5);
        assertEquals(1000, floor.permutations());
        return floor;
    }

    private static double error(PermutationFloor floor) {
        return floor.standardDeviation() / Math.sqrt(floor.permutations());
    }

    @Test
    void tooManyRowsHaveNoFastOrders() {
        var random = new SplittableRandom(3);
        var a = noise(GramsOfRows.MAX_ROWS + 1, 2, random);
        assertTrue(new LinearCka().ofOrders(a, a).isEmpty());
    }

    @Test
    void aConstantRepresentationIsRefused() {
        var constant = Matrix.of(5, 1, new double[] {2, 2, 2, 2, 2});
        var other = Matrix.of(5, 1, new double[] {1, 2, 3, 4, 5});
        assertThrows(DataException.class, () -> new LinearCka().ofOrders(constant, other));
        assertThrows(DataException.class, () -> new DebiasedLinearCka().ofOrders(other, constant));
    }
}
