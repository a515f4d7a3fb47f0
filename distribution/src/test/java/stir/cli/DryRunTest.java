package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DryRunTest {
    @TempDir
    Path folder;

    private final List<String> arguments = new ArrayList<>();

    @BeforeEach
    void files() throws IOException {
        arguments.addAll(List.of(
                "score",
                CommandRun.network(folder, 1).toString(),
                CommandRun.network(folder, 2).toString(),
                "--inputs",
                CommandRun.images(folder, 12).toString(),
                "--dry-run"));
    }

    private CommandRun run(String... more) {
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void aScoreHasThePlanOfAStudyAndStoresNothing() throws IOException {
        var out = folder.resolve("out");
        var document = run("--repeats", "3", "--out", out.toString(), "--format", "json")
                .document();
        assertEquals("stir-plan", ResultFormatsTest.validate(document));
        assertEquals("net1", document.at("/models/0/name").asText());
        assertEquals(6, document.at("/work/inversions").asInt());
        assertEquals(6 * 12 * 1001, document.at("/work/search_passes").asInt());
        assertTrue(document.at("/estimate/inversion_seconds").asDouble() > 0);
        assertTrue(document.at("/estimate/comparison_seconds").asDouble() > 0);
        assertFalse(Files.exists(out));
    }

    @Test
    void theNetworksHaveTheNamesOfTheirFiles() {
        var text = run("--curve", "10,100").out();
        assertTrue(text.startsWith("net1  hidden  6  tiny\nnet2  hidden  6  tiny\n"), text);
        assertTrue(text.contains("\ninversions   6 "), text);
        assertTrue(text.contains("\ntime         about "), text);
    }

    @Test
    void aSearchHasAPlanWithoutComparisonsAndStoresNothing() throws IOException {
        arguments.set(0, "invert");
        arguments.remove(2);
        var out = folder.resolve("out");
        arguments.addAll(List.of("--out", out.toString(), "--optimizer", "fast"));
        var text = run("--spread", "4").out();
        assertTrue(text.startsWith("net1  hidden  6  tiny\n12 inputs of 1x4x4 "), text);
        assertTrue(text.contains("\ninversions  4 "), text);
        assertTrue(text.contains("\npasses      4848            forward and backward"), text);
        assertFalse(text.contains("compar"), text);
        var document = run("--format", "json").document();
        assertEquals("stir-plan", ResultFormatsTest.validate(document));
        assertEquals(4 * 12 * 101, document.at("/work/search_passes").asInt());
        assertEquals(0, document.at("/work/comparisons").asInt());
        assertTrue(document.at("/estimate/inversion_seconds").asDouble() > 0);
        assertEquals(0, document.at("/estimate/comparison_seconds").asDouble());
        assertFalse(Files.exists(out));
    }

    @Test
    void mistakesAreRefusedAsByTheScoreItself() {
        assertTrue(run("--layer-a", "hiden").failure(2).contains("'hiden'"));
    }
}
