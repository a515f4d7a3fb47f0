package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownOutputTest {
    private static int firstMissing(String shown, String actual) {
        return ShownOutput.between(shown, actual, true)
                .map(ShownOutput.Difference::line)
                .orElse(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "STIR 0.50 [0.36, 0.64]|STIR 0.51 [0.35, 0.64]|true",
                "STIR 0.50 [0.36, 0.64]|STIR 0.52 [0.36, 0.64]|false",
                "moved 9.96 of 40|moved  9.97  of 40|true",
                "40 inputs|41 inputs|false",
                "98 % converged|97 % converged|true",
                "98 % converged|96 % converged|false",
                "p 1e-3|p 2e-3|true",
                "-0.5|0.5|false",
                "~.15 vgg|~.16 vgg|true",
                ".43|.45|false",
                "1x28x28|1x28x29|false",
                "stir 0.1.0|stir 0.1.1|false",
                "vgg0 0.5|vgg1 0.5|false",
                "0.5 and 0.6|0.5|false",
                "took 1.5 s, 0:02 left|took 12 s, 1:00:02 left|true",
                "made 2026-01-02 03:04|made 2027-11-12 13:14|true",
                "/home/you/study/report.html|/tmp/1/study/report.html|true",
                "/home/you/study/report.html|/tmp/1/study/other.html|false",
            })
    void numbersAgreeWithinWhatIsPrinted(String shown, String actual, boolean agree) {
        assertEquals(agree, firstMissing(shown, actual) == 0);
    }

    @Test
    void aLineOfDotsStandsForAnyLines() {
        assertEquals(0, firstMissing("a\n...\nb 1.0\n", "a\nx\nb 2.0\ny\nb 1.1\n"));
        assertEquals(0, firstMissing("...\nb", "b"));
        assertEquals(0, firstMissing("a\n...", "a"));
        assertEquals(3, firstMissing("a\n...\nb", "a\nx"));
    }

    @Test
    void theFirstLineThatDiffersIsNamed() {
        assertEquals(2, firstMissing("a\nb\nc", "a\nx\nc"));
        assertEquals(2, firstMissing("a", "a\nb"));
        assertEquals(2, firstMissing("a\nb", "a"));
    }

    @Test
    void onOtherMachinesWordsAloneAreCompared() {
        assertTrue(ShownOutput.between("STIR 0.50", "STIR 0.65", false).isEmpty());
        assertTrue(ShownOutput.between("STIR 0.50", "STIR unknown", false).isPresent());
        var words = "NEARLY ALL\nb shares less of class 8 (pointwise 0.80,\nothers 0.95), p 0.002.\n";
        var others = "NEARLY ALL\n  up to a rotation or offset: 83 % of metamers are shared\n";
        assertTrue(ShownOutput.between(words, others, false).isEmpty());
        assertTrue(ShownOutput.between(words, others, true).isPresent());
    }
}
