package stir.core.score.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.inputs.Lengths;
import stir.core.math.random.KeyedRandom;
import stir.core.representation.RepresentationReduction;
import stir.core.score.CautionText;

class LayerCautionsTest {
    private static final int UNITS = 64;

    /** Units from some index on are 0; the others are combinations of a few random directions. */
    private static Representations representations(int inputs, int live, int directions) {
        var rows = Batch.allocate(inputs, Shape.of(UNITS));
        for (int i = 0; i < inputs; i++) {
            var input = KeyedRandom.of(1, i);
            for (int k = 0; k < directions; k++) {
                double amount = input.nextGaussian();
                var direction = KeyedRandom.of(2, k);
                for (int j = 0; j < live; j++) {
                    double value = rows.get(i, j) + amount * direction.nextGaussian();
                    rows.set(i, j, (float) value);
                }
            }
        }
        return new HeldRepresentations("relu", Layout.FLAT, rows, Lengths.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "40, 64, 20, ''",
        "40, 32, 20, ''",
        "40, 31, 20, 'At net/relu, 33 of 64 units are 0 for all 40 inputs examined, so a few units decide: also compare an earlier layer.'",
        "1000, 31, 20, 'At net/relu, 33 of 64 units are 0 for all 512 inputs examined, so a few units decide: also compare an earlier layer.'",
        "9, 1, 1, ''",
        "40, 64, 1, 'At net/relu, the variance of the 40 inputs examined lies in about 1.0 directions (participation ratio), which decide: also compare an earlier layer.'"
    })
    void aLayerOfFewUnitsOrDirectionsHasACaution(int inputs, int live, int directions, String expected) {
        var cautions = LayerCautions.of(
                RepresentationReduction.FLATTEN, representations(inputs, live, directions), inputs, "net/relu");
        var text = cautions.stream().map(CautionText::of).collect(Collectors.joining(" "));
        assertEquals(expected, text);
    }
}
