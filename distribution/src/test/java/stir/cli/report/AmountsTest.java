package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AmountsTest {
    @Test
    void anEstimateHasNoMoreDigitsThanItIsWorth() {
        assertEquals("less than 1 MB", Amounts.megabytes(100_000));
        assertEquals("about 9.5 MB", Amounts.megabytes(10_000_000));
        assertEquals("about 250 MB", Amounts.megabytes(262_039_142));
    }
}
