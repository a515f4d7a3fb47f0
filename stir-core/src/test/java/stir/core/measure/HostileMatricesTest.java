package stir.core.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;

/**
 * Matrices that break a careless measure: each measure returns a value on its scale or refuses them
 * in one line.
 */
class HostileMatricesTest {
    static Stream<SimilarityMeasure> measures() {
        return ServiceLoader.load(SimilarityMeasure.class).stream().map(ServiceLoader.Provider::get);
    }

    private static Matrix noise(int rows, int columns, long seed) {
        var random = new Random(seed);
        return Matrix.of(
                rows, columns, random.doubles((long) rows * columns, -1, 1).toArray());
    }

    private static void valueOrRefusal(SimilarityMeasure measure, Matrix a, Matrix b) {
        double value;
        try {
            value = measure.compare(a, b);
        } catch (DataException e) {
            assertFalse(e.getMessage().contains("\n"), e.getMessage());
            assertTrue(e.getMessage().endsWith("."), e.getMessage());
            return;
        }
        var scale = measure.scale();
        assertTrue(value >= scale.lowest() - 1e-9 && value <= scale.highest() + 1e-9, measure.id() + " gave " + value);
    }

    @ParameterizedTest
    @MethodSource("measures")
    void nanAndInfinityAreRefused(SimilarityMeasure measure) {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            var values = noise(30, 3, 1).toDoubles();
            values[7 * 3 + 1] = bad;
            var broken = Matrix.of(30, 3, values);
            var refusal = assertThrows(DataException.class, () -> measure.compare(noise(30, 3, 2), broken));
            assertTrue(refusal.getMessage().startsWith("Row 7 "), refusal.getMessage());
        }
    }

    @ParameterizedTest
    @MethodSource("measures")
    void differentInputsAreRefused(SimilarityMeasure measure) {
        assertThrows(DataException.class, () -> measure.compare(noise(30, 3, 1), noise(29, 3, 2)));
    }

    @ParameterizedTest
    @MethodSource("measures")
    void tooFewRowsAreRefused(SimilarityMeasure measure) {
        int rows = measure.minimumRows() - 1;
        if (rows > 0) {
            assertThrows(DataException.class, () -> measure.compare(noise(rows, 3, 1), noise(rows, 2, 2)));
        }
        int fewest = measure.minimumRows();
        valueOrRefusal(measure, noise(fewest, 3, 1), noise(fewest, 2, 2));
    }

    @ParameterizedTest
    @MethodSource("measures")
    void widthsOfOneAndOfThousandsAreAccepted(SimilarityMeasure measure) {
        valueOrRefusal(measure, noise(25, 1, 1), noise(25, 1, 2));
        valueOrRefusal(measure, noise(25, 1, 1), noise(25, 4, 2));
        valueOrRefusal(measure, noise(25, 600, 1), noise(25, 5000, 2));
    }

    @ParameterizedTest
    @MethodSource("measures")
    void equalInputsAreHandled(SimilarityMeasure measure) {
        var constant = noise(1, 4, 1).select(new int[25]);
        valueOrRefusal(measure, noise(25, 3, 2), constant);
        valueOrRefusal(measure, constant, constant);
    }

    @ParameterizedTest
    @MethodSource("measures")
    void constantAndRepeatedFeaturesAreHandled(SimilarityMeasure measure) {
        var values = noise(25, 4, 1).toDoubles();
        for (int i = 0; i < 25; i++) {
            values[i * 4] = 0.1;
            values[i * 4 + 1] = values[i * 4 + 2];
        }
        valueOrRefusal(measure, Matrix.of(25, 4, values), noise(25, 3, 2));
    }

    @ParameterizedTest
    @MethodSource("measures")
    void repeatedInputsAreHandled(SimilarityMeasure measure) {
        var rows = new int[24];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i % 3;
        }
        valueOrRefusal(measure, noise(24, 4, 1).select(rows), noise(24, 5, 2).select(rows));
        valueOrRefusal(measure, noise(24, 4, 1).select(rows), noise(24, 5, 2));
    }

    @ParameterizedTest
    @MethodSource("measures")
    void rowsOfZerosAreHandled(SimilarityMeasure measure) {
        var values = noise(25, 4, 1).toDoubles();
        Arrays.fill(values, 8, 12, 0);
        valueOrRefusal(measure, Matrix.of(25, 4, values), noise(25, 4, 2));
    }

    // Even the smallest and largest numbers give values on the scale.
    @ParameterizedTest
    @MethodSource("measures")
    void extremeNumbersAreHandled(SimilarityMeasure measure) {
        for (double factor : new double[] {1e-160, 1e-30, 1e30, 1e160}) {
            var values = noise(25, 4, 1).toDoubles();
            for (int i = 0; i < values.length; i++) {
                values[i] *= factor;
            }
            valueOrRefusal(measure, Matrix.of(25, 4, values), noise(25, 3, 2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cca", "linear-regression", "pwcca", "gulp?lambda=0"})
    void repeatedFeaturesDoNotChangeMeasuresOfColumnSpaces(String text) {
        var measure = GoldenValuesTest.measure(text);
        var values = new double[40 * 4];
        var three = noise(40, 3, 1);
        for (int i = 0; i < 40; i++) {
            for (int j = 0; j < 4; j++) {
                values[i * 4 + j] = three.get(i, j % 3);
            }
        }
        var other = noise(40, 5, 2);
        assertEquals(measure.compare(other, three), measure.compare(other, Matrix.of(40, 4, values)), 1e-9);
    }
}
