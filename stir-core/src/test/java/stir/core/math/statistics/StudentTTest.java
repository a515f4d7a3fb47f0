package stir.core.math.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudentTTest {
    // Values of scipy.stats.t.ppf.
    @ParameterizedTest
    @CsvSource({
        "0.975, 1, 12.706204736174694",
        "0.975, 2, 4.302652729749462",
        "0.975, 3, 3.1824463052837078",
        "0.95, 4, 2.13184678632665",
        "0.975, 29, 2.045229642132703",
        "0.995, 30, 2.7499956535672254",
        "0.5, 7, 0"
    })
    void quantilesAgreeWithScipy(double probability, int degrees, double expected) {
        assertEquals(expected, StudentT.quantile(probability, degrees), 1e-9);
    }
}
