package stir.core.math.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.core.measure.LinearCka;

class PermutationFloorTest {
    private static Matrix noise(int rows, int columns, Random random) {
        return Matrix.of(
                rows,
                columns,
                IntStream.range(0, rows * columns)
                        .mapToDouble(i -> random.nextGaussian())
                        .toArray());
    }

    private static RowsOfInputs ones(Matrix a) {
        return RowsOfInputs.alike(a.rows(), 1);
    }

    @Test
    void countsTheShufflingsThatAreAtLeastAsSimilar() {
        var floor = PermutationFloor.of(0.5, new double[] {0.1, 0.5, 0.6, 0.2}, Scale.UNIT);
        assertEquals(0.35, floor.mean(), 1e-15);
        assertEquals(Math.sqrt(0.17 / 3), floor.standardDeviation(), 1e-15);
        assertEquals(3 / 5.0, floor.pValue(), 1e-15);
        assertEquals(4, floor.permutations());
        var ofDistances = PermutationFloor.of(0.15, new double[] {0.1, 0.5, 0.6, 0.2}, Scale.distance(1));
        assertEquals(2 / 5.0, ofDistances.pValue(), 1e-15);
        assertThrows(IllegalArgumentException.class, () -> PermutationFloor.of(0.5, new double[] {0.1}, Scale.UNIT));
    }

    // For independent representations, p-values are below 10 % in 10 % of the samples.
    @Test
    void pValuesOfIndependentRepresentationsAreUniform() {
        var random = new Random(41);
        int trials = 300;
        int small = 0;
        for (int trial = 0; trial < trials; trial++) {
            var a = noise(30, 4, random);
            var b = noise(30, 5, random);
            double observed = new LinearCka().compare(a, b);
            var floor = PermutationFloor.of(new LinearCka(), observed, a, b, ones(a), trial);
            small += floor.pValue() <= 0.1 ? 1 : 0;
        }
        assertTrue(small >= 0.05 * trials && small <= 0.15 * trials, "small " + small);
    }

    @Test
    void aPlainMeasureHasTheSameFloorAsOneWithCheapOrders() {
        var random = new Random(43);
        var a = noise(40, 9, random);
        var b = noise(40, 7, random);
        var measure = new LinearCka();
        var cheap = PermutationFloor.of(measure, measure.compare(a, b), a, b, ones(a), 7);
        var plain = new Plain(measure::compare);
        var repeated = PermutationFloor.of(plain, measure.compare(a, b), a, b, ones(a), 7);
        assertEquals(1000, cheap.permutations());
        assertEquals(200, repeated.permutations());
        double error = repeated.standardDeviation() / Math.sqrt(repeated.permutations());
        assertEquals(repeated.mean(), cheap.mean(), 4 * error);
        assertEquals(repeated.standardDeviation(), cheap.standardDeviation(), 6 * error);
    }

    /** A measure with only the methods that an author must implement. */
    private record Plain(ToDoubleBiFunction<Matrix, Matrix> comparison) implements SimilarityMeasure {
        @Override
        public String id() {
            return "plain";
        }

        @Override
        public String description() {
            return "a measure of the test";
        }

        @Override
        public Scale scale() {
            return Scale.UNIT;
        }

        @Override
        public double compare(Matrix a, Matrix b) {
            return comparison.applyAsDouble(a, b);
        }
    }

    @Test
    void moreInputsGetFewerShufflings() {
        var random = new Random(43);
        var a = noise(1500, 600, random);
        var floor = PermutationFloor.of(new Plain((x, y) -> 0.5), 0.5, a, a, ones(a), 7);
        assertEquals(20, floor.permutations(), "for a measure without cheap orders");
        var b = noise(1200, 2, random);
        assertEquals(
                694, PermutationFloor.of(new LinearCka(), 0.5, b, b, ones(b), 7).permutations());
    }

    // Each row's value identifies its input and its position.
    @Test
    void rowsOfOneInputStayTogether() {
        var rows = Matrix.of(6, 1, new double[] {0, 1, 10, 11, 20, 21});
        var seen = new ArrayList<List<Double>>();
        var measure = new Plain((x, y) -> {
            seen.add(DoubleStream.of(y.toDoubles()).boxed().toList());
            return 0.5;
        });
        PermutationFloor.of(measure, 0.5, rows, rows, RowsOfInputs.alike(3, 2), 1);
        for (var values : seen) {
            for (int i = 0; i < values.size(); i += 2) {
                assertEquals(0, values.get(i) % 10, values::toString);
                assertEquals(values.get(i) + 1, values.get(i + 1), values::toString);
            }
        }
        assertEquals(6, seen.stream().distinct().count(), "all orders of three inputs");
    }

    @Test
    void rowsOfOneInputStayTogetherWhereInputsHaveDifferentNumbers() {
        var rows = RowsOfInputs.ofNumbers(new int[] {2, 1, 3});
        assertEquals(6, rows.rows());
        assertArrayEquals(new int[] {3, 4, 5, 0, 1, 2}, rows.of(new int[] {2, 0, 1}));
        assertEquals(1, rows.fewest());
        assertEquals(3, rows.most());
        assertTrue(rows.areLike(RowsOfInputs.ofNumbers(new int[] {2, 1, 3})));
        assertFalse(rows.areLike(RowsOfInputs.alike(3, 2)));
    }

    @Test
    void everyOrderHasEachRowOnce() {
        var random = new SplittableRandom(1);
        var first = new int[4];
        for (int trial = 0; trial < 4000; trial++) {
            var order = PermutationFloor.shuffledOrder(4, random);
            assertEquals(6, IntStream.of(order).sum());
            assertEquals(4, IntStream.of(order).distinct().count());
            first[order[0]]++;
        }
        for (int count : first) {
            assertEquals(1000, count, 120);
        }
    }
}
