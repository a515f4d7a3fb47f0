package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import stir.api.Caution;

class CautionsTest {
    private static Caution few(Object inputs) {
        return Caution.of("x-1-few", Map.of("inputs", inputs)).about("cca");
    }

    @Test
    void cautionsThatDifferInNumbersAloneAreWrittenOnceWhateverTheirWords() {
        var cautions = new Cautions();
        assertEquals("", cautions.text());
        cautions.add(
                List.of(few(40), Caution.of("x-2-few", Map.of("inputs", 40)).about("cca")));
        cautions.add(List.of(few(38)));
        cautions.add(List.of(few(7)));
        cautions.add(List.of(few(7).about("knn?k=5"), few(7).about("knn?k=6")));
        assertEquals("""
                caution: cca: x 1 few (inputs 40). (Likewise for 2 more.)
                caution: cca: x 2 few (inputs 40).
                caution: knn?k=5: x 1 few (inputs 7).
                caution: knn?k=6: x 1 few (inputs 7).
                """, cautions.text());
    }
}
