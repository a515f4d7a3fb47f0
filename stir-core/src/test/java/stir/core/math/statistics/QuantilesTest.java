package stir.core.math.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The quantiles are those of {@code numpy.quantile(values, [0, 0.05, 0.5, 0.95, 1])}, NumPy 2,
 * whose numbers are written here.
 */
class QuantilesTest {
    private static void check(double[] expected, double... values) {
        var quantiles = Quantiles.of(values).orElseThrow();
        double[] numbers = {quantiles.min(), quantiles.p5(), quantiles.median(), quantiles.p95(), quantiles.max()};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], numbers[i], 1e-14 * Math.abs(expected[i]), "number " + i);
        }
    }

    @Test
    void theyAreThoseOfNumPy() {
        check(new double[] {3, 3, 3, 3, 3}, 3);
        check(new double[] {1, 1.05, 1.5, 1.95, 2}, 2, 1);
        check(new double[] {-3.5, -2.81, 0.3, 6.637499999999999, 7.125}, 0.3, -1.2, 5.5, 2.25, 0.0, 7.125, -3.5);
        check( // numpy.arange(20022) ** 0.5
                new double[] {0.0, 31.639374016291555, 100.05248619477956, 137.91283478841135, 141.4955829699288},
                IntStream.range(0, 20022).mapToDouble(Math::sqrt).toArray());
    }

    @Test
    void thereAreNoneOfNothing() {
        assertEquals(Optional.empty(), Quantiles.of(new double[0]));
    }
}
