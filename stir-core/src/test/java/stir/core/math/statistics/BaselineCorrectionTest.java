package stir.core.math.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import stir.api.Scale;

class BaselineCorrectionTest {
    @Test
    void theMoreSimilarFloorIsUsed() {
        assertEquals(
                Optional.of(new BaselineCorrection(0.3, 0.9)), BaselineCorrection.between(0.9, 0.1, 0.3, Scale.UNIT));
        assertEquals(
                Optional.of(new BaselineCorrection(4, 1)), BaselineCorrection.between(1, 5, 4, Scale.distance(10)));
    }

    @Test
    void aCeilingBelowTheFloorGivesNoCorrection() {
        assertEquals(Optional.empty(), BaselineCorrection.between(0.3, 0.1, 0.3, Scale.UNIT));
        assertEquals(Optional.empty(), BaselineCorrection.between(4.5, 5, 4, Scale.distance(10)));
        assertEquals(Optional.empty(), BaselineCorrection.between(Double.NaN, 0, 0, Scale.UNIT));
    }

    @Test
    void aSummaryHasMeanMedianAndMaximum() {
        assertEquals(Optional.of(new Summary(3, 2, 7)), Summary.of(new double[] {7, 0, 2}));
        assertEquals(Optional.of(new Summary(2, 1.5, 5)), Summary.of(new double[] {5, 1, 2, 0}));
        assertEquals(Optional.empty(), Summary.of(new double[0]));
    }
}
