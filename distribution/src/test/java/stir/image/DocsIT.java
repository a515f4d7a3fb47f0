package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import stir.cli.MarkdownPage;

/** The commands and programs of the documentation, with the output that it shows. */
class DocsIT {
    private static final Path SAMPLE = Path.of("src/test/resources/docs/sample.md");

    @TestFactory
    Stream<DynamicTest> thePagesShowWhatTheirCommandsPrint() throws IOException {
        boolean hasNumbers = PageRun.hasNumbersOfPages();
        return MarkdownPage.all().stream()
                .filter(PageRun::hasWork)
                .map(page -> dynamicTest(page.name(), () -> assertEquals("", problems(page, hasNumbers))));
    }

    private static String problems(MarkdownPage page, boolean hasNumbers) throws IOException {
        var folder = Image.scratch("docs-" + page.name().replaceAll("\\W", "-")).resolve("page");
        return String.join("\n", new PageRun(page, folder, hasNumbers).problems());
    }

    private static String problemsOfSample(String part, String replacement) throws IOException {
        var text = Files.readString(SAMPLE);
        assertTrue(text.contains(part), part);
        // The sample's numbers are of Stir's own code, the same on every processor.
        return problems(new MarkdownPage("sample.md", text.replace(part, replacement)), true);
    }

    @Test
    void aPageThatShowsWhatIsPrintedHasNoProblems() throws IOException {
        assertEquals("", problemsOfSample("0.7744", "0.774"));
    }

    @Test
    void aWrongNumberIsReportedWithItsLineAndTheOutput() throws IOException {
        var problem = problemsOfSample("0.7744", "0.7764");
        assertEquals(List.of(), problem.lines().filter(line -> line.isEmpty()).toList());
        assertTrue(problem.startsWith("sample.md:21: expected 'linear-cka"), problem);
        assertTrue(problem.contains("but the output was:\nlinear-cka"), problem);
    }

    @Test
    void aCommandThatFailsIsReportedWithItsMessage() throws IOException {
        var problem = problemsOfSample("stir similarity x", "stir similarity z");
        assertTrue(problem.startsWith("sample.md:14: ended with 2\n"), problem);
        assertTrue(problem.contains("z.csv"), problem);
        var success = problemsOfSample("--measure none", "--measure linear-cka");
        assertTrue(success.startsWith("sample.md:26: ended with 0"), success);
    }

    @Test
    void aBlockThatFailsForAnotherReasonIsReported() throws IOException {
        var refused = "stir similarity x.csv y.csv --measure none";
        var missing = problemsOfSample(refused, "no-such-program");
        assertTrue(missing.startsWith("sample.md:26: ended with 127"), missing);
        var earlier = problemsOfSample(refused, "false\n" + refused);
        assertTrue(earlier.startsWith("sample.md:26: ended with 1"), earlier);
    }

    @Test
    void aProgramThatDoesNotCompileIsReported() throws IOException {
        var problem = problemsOfSample("Stir.version()", "Stir.vision()");
        assertTrue(problem.startsWith("sample.md:36: does not compile:"), problem);
        assertTrue(problem.contains("vision"), problem);
    }
}
