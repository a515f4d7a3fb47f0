package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.List;

class CautionsTest {
    @Test
    void whatDiffersInNumbersAloneIsSaidOnce() {
        var cautions = new Cautions();
        assertEquals("", cautions.text());
        cautions.add(List.of("cca: 40 inputs are few.", "There are no intervals."));
        cautions.add(List.of("cca: 38.5 inputs are few."));
        cautions.add(List.of("cca: 7 inputs are few."));
        assertEquals(
                """
                caution: cca: 40 inputs are few. (Likewise for 2 more.)
                caution: There are no intervals.
                """,
                cautions.text());
    }
}
