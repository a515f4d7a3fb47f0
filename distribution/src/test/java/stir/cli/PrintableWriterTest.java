package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import org.junit.jupiter.api.Test;
import stir.cli.console.PrintableWriter;
import stir.cli.report.Emphasis;
import stir.cli.report.ProgressDisplay;

class PrintableWriterTest {
    private static String printed(String text) {
        return printed(text, Set.of(ProgressDisplay.ERASE_LINE));
    }

    private static String printed(String text, Set<String> own) {
        var out = new StringWriter();
        try (var writer = new PrintWriter(new PrintableWriter(out, own))) {
            writer.print(text);
            writer.print(text.toCharArray());
        }
        assertEquals(0, out.toString().length() % 2);
        return out.toString().substring(0, out.toString().length() / 2);
    }

    @Test
    void escapeSequencesOfNamesAreWrittenAndNotObeyed() {
        assertEquals("a\\u001b[31mb", printed("a\u001b[31mb"));
        assertEquals("\\u009b31m\\u0007\\u007f", printed("\u009b31m\u0007\u007f"));
        assertEquals("a\\u202egnp.xnno", printed("a\u202egnp.xnno"));
        assertEquals("\\u2066\u200f", printed("\u2066\u200f"));
        assertEquals("\\u001b]0;title\\u0007", printed("\u001b]0;title\u0007"));
    }

    @Test
    void aVerdictIsColouredAndNamesAreNot() {
        var answer = "\uFDD0PARTLY\uFDD2 \u001b[1mname\u001b[31m";
        assertEquals(
                "\u001b[1mPARTLY\u001b[0m \\u001b[1mname\\u001b[31m",
                printed(Emphasis.shown(answer, true), Emphasis.sequences()));
        assertEquals("PARTLY", Emphasis.shown("\uFDD0PARTLY\uFDD2", false));
    }

    @Test
    void linesTabsAndTheErasureOfTheProgressPass() {
        assertEquals("é\tx\n\r", printed("é\tx\n\r"));
        assertEquals("\r\u001b[K[1/2]", printed("\r\u001b[K[1/2]"));
        assertEquals("\\u001b[K", printed("\u001b[K"));
    }
}
