package stir.core.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import stir.api.Matrix;
import stir.api.Scale;
import stir.core.similarity.LinearCka;
import stir.core.similarity.ShuffledLinearCka;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class PermutationFloorTest {
    private static Matrix noise(int rows, int columns, Random random) {
        return Matrix.of(
                rows,
                columns,
                IntStream.range(0, rows * columns)
                        .mapToDouble(i -> random.nextGaussian())
                        .toArray());
    }

    @Test
    void countsTheShufflingsThatAreAsSimilar() {
        var floor = PermutationFloor.of(0.5, new double[] {0.1, 0.5, 0.6, 0.2}, Scale.UNIT);
        assertEquals(0.35, floor.mean(), 1e-15);
        assertEquals(Math.sqrt(0.17 / 3), floor.standardDeviation(), 1e-15);
        assertEquals(3 / 5.0, floor.pValue(), 1e-15);
        assertEquals(4, floor.permutations());
        var ofDistances =
                PermutationFloor.of(0.15, new double[] {0.1, 0.5, 0.6, 0.2}, Scale.distance(1));
        assertEquals(2 / 5.0, ofDistances.pValue(), 1e-15);
        assertThrows(
                IllegalArgumentException.class,
                () -> PermutationFloor.of(0.5, new double[] {0.1}, Scale.UNIT));
    }

    /** Independent representations: p-values are below 10 % in 10 % of the samples. */
    @Test
    void pValuesOfIndependentRepresentationsAreUniform() {
        var random = new Random(41);
        int trials = 300;
        int small = 0;
        for (int trial = 0; trial < trials; trial++) {
            var a = noise(30, 4, random);
            var b = noise(30, 5, random);
            double observed = new LinearCka().compare(a, b);
            var floor =
                    PermutationFloor.of(
                            observed, ShuffledLinearCka.values(a, b, 99, trial), Scale.UNIT);
            small += floor.pValue() <= 0.1 ? 1 : 0;
        }
        assertTrue(small >= 0.05 * trials && small <= 0.15 * trials, "small " + small);
    }

    @Test
    void anyMeasureHasTheFloorThatGramMatricesGive() {
        var random = new Random(43);
        var a = noise(40, 9, random);
        var b = noise(40, 7, random);
        var measure = new LinearCka();
        var anew = PermutationFloor.of(measure, a, b, 50, 7);
        var quickly =
                PermutationFloor.of(
                        measure.compare(a, b), ShuffledLinearCka.values(a, b, 50, 7), Scale.UNIT);
        assertEquals(anew.mean(), quickly.mean(), 1e-12);
        assertEquals(anew.standardDeviation(), quickly.standardDeviation(), 1e-12);
        assertEquals(anew.pValue(), quickly.pValue());
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
