package stir.core.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import stir.api.Caution;
import stir.api.Matrix;
import stir.core.Stir;
import stir.core.io.files.JsonFile;
import stir.core.network.Inconsistency;
import stir.core.representation.MatrixRows;

class CautionTextTest {
    /** The expression that determines the kind of a caution, up to its facts. */
    private static final Pattern CAUTION =
            Pattern.compile("(?:Caution\\.of|new InputConversion)\\(((?:[^;]|\\n)*?),\\s*Map\\.of");

    /** A kind that code decides by, too. */
    private static final Pattern CONSTANT = Pattern.compile("CautionText\\.([A-Z]+(?:_[A-Z]+)+)");

    private static final Pattern KIND = Pattern.compile("\"([a-z]+(?:-[a-z]+)+)\"");

    @Test
    void everyKindOfStirHasASentenceAndEverySentenceAKind() throws IOException, ReflectiveOperationException {
        var kinds = new TreeSet<String>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                var text = Files.readString(file);
                CAUTION.matcher(text)
                        .results()
                        .flatMap(match -> KIND.matcher(match.group(1)).results())
                        .forEach(kind -> kinds.add(kind.group(1)));
                for (var constant : CONSTANT.matcher(text).results().toList()) {
                    kinds.add((String)
                            CautionText.class.getField(constant.group(1)).get(null));
                }
            }
        }
        for (var reason : Inconsistency.values()) {
            kinds.add(reason.caution("any").kind());
        }
        kinds.add("resized"); // one word
        assertEquals(new TreeSet<>(CautionText.kinds()), kinds);
    }

    @Test
    void theSentencesOfMeasuresNameAllFacts() {
        var stir = Stir.load();
        int count = 0;
        for (var measure : stir.extensions().measures().keySet()) {
            for (int rows : List.of(5, 20, 60, 2000)) {
                var x = MatrixRows.of(Matrix.of(rows, 40, new double[rows * 40]));
                for (var caution : stir.cautions(x, x, List.of(measure), Long.MAX_VALUE)) {
                    var text = CautionText.of(caution);
                    count++;
                    assertTrue(text.startsWith(measure + ": "), text);
                    assertFalse(text.matches(".*(?:null|[{}%]).*"), text);
                }
            }
        }
        assertTrue(count > 30, count + " cautions");
    }

    @Test
    void numbersAreRoundedAndTheCautionNamesWhatItIsAbout() {
        var caution = Caution.of("explained-by-chance", Map.of("features", 10, "inputs", 100, "variance", 10 / 99.0));
        assertEquals(
                "STIR(b | a): linear-regression: 10 features of independent representations explain 0.10 of the variance for 100 inputs by chance: compare with that, or see ridge-predictivity. (This is of the 100 converged inputs alone.)",
                CautionText.of(caution.about("linear-regression")
                        .with(CautionFacts.DIRECTION, "b | a")
                        .with(CautionFacts.CONVERGED_INPUTS, 100)));
        assertTrue(CautionText.of(caution.with(CautionFacts.CONVERGED_INPUTS, 1))
                .endsWith("(This is of the one converged input alone.)"));
        assertEquals(
                "The inputs are grey, and are repeated for models that take three channels: $1\\a.",
                CautionText.of(Caution.of("turned-into-colours", Map.of("models", "$1\\a"))));
    }

    @Test
    void namesOfNetworksAreThoseOfTheFacts() {
        var caution =
                Caution.of("resized-for-some", Map.of("models", "net1", "others", "net2", "from", "8x8", "to", "6x6"));
        var text = CautionText.of(caution);
        assertTrue(text.startsWith("Inputs of 8x8 are resized to 6x6 for net1 and not for net2"), text);
    }

    @Test
    void aPlugInsCautionIsWrittenAsItsKindAndFacts() {
        var caution =
                Caution.of("few-inputs", Map.of("inputs", 4, "share", 0.5)).about("mine");
        assertEquals("mine: few inputs (inputs 4, share 0.5).", CautionText.of(caution));
        assertEquals("few inputs.", CautionText.of(Caution.of("few-inputs", Map.of())));
    }

    @Test
    void documentsHoldTheValuesAndTheText() {
        var caution = Caution.of("few-inputs", Map.of("inputs", 4)).about("mine");
        assertEquals(
                "[{\"kind\":\"few-inputs\",\"measure\":\"mine\",\"facts\":{\"inputs\":4},\"text\":\"mine: few inputs (inputs 4).\"}]",
                JsonFile.text(JsonFile.writer(), CautionText.document(List.of(caution))));
    }
}
