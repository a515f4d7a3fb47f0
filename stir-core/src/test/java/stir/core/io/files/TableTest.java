package stir.core.io.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Table<Row> TABLE = new Table<>(List.of(
                    new Row("STIR(a | b), \"best\"", OptionalDouble.of(0.123456789)),
                    new Row("50 % of a_b\\c", OptionalDouble.empty())))
            .column("name", Row::name)
            .column("value", Row::value);

    private record Row(String name, OptionalDouble value) {}

    @Test
    void csvKeepsAllDigitsAndQuotesWhatNeedsIt() {
        assertEquals("name,value\r\n\"STIR(a | b), \"\"best\"\"\",0.123456789\r\n50 % of a_b\\c,\r\n", TABLE.csv());
    }

    @Test
    void csvGuardsTextsThatASpreadsheetWouldComputeAndReadsThemBack() {
        var texts = List.of(
                "=cmd|calc/b.png",
                "+1,2/f.png",
                "-2/x",
                "@x/\u001b[31m\\b.png",
                "\tx",
                "a\nb",
                "'quoted",
                "it's",
                "back\\slash",
                "-0.5",
                "+1e-3",
                "\u009b31m");
        var csv = new Table<>(texts)
                .column("name", text -> text)
                .column("one", text -> -0.5)
                .csv();
        assertEquals("""
                name,one
                '=cmd|calc/b.png,-0.5
                "'+1,2/f.png",-0.5
                '-2/x,-0.5
                '@x/\\u001b[31m\\\\b.png,-0.5
                '\\u0009x,-0.5
                'a\\u000ab,-0.5
                ''quoted,-0.5
                it's,-0.5
                back\\slash,-0.5
                -0.5,-0.5
                +1e-3,-0.5
                '\\u009b31m,-0.5
                """, csv.replace("\r", ""));
        assertEquals(
                texts,
                Table.parse(csv).stream().skip(1).map(cells -> cells.get(0)).toList());
    }

    @Test
    void markdownEscapesItsBars() {
        assertEquals("""
                | name | value |
                |---|---|
                | STIR(a \\| b), "best" | 0.1235 |
                | 50 % of a_b\\\\c |  |
                """, TABLE.markdown());
    }

    @Test
    void latexEscapesItsSigns() {
        assertEquals("""
                \\begin{tabular}{lr}
                \\toprule
                name & value \\\\
                \\midrule
                STIR(a $|$ b), "best" & 0.1235 \\\\
                50 \\% of a\\_b\\textbackslash{}c &  \\\\
                \\bottomrule
                \\end{tabular}
                """, TABLE.latex());
    }

    @Test
    void latexHasTheSignsOfMathematicsInItsMode() {
        assertEquals("$<$0.36, 5 $>$ 3, a $|$ b, \\$5", Table.latex("<0.36, 5 > 3, a | b, $5"));
    }

    @Test
    void emptyOptionalsOfAnyKindAreEmptyCells() {
        var table = new Table<>(List.of(3))
                .column("int", number -> OptionalInt.of(number))
                .column("no int", number -> OptionalInt.empty())
                .column("nested", number -> Optional.of(OptionalDouble.of(number)))
                .column("none", number -> Optional.of(OptionalDouble.empty()));
        assertEquals("int,no int,nested,none\r\n3,,3.0,\r\n", table.csv());
    }

    @Test
    void cellsThatWereQuotedAreReadAsTheyWere() {
        assertEquals(
                List.of(
                        List.of("name", "value"),
                        List.of("STIR(a | b), \"best\"", "0.123456789"),
                        List.of("50 % of a_b\\c", "")),
                Table.parse(TABLE.csv()));
    }
}
