package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AmountsTest {
    @Test
    void anEstimateHasNoMoreDigitsThanItIsWorth() {
        assertEquals("less than 1 MB", Amounts.size(100_000));
        assertEquals("about 9.5 MB", Amounts.size(10_000_000));
        assertEquals("about 250 MB", Amounts.size(262_039_142));
        assertEquals("about 1.5 GB", Amounts.size(3L << 29));
        assertEquals("about 71 GB", Amounts.size(73_207L << 20));
    }
}
