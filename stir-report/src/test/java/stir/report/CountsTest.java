package stir.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CountsTest {
    @Test
    void boundsAreReadEasily() {
        assertEquals(0.5, Counts.bound(Stream.of(0.21, 0.3)), 1e-12);
        assertEquals(2, Counts.bound(Stream.of(1.5, Double.NaN, Double.POSITIVE_INFINITY)), 1e-12);
        assertEquals(100, Counts.bound(Stream.of(51.0)), 1e-9);
        assertEquals(1, Counts.bound(Stream.of()));
    }

    @Test
    void everyValueIsInABin() {
        var counts = Counts.histogram(List.of(0.0, 0.049, 0.05, 1.0, 3.0), 1);
        assertEquals(20, counts.size());
        assertEquals(2, counts.get(0));
        assertEquals(1, counts.get(1));
        assertEquals(2, counts.get(19));
    }

    @Test
    void quantilesOfManyValuesAreSpreadEvenly() {
        var many = IntStream.rangeClosed(0, 10_000)
                .mapToObj(i -> (10_000 - i) / 10_000.0)
                .toList();
        var quantiles = Counts.quantiles(many);
        assertEquals(101, quantiles.size());
        for (int i = 0; i <= 100; i++) {
            assertEquals(i / 100.0, quantiles.get(i), 1e-6);
        }
        var few = DoubleStream.of(3, 1, 2).boxed().toList();
        assertEquals(List.of(1f, 2f, 3f), Counts.quantiles(few));
    }
}
