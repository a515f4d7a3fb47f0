package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void wordsOfALastCellThatExceedTheLineAreBelowIt() {
        var words = "relative error ".repeat(8).strip();
        var table = new TextTable("  ").row("layers", words).row("input", "'x'").toString();
        assertEquals("""
                  layers  relative error relative error relative error relative error relative
                          error relative error relative error relative error
                  input   'x'
                """, table);
        assertTrue(table.lines().allMatch(line -> line.length() <= Paragraph.COLUMNS), table);
    }

    @Test
    void cellsWithoutContentLeaveNoBlanksAtTheEndOfALine() {
        assertEquals("disk  1 MB\n", new TextTable("").row("disk", "1 MB", "").toString());
        assertEquals("\n", new TextTable("").row("").toString());
    }

    @Test
    void namesOfSeveralLinesAreOnOne() {
        assertEquals(
                "a\\nstir: b  c\n", new TextTable("").row("a\nstir: b", "c").toString());
    }

    @Test
    void numbersAreAlignedToTheRight() {
        assertEquals(
                "a   1.5\nb  10.0\n",
                new TextTable("", 1).row("a", "1.5").row("b", "10.0").toString());
    }
}
