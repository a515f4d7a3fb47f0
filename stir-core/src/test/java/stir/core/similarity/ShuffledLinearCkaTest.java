package stir.core.similarity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import stir.api.DataException;
import stir.api.Matrix;
import stir.core.linalg.CentredRows;
import stir.core.statistics.PermutationFloor;

import java.util.Arrays;
import java.util.SplittableRandom;

class ShuffledLinearCkaTest {
    /** With 4 features in each, 20 inputs are more than the features' products: another way. */
    @ParameterizedTest
    @CsvSource({"20, 9, 7", "20, 4, 4", "20, 30, 40"})
    void valuesAreThoseOfTheMeasureOnShuffledInputs(int rows, int columnsOfA, int columnsOfB) {
        var random = new SplittableRandom(3);
        var a = noise(rows, columnsOfA, random);
        var b = noise(rows, columnsOfB, random);
        var biased = new double[25];
        var debiased = new double[25];
        var orders = new SplittableRandom(11);
        for (int i = 0; i < biased.length; i++) {
            var shuffled = b.select(PermutationFloor.shuffledOrder(rows, orders));
            biased[i] = new LinearCka().compare(a, shuffled);
            debiased[i] = new DebiasedLinearCka().compare(a, shuffled);
        }
        assertArrayEquals(biased, ShuffledLinearCka.values(a, b, 25, 11), 1e-12);
        assertArrayEquals(debiased, ShuffledLinearCka.debiasedValues(a, b, 25, 11), 1e-12);
    }

    private static Matrix noise(int rows, int columns, SplittableRandom random) {
        return Matrix.of(rows, columns, random.doubles((long) rows * columns, -1, 1).toArray());
    }

    /**
     * The mean over all orders is known for both: {@code tr(K) tr(L) / ((n - 1) |K| |L|)} and 0.
     */
    @ParameterizedTest
    @ValueSource(strings = {"A", "B", "C", "D"})
    void theMeanIsThatOverAllOrders(String name) {
        var pair = Golden.pair(name);
        int permutations = 4000;
        var a = CentredRows.of(pair.x());
        var b = CentredRows.of(pair.y());
        var dots = LinearCka.kernelDots(a, b);
        double expected =
                a.sumOfSquares() * b.sumOfSquares() / (a.rows() - 1) / Math.sqrt(dots[1] * dots[2]);
        var biased =
                PermutationFloor.of(
                        1,
                        ShuffledLinearCka.values(pair.x(), pair.y(), permutations, 5),
                        new LinearCka().scale());
        double error = biased.standardDeviation() / Math.sqrt(permutations);
        assertEquals(expected, biased.mean(), 4 * error);
        var debiased = ShuffledLinearCka.debiasedValues(pair.x(), pair.y(), permutations, 5);
        double mean = Arrays.stream(debiased).average().orElseThrow();
        double spread =
                PermutationFloor.of(1, debiased, new LinearCka().scale()).standardDeviation();
        assertEquals(0, mean, 4 * spread / Math.sqrt(permutations));
    }

    @Test
    void aConstantRepresentationIsRefused() {
        var constant = Matrix.of(5, 1, new double[] {2, 2, 2, 2, 2});
        var other = Matrix.of(5, 1, new double[] {1, 2, 3, 4, 5});
        assertThrows(DataException.class, () -> ShuffledLinearCka.values(constant, other, 5, 1));
        assertThrows(
                DataException.class, () -> ShuffledLinearCka.debiasedValues(other, constant, 5, 1));
    }
}
