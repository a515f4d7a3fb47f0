package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ResultTableTest {
    private static final ResultTable TABLE =
            new ResultTable("name", "value")
                    .row("STIR(a | b), \"best\"", 0.123456789)
                    .row("50 % of a_b\\c", "");

    @Test
    void csvKeepsAllDigitsAndQuotesWhatNeedsIt() {
        assertEquals(
                "name,value\r\n\"STIR(a | b), \"\"best\"\"\",0.123456789\r\n50 % of a_b\\c,\r\n",
                TABLE.csv());
    }

    @Test
    void markdownEscapesItsBars() {
        assertEquals(
                """
                | name | value |
                |---|---|
                | STIR(a \\| b), "best" | 0.1235 |
                | 50 % of a_b\\\\c |  |
                """,
                TABLE.markdown());
    }

    @Test
    void latexEscapesItsSigns() {
        assertEquals(
                """
                \\begin{tabular}{lr}
                \\toprule
                name & value \\\\
                \\midrule
                STIR(a $|$ b), "best" & 0.1235 \\\\
                50 \\% of a\\_b\\textbackslash{}c &  \\\\
                \\bottomrule
                \\end{tabular}
                """,
                TABLE.latex());
    }

    @Test
    void rowsOfAnotherTableGetOneMoreCell() {
        var outer = new ResultTable(TABLE.headingsAfter("pair")).rowsOf(TABLE, "x");
        assertEquals("pair,name,value", outer.csv().lines().findFirst().orElseThrow());
        assertEquals("x,50 % of a_b\\c,", outer.csv().lines().toList().get(2));
        assertThrows(IllegalArgumentException.class, () -> TABLE.row("one"));
    }
}
