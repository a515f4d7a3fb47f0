package stir.core.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;

class GramsOfRowsTest {
    private static final int ROWS = 40;
    private static final List<SimilarityMeasure> MEASURES = List.of(new LinearCka(), new DebiasedLinearCka());

    /** Returns rows, the first of which has an offset. */
    private static Matrix rows(int columns, double first, long seed) {
        var values =
                new SplittableRandom(seed).doubles((long) ROWS * columns, -1, 1).toArray();
        for (int j = 0; j < columns; j++) {
            values[j] += first;
        }
        return Matrix.of(ROWS, columns, values);
    }

    private static int[] from(int first) {
        return IntStream.range(first, ROWS).toArray();
    }

    // Without the large row, nearly all of each other row is its offset from the mean of all rows.
    @ParameterizedTest
    @ValueSource(doubles = {0, 1e2, 1e4, 1e6, 1e9})
    void valuesAgreeWithTheMeasureOnTheChosenRows(double first) {
        var a = rows(30, first, 1);
        var b = rows(50, 0, 2);
        for (var measure : MEASURES) {
            var ofRows = measure.ofRows(a, b);
            for (var chosen : List.of(from(1), from(30))) {
                assertEquals(
                        measure.compare(a.select(chosen), b.select(chosen)),
                        ofRows.applyAsDouble(chosen),
                        1e-9,
                        measure.id());
            }
        }
    }

    @Test
    void allRowsMayBeChosen() {
        var a = rows(30, 100, 1);
        var b = rows(50, 0, 2);
        for (var measure : MEASURES) {
            double value = measure.ofRows(a, b).applyAsDouble(from(0));
            assertEquals(measure.compare(a, b), value, 1e-9, measure.id());
        }
    }

    @Test
    void choicesThatWouldLoseDigitsAreEmpty() {
        var grams = GramsOfRows.of(rows(30, 1e9, 1), rows(50, 0, 2)).orElseThrow();
        GramsOfRows.Formula first = (dots, squaresOfA, squaresOfB) -> dots[0];
        assertTrue(grams.ofChosen(from(0), first).isPresent());
        assertTrue(grams.ofChosen(from(1), first).isEmpty());
    }

    @Test
    void equalRowsAreRefused() {
        var values = new double[ROWS * 30];
        values[3] = 1;
        var a = Matrix.of(ROWS, 30, values);
        for (var measure : MEASURES) {
            var ofRows = measure.ofRows(a, rows(50, 0, 2));
            assertThrows(DataException.class, () -> ofRows.applyAsDouble(from(1)), measure.id());
        }
    }

    @Test
    void gramMatricesLargerThanTheRowsAreNotUsed() {
        assertTrue(GramsOfRows.of(rows(20, 0, 1), rows(20, 0, 2)).isEmpty());
        assertTrue(GramsOfRows.of(rows(20, 0, 1), rows(21, 0, 2)).isPresent());
    }
}
