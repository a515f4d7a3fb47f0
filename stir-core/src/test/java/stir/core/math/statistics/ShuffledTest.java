package stir.core.math.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.measure.DebiasedLinearCka;

class ShuffledTest {
    private static Shuffled values(double... values) {
        return new Shuffled(values);
    }

    @Test
    void theMaximumIsComparedWithThatOfEachOrder() {
        // Standardised by all five values, the observed ones included.
        var one = values(0.1, 0.2, 0.3, 0.4);
        var other = values(4, 3, 2, 1);
        assertArrayEquals(new double[] {1 / 5.0}, Shuffled.ofMaximum(new double[] {0.5}, List.of(one), true));
        assertArrayEquals(
                new double[] {1, 1 / 5.0},
                Shuffled.ofMaximum(new double[] {0, 9}, List.of(one, other), true),
                "one of both is at least as large in each order");
        assertArrayEquals(
                new double[] {1 / 5.0, 1}, Shuffled.ofMaximum(new double[] {-1, 5}, List.of(one, other), false));
    }

    @Test
    void ordersThatOnlySomeValuesHaveAreNotUsed() {
        var shares = Shuffled.ofMaximum(new double[] {0.5, 3}, List.of(values(0.1, 0.2, 0.9), values(1, 2)), true);
        assertArrayEquals(new double[] {1 / 3.0, 1 / 3.0}, shares);
    }

    @Test
    void aTextHoldsAllValues() {
        var values = values(0.25, -1, 1e-30);
        assertEquals(values, new Shuffled(values.toString()));
        assertEquals(3, values.count());
    }

    /**
     * Of 48 layers that share nothing with a network, and a part of their noise with each other,
     * the best one is called real in at most 5 % of the studies, although its own p-value is below
     * 5 % in most of them.
     */
    @Test
    void theBestOf48LayersIsCalledRealInFivePercentOfStudiesOfChance() {
        int layers = 48;
        int studies = 400;
        int inputs = 20;
        var random = new Random(48);
        var measure = new DebiasedLinearCka();
        int alone = 0;
        int maximum = 0;
        for (int study = 0; study < studies; study++) {
            var reference = noise(random, inputs * 4);
            var common = noise(random, inputs * 4);
            var observed = new double[layers];
            var tests = new PermutationFloor[layers];
            var source = new SplittableRandom(study);
            var orders = Stream.generate(() -> PermutationFloor.shuffledOrder(inputs, source))
                    .limit(200)
                    .toList();
            for (int layer = 0; layer < layers; layer++) {
                var own = noise(random, inputs * 4);
                var mixed = IntStream.range(0, own.length)
                        .mapToDouble(i -> common[i] + 1.5 * own[i])
                        .toArray();
                var a = Matrix.of(inputs, 4, reference);
                var b = Matrix.of(inputs, 4, mixed);
                observed[layer] = measure.compare(a, b);
                var ofOrders = measure.ofOrders(a, b).orElseThrow();
                var shuffled = orders.stream().mapToDouble(ofOrders).toArray();
                tests[layer] = PermutationFloor.of(observed[layer], shuffled, Scale.UNIT);
            }
            var values = Arrays.stream(tests)
                    .map(test -> test.shuffled().orElseThrow())
                    .toList();
            var all = Arrays.stream(tests).mapToDouble(PermutationFloor::pValue).toArray();
            alone += Arrays.stream(all).min().orElseThrow() < 0.05 ? 1 : 0;
            maximum += Arrays.stream(Shuffled.ofMaximum(observed, values, true))
                                    .min()
                                    .orElseThrow()
                            < 0.05
                    ? 1
                    : 0;
        }
        var counts = "%d alone, %d by the maximum".formatted(alone, maximum);
        assertTrue(alone > studies / 2, counts);
        assertTrue(maximum <= 0.05 * studies, counts);
        assertTrue(maximum >= 0.02 * studies, "it is not needlessly strict: " + counts);
    }

    private static double[] noise(Random random, int count) {
        return IntStream.range(0, count).mapToDouble(i -> random.nextGaussian()).toArray();
    }
}
