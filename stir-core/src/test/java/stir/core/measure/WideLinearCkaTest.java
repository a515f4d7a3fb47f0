package stir.core.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;

class WideLinearCkaTest {
    private static final int ROWS = 20;
    private static final int COLUMNS = 300;

    /** Both Gram matrices, that of a block, two rows and about 33 columns. */
    private static final long LIMIT = 20_000;

    private static float[] values(long seed) {
        var random = new SplittableRandom(seed);
        var values = new float[ROWS * COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble();
        }
        return values;
    }

    private static WideLinearCka.RowReader rows(float[] values) {
        return (row, into) -> System.arraycopy(values, row * COLUMNS, into, 0, COLUMNS);
    }

    @Test
    void blocksOfColumnsGiveTheValuesOfAllColumns() {
        var a = values(1);
        var b = values(2);
        for (int i = 0; i < b.length; i++) {
            b[i] += a[i] / 2;
        }
        var grams = WideLinearCka.read(ROWS, COLUMNS, rows(a), COLUMNS, rows(b), LIMIT);
        for (var measure : List.<SimilarityMeasure>of(new LinearCka(), new DebiasedLinearCka())) {
            assertTrue(WideLinearCka.fits(measure, ROWS, COLUMNS, LIMIT), measure.id());
            assertEquals(
                    measure.compare(Matrix.of(ROWS, COLUMNS, a.clone()), Matrix.of(ROWS, COLUMNS, b.clone())),
                    grams.value(measure),
                    1e-9,
                    measure.id());
        }
    }

    @Test
    void otherMeasuresAndTooManyRowsDoNotFit() {
        assertFalse(WideLinearCka.fits(new RsaPearson(), ROWS, COLUMNS, LIMIT));
        assertFalse(WideLinearCka.fits(new LinearCka(), 100, COLUMNS, LIMIT));
        assertFalse(WideLinearCka.fits(new LinearCka(), 100_000, COLUMNS, Long.MAX_VALUE));
    }

    @Test
    void equalRowsHaveNoValue() {
        var same = new float[ROWS * COLUMNS];
        var grams = WideLinearCka.read(ROWS, COLUMNS, rows(same), COLUMNS, rows(values(1)), LIMIT);
        assertThrows(DataException.class, () -> grams.value(new LinearCka()));
        assertThrows(DataException.class, () -> grams.value(new DebiasedLinearCka()));
    }
}
