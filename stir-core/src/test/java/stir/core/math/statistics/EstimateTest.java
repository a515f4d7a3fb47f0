package stir.core.math.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import stir.api.Scale;

class EstimateTest {
    @Test
    void anEstimateIsPrintedAsItsValueAndInterval() {
        var interval = new Interval(0.9333, 1, 0.95);
        assertEquals("[0.933, 1.000]", interval.toString());
        assertEquals(
                "0.977 [0.933, 1.000]",
                Estimate.of(0.97712, Optional.of(interval)).toString());
        assertEquals("-0.250", Estimate.of(-0.25).toString());
        assertEquals("One input.", Estimate.undefined("One input.").toString());
    }

    @Test
    void aPredictionIntervalIsPrintedAsItsEnds() {
        var interval = Interval.ofNext(new double[] {0.5, 0.5}, new Scale(0, 1, true), 0.95);
        assertEquals("[0.500, 0.500]", interval.orElseThrow().toString());
    }
}
