package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What commands keep in {@code --out}, and find there when they are run again. */
class KeptResultsTest {
    @TempDir Path folder;
    private Path out;
    private List<String> score;
    private List<String> invert;

    @BeforeEach
    void commands() throws IOException {
        var a = CommandRun.network(folder, 1).toString();
        var b = CommandRun.network(folder, 2).toString();
        var images = CommandRun.images(folder, 6).toString();
        out = folder.resolve("out");
        score = command("score", a, b, "--inputs", images, "--repeats", "2");
        invert = command("invert", a, "--inputs", images);
    }

    private List<String> command(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--iterations", "20", "--out", out.toString()));
        return all;
    }

    private static CommandRun run(List<String> command, String... more) {
        var all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private Map<String, String> files() throws IOException {
        var files = new TreeMap<String, String>();
        try (Stream<Path> found = Files.walk(out)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(
                        out.relativize(file).toString(), Arrays.toString(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    private static void assertDone(CommandRun run) {
        assertEquals(0, run.code(), run.err());
    }

    @Test
    void aScoreThatIsCompleteIsUsedAsItIs() throws IOException {
        var first = run(score);
        assertDone(first);
        var saved = files();
        assertEquals(
                List.of(
                        "inputs.csv",
                        "invariant-a.npy",
                        "invariant-b.npy",
                        "manifest.txt",
                        "picture.png",
                        "result.json"),
                saved.keySet().stream().filter(name -> !name.startsWith("search-")).toList());
        var again = run(score);
        assertDone(again);
        assertEquals(first.out(), again.out());
        assertEquals(4, again.err().lines().count(), again.err());
        assertTrue(again.err().lines().allMatch(line -> line.contains("complete")), again.err());
        assertEquals(saved, files());
    }

    @Test
    void whatIsMissingIsMadeAgainAndOnlyThat() throws IOException {
        assertDone(run(score));
        var saved = files();
        for (String lost : List.of("search-b/manifest.txt", "search-b/rows.csv", "result.json")) {
            Files.delete(out.resolve(lost));
        }
        var again = run(score);
        assertDone(again);
        assertEquals(3, again.err().lines().count(), again.err());
        assertEquals(saved, files());
    }

    @Test
    void batchSizeAndThreadsAreNoOtherSettings() throws IOException {
        assertDone(run(invert, "--batch-size", "1", "--threads", "1"));
        var saved = files();
        saved.remove("result.json"); // tells the batch size
        for (var size : List.of("7", "100")) {
            for (String name : files().keySet()) {
                Files.delete(out.resolve(name));
            }
            assertDone(run(invert, "--batch-size", size, "--threads", "2"));
            var others = files();
            others.remove("result.json");
            assertEquals(saved, others);
        }
        assertTrue(run(invert, "--batch-size", "2").err().contains("complete"));
    }

    @Test
    void otherSettingsAreRefusedByNameUnlessForced() throws IOException {
        assertDone(run(invert));
        var saved = files();
        var sentence = run(invert, "--rng-seed", "3").failure(2);
        assertTrue(
                sentence.contains("rng-seed is '0' there and '3' here")
                        && sentence.contains("--out")
                        && sentence.contains("--force"),
                sentence);
        assertTrue(run(score).failure(2).contains("kind is 'search' there and 'comparison' here"));
        assertEquals(saved, files());
        assertDone(run(invert, "--rng-seed", "3", "--force"));
        assertFalse(saved.equals(files()));
        assertDone(run(invert, "--force"));
        assertEquals(saved, files());
    }

    @Test
    void anotherMeasureIsRefusedAndForcedReusesTheSearches() {
        assertDone(run(score));
        var sentence = run(score, "--measure", "cca").failure(2);
        assertTrue(sentence.contains("measures is 'linear-cka' there and 'cca' here"), sentence);
        var forced = run(score, "--measure", "cca", "--force");
        assertDone(forced);
        assertEquals(4, forced.err().lines().count(), forced.err());
    }

    @Test
    void otherInputsAreRefused() {
        assertDone(run(invert));
        CommandRun.images(folder, 5);
        assertTrue(run(invert).failure(2).contains("inputs is '6' there and '5' here"));
    }

    @Test
    void networksAreToldByTheirContent() throws IOException {
        assertDone(run(invert));
        CommandRun.network(folder, 1); // the same bytes under the same name
        assertDone(run(invert));
        Files.writeString(folder.resolve("net1.tiny"), "9");
        assertTrue(run(invert).failure(2).contains("network-sha256"));
    }

    @Test
    void aHalfWrittenResultIsNotInTheWay() throws IOException {
        assertDone(run(invert));
        var saved = files();
        Files.createDirectories(out.resolve(".stir-unfinished-results-123/results"));
        Files.writeString(out.resolve(".stir-unfinished-results-123/results/result.json"), "{");
        assertDone(run(invert));
        assertEquals(saved, files());
    }
}
