package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The example of two sentence encoders, whose networks Maven fetches. */
@EnabledIfSystemProperty(
        named = "stir.sentences",
        matches = "true",
        disabledReason = "-Dstir.sentences=true fetches 200 MB from Maven Central")
class SentencesIT {
    private static final Path EXAMPLE = Path.of("examples/sentences");

    @Test
    void theExamplePrintsWhatItsPageShows() throws Exception {
        var author = new AuthorsBuild(Image.scratch("sentences"));
        var project = author.of(Map.of("sentences", EXAMPLE)).resolve("sentences");
        var command = Launch.java(List.of(
                "-cp",
                project.resolve("target/classes") + ":" + project.resolve("target/dependency") + "/*",
                "org.example.sentences.Sentences",
                project.resolve("pairs.txt").toString()));
        var run = new Launch(command).run();
        assertEquals(0, run.code(), run.err());
        var page = Files.readString(EXAMPLE.resolve("README.md"));
        var shown = page.substring(page.indexOf("```text\n") + 8);
        shown = shown.substring(0, shown.indexOf("```"));
        assertFalse(shown.isBlank());
        assertEquals(Optional.empty(), ShownOutput.between(shown, run.out(), PageRun.hasNumbersOfPages()), run.out());
    }
}
