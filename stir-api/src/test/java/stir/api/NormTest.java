package stir.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormTest {
    private static final Shape PAIR = Shape.of(2);

    @ParameterizedTest
    @CsvSource({"1, 7", "2, 5", "inf, 4", "3, 4.497941445275415"})
    void measuresDistances(String norm, double expected) {
        var distances = new double[1];
        Norm.parse(norm).distances(Batch.of(PAIR, 3, 0), Batch.of(PAIR, 0, 4), distances);
        assertEquals(expected, distances[0], 1e-12);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "2.5", "4", "inf"})
    void derivativesAgreeWithFiniteDifferences(String text) {
        var norm = Norm.parse(text);
        var shape = Shape.of(3);
        var a = Batch.of(shape, 0.3f, -1.2f, 0.7f);
        var b = Batch.of(shape, -0.4f, 0.1f, 0.2f);
        var derivatives = Batch.allocate(1, shape);
        norm.derivatives(a, b, new double[1], derivatives);
        for (int i = 0; i < 3; i++) {
            var forward = a.copy();
            var backward = a.copy();
            forward.set(0, i, a.get(0, i) + 1e-3f);
            backward.set(0, i, a.get(0, i) - 1e-3f);
            var high = new double[1];
            var low = new double[1];
            norm.distances(forward, b, high);
            norm.distances(backward, b, low);
            assertEquals((high[0] - low[0]) / 2e-3, derivatives.get(0, i), 2e-3, "value " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "inf"})
    void anExactMatchHasNoDerivative(String text) {
        var a = Batch.of(PAIR, 0.3f, -1.2f);
        var derivatives = Batch.of(PAIR, 9, 9);
        var distances = new double[] {9};
        Norm.parse(text).derivatives(a, a, distances, derivatives);
        assertEquals(0, distances[0]);
        assertArrayEquals(new float[] {0, 0}, derivatives.toArray());
    }

    @Test
    void theInfinityNormHasADerivativeAtOneValueOnly() {
        var derivatives = Batch.allocate(1, PAIR);
        Norm.LINF.derivatives(Batch.of(PAIR, 1, -1), Batch.of(PAIR, 0, 0), new double[1], derivatives);
        assertArrayEquals(new float[] {1, 0}, derivatives.toArray());
    }

    @Test
    void doesNotOverflow() {
        var distances = new double[1];
        new Norm(8).distances(Batch.of(PAIR, 1e30f, 0), Batch.of(PAIR, 0, 0), distances);
        assertEquals(1e30, distances[0], 1e24);
    }

    @Test
    void refusesOtherOrders() {
        assertThrows(UsageException.class, () -> Norm.parse("0.5"));
        assertThrows(UsageException.class, () -> Norm.parse("nan"));
        assertThrows(UsageException.class, () -> Norm.parse("two"));
        assertEquals("inf", Norm.LINF.toString());
        assertEquals("2", Norm.L2.toString());
    }
}
