package stir.core.inputs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Caution;
import stir.api.Layout;
import stir.api.Shape;

class LengthsTest {
    @ParameterizedTest
    @CsvSource({"5x3, none", "3x5, padding-compared", "5x5, positions-assumed", "5x5x2, none", "5x2x5, none", "8, none"
    })
    void aLayerHasACautionUnlessItsPositionsAreClear(String layer, String kind) {
        var lengths = Lengths.of("sequences", Shape.of(1, 5, 3), 5, 2);
        var caution = lengths.caution("mixed", Shape.parse(layer), Layout.CHANNELS_LAST);
        assertEquals(kind, caution.map(Caution::kind).orElse("none"));
    }
}
