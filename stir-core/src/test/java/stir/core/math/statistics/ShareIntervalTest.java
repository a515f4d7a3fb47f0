package stir.core.math.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShareIntervalTest {
    /** The values of Newcombe 1998, table I, method 3, and of shares of 0 and 1 in closed form. */
    @ParameterizedTest
    @CsvSource({
        "81, 263, 0.2553, 0.3662",
        "15, 148, 0.0624, 0.1605",
        "0, 20, 0.0000, 0.1611",
        "1, 29, 0.0061, 0.1718",
        "20, 20, 0.8389, 1.0000",
        "1, 1, 0.2065, 1.0000",
    })
    void wilsonsIntervalHasThePublishedEnds(int successes, int trials, double low, double high) {
        var interval = Interval.ofShare(successes, trials);
        assertEquals(low, interval.low(), 5e-5);
        assertEquals(high, interval.high(), 5e-5);
        assertEquals(0.95, interval.level());
    }

    @Test
    void impossibleSharesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Interval.ofShare(3, 2));
        assertThrows(IllegalArgumentException.class, () -> Interval.ofShare(0, 0));
        assertThrows(IllegalArgumentException.class, () -> Interval.ofShare(-1, 2));
    }
}
