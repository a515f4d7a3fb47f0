package stir.core.network.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.Norm;
import stir.api.Shape;

class PassWatchTest {
    private static final int ROWS = 3;

    /**
     * The rows have the sizes 0, 1 and 1, as with one that no input uses, or that a ReLU clears.
     */
    @ParameterizedTest
    @CsvSource({
        "0, 1e-7, false",
        "0, 1e-4, true",
        "1, 1e-7, false",
        "1, 1e-3, false",
        "1, 1e-2, true",
    })
    void rowsDifferByMoreThanRoundingOfTheirSizes(int row, float change, boolean broken) {
        assertEquals(broken, watched(row, change, Optional.empty(), 0), "of representations");
        assertEquals(broken, watched(row, change, Optional.of(Norm.L2), 0), "of distances");
    }

    /** Where values below 0 count as 0, they are no size to compare with. */
    @Test
    void valuesThatCountAsZeroHaveNoSize() {
        assertFalse(watched(1, 1e-3f, Optional.empty(), -1e6f));
        assertTrue(watched(1, 1e-2f, Optional.empty(), -1e6f));
    }

    private static boolean watched(int changed, float change, Optional<Norm> norm, float first) {
        var inputs = Batch.of(Shape.of(1), first, 1, 1);
        var representations = Batch.allocate(ROWS, Shape.of(1));
        var watch = new PassWatch(inputs, representations, first < 0, () -> {
            for (int row = 0; row < ROWS; row++) {
                float value = inputs.get(row, 0);
                representations.set(row, 0, value == changed ? value + change : value);
            }
        });
        // The targets of rows are their representations, so that the distances are 0.
        for (int pass = 0; pass < 20; pass++) {
            watch.keep(inputs.copy(), norm, new double[ROWS]);
        }
        watch.repeat();
        return watch.isBroken();
    }
}
