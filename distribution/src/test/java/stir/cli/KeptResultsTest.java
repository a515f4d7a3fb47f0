package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the results that commands keep in {@code --out} and reuse. */
class KeptResultsTest {
    @TempDir
    Path folder;

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
        try (Stream<Path> paths = Files.walk(out)) {
            for (Path file : paths.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(out.resolve("logs")))
                    .toList()) {
                files.put(out.relativize(file).toString(), Arrays.toString(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    private static void assertDone(CommandRun run) {
        assertEquals(0, run.code(), run.err());
    }

    /** Returns the lines of the last log that count computed and reused searches. */
    private String searches() throws IOException {
        int run = 1;
        while (Files.exists(out.resolve("logs/run-" + (run + 1) + ".log"))) {
            run++;
        }
        return Files.readString(out.resolve("logs/run-" + run + ".log"));
    }

    @Test
    void aCompleteScoreIsReused() throws IOException {
        var first = run(score);
        assertDone(first);
        var saved = files();
        assertEquals(
                List.of(
                        "differences.csv",
                        "inputs.csv",
                        "inputs.npy",
                        "invariant-net1.npy",
                        "invariant-net2.npy",
                        "names.csv",
                        "parts.csv",
                        "picture.png",
                        "result.json",
                        "results.csv",
                        "study.json"),
                saved.keySet().stream().filter(name -> !name.contains("/")).toList());
        assertTrue(saved.containsKey("searches/net1/hidden/thorough/repeat-2/rows.csv"));
        assertTrue(saved.containsKey("scores/net2/net1.json"));
        var again = run(score);
        assertDone(again);
        assertEquals(first.out(), again.out());
        assertEquals("", again.err());
        assertTrue(searches().contains("inversions: 4 of 4 (0 made now, 4 reused)"), searches());
        assertTrue(searches().contains("(0 computed now, 6 reused)"), searches());
        assertEquals(saved, files());
    }

    /** A folder of somebody else's may hold a link in place of any file that a run writes. */
    @Test
    void nothingIsWrittenThroughALink() throws IOException {
        assertDone(run(invert));
        var saved = Files.createDirectory(folder.resolve("saved"));
        copy(out, saved);
        var names = new ArrayList<>(List.of("logs/run-2.log"));
        try (Stream<Path> paths = Files.walk(saved)) {
            paths.filter(Files::isRegularFile)
                    .forEach(file -> names.add(saved.relativize(file).toString()));
        }
        assertTrue(names.contains("logs/lock"), names.toString());
        for (String name : names) {
            var target = Files.writeString(folder.resolve("target"), "somebody's file");
            for (var link : List.of(target, folder.resolve("none"))) {
                copy(saved, out);
                Files.deleteIfExists(out.resolve(name));
                Files.createSymbolicLink(out.resolve(name), link);
                run(invert);
                assertEquals("somebody's file", Files.readString(target), name);
                assertFalse(Files.exists(folder.resolve("none")), name);
            }
        }
    }

    @Test
    void aLinkInPlaceOfTheLockIsRefused() throws IOException {
        assertDone(run(invert));
        var lock = out.resolve("logs/lock");
        Files.delete(lock);
        Files.createSymbolicLink(lock, folder.resolve("none"));
        var refused = run(invert);
        assertEquals(2, refused.code());
        assertTrue(
                refused.err().contains("lock is a link, through which nothing is written: remove it."), refused.err());
    }

    /** Makes a folder the same as another. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(to)) {
            for (Path file : paths.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                Files.delete(file);
            }
        }
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path file : paths.toList()) {
                var copied = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copied);
                } else {
                    Files.copy(file, copied);
                }
            }
        }
    }

    @Test
    void resultsOfAnotherSearchStayAndAreNamed() throws IOException {
        assertDone(run(score));
        var saved = files();
        var other = run(score, "--optimizer", "fast");
        assertDone(other);
        assertEquals(
                "stir: note: the folder also contains results of another search (thorough), which remain stored; the answer, tables and reports describe fast.\n",
                other.err());
        var both = files();
        assertEquals(
                saved.get("searches/net1/hidden/thorough/repeat-1/rows.csv"),
                both.get("searches/net1/hidden/thorough/repeat-1/rows.csv"));
        assertEquals("", run(score, "--optimizer", "fast", "--quiet").err());
        var again = run(score);
        assertTrue(again.err().contains("another search (fast), which remain stored"), again.err());
        assertTrue(searches().contains("(0 made now, 4 reused)"), searches());
        assertTrue(searches().contains("another search (fast)"), searches());
    }

    @Test
    void onlyMissingResultsAreComputedAgain() throws IOException {
        assertDone(run(score));
        var saved = files();
        for (String lost : List.of(
                "searches/net2/hidden/thorough/repeat-1/search.json",
                "searches/net2/hidden/thorough/repeat-2/rows.csv",
                "scores/net1/net2.json",
                "result.json")) {
            Files.delete(out.resolve(lost));
        }
        assertDone(run(score));
        assertTrue(searches().contains("(2 made now, 2 reused)"), searches());
        assertEquals(saved, files());
    }

    @Test
    void batchSizeAndThreadsDoNotInvalidateResults() throws IOException {
        assertDone(run(invert, "--batch-size", "1", "--threads", "1"));
        var saved = files();
        saved.keySet().removeAll(List.of("result.json", "study.json")); // tell the batch size
        for (var size : List.of("7", "100")) {
            for (String name : files().keySet()) {
                Files.delete(out.resolve(name));
            }
            assertDone(run(invert, "--batch-size", size, "--threads", "2"));
            var others = files();
            others.keySet().removeAll(List.of("result.json", "study.json"));
            assertEquals(saved, others);
        }
        assertDone(run(invert, "--batch-size", "2"));
        assertFalse(searches().contains("search/"), searches());
    }

    @Test
    void theFolderOfOtherModelsIsRefusedUnlessForced() throws IOException {
        assertDone(run(score));
        var saved = files();
        var sentence = run(invert).failure(2);
        assertTrue(sentence.contains("contains a study of other models (net2): choose another folder"), sentence);
        assertEquals(saved, files());
        assertDone(run(invert, "--force"));
        assertTrue(Files.exists(out.resolve("searches/net1/hidden/thorough/repeat-1/rows.csv")));
    }

    @Test
    void otherSettingsAreRefusedByNameUnlessForced() throws IOException {
        assertDone(run(invert));
        var saved = files();
        var sentence = run(invert, "--rng-seed", "3").failure(2);
        assertTrue(
                sentence.contains("rng-seed was 0 and is 3")
                        && sentence.contains("or choose another folder (options: --force, --out)."),
                sentence);
        assertEquals(saved, files());
        assertDone(run(invert, "--rng-seed", "3", "--force"));
        assertFalse(saved.equals(files()));
        assertDone(run(invert, "--force"));
        assertEquals(saved, files());
    }

    @Test
    void anotherMeasureScoresTheStoredSearches() throws IOException {
        assertDone(run(score));
        var first = files();
        assertDone(run(score, "--measure", "cca"));
        assertTrue(searches().contains("(0 made now, 4 reused)"), searches());
        assertFalse(searches().contains("search/"), searches());
        var invariant = "searches/net1/hidden/thorough/repeat-1/invariant.npy";
        assertEquals(first.get(invariant), files().get(invariant));
        var table = Files.readString(out.resolve("results.csv"));
        assertTrue(
                CommandRun.rows(table).stream()
                        .allMatch(row -> CommandRun.cell(row, "measure").equals("cca")),
                table);
        assertEquals(4, CommandRun.rows(table).size());
        assertFalse(table.contains("linear-cka"), table);
    }

    @Test
    void aReportCanBeMadeOfTheFolderOfAScore() throws IOException {
        assertDone(run(score));
        var run = CommandRun.of("report", out.toString());
        assertDone(run);
        assertTrue(run.out().contains("report.html: 4 of 4 scores, "), run.out());
        var page = Files.readString(out.resolve("report.html"));
        assertTrue(page.contains("\"command\":\"stir score "), "the command to repeat it");
    }

    @Test
    void otherInputsAreRefused() {
        assertDone(run(invert));
        CommandRun.images(folder, 5);
        assertTrue(run(invert).failure(2).contains("the inputs: count was 6 and is 5"));
    }

    @Test
    void networksAreIdentifiedByTheirContent() throws IOException {
        assertDone(run(invert));
        CommandRun.network(folder, 1); // the same bytes under the same name
        assertDone(run(invert));
        Files.writeString(folder.resolve("net1.tiny"), "9");
        assertTrue(run(invert).failure(2).contains("sha256 was "));
    }

    @Test
    void aFolderOfOtherFilesIsRefusedInOneSentence() throws IOException {
        Files.createDirectories(out.resolve("search-a"));
        Files.writeString(out.resolve("manifest.txt"), "kind: comparison\n");
        Files.writeString(out.resolve("result.json"), "{}");
        var sentence = run(score).failure(2);
        assertTrue(
                sentence.contains(
                        " is not empty: choose a new folder with --out, or overwrite its files with --force."),
                sentence);
        assertEquals("{}", Files.readString(out.resolve("result.json")));
    }

    @Test
    void resultsOfAnotherMachineAreRefusedUnlessAllowed() throws IOException {
        assertDone(run(score));
        var file = out.resolve("study.json");
        var changed = Files.readString(file).replaceAll("\"java\" : \"\\d+\"", "\"java\" : \"5\"");
        assertFalse(changed.equals(Files.readString(file)));
        Files.writeString(file, CommandRun.withChecksum(changed));
        var sentence = run(score).failure(2);
        assertTrue(sentence.contains("java is 5 there and "), sentence);
        assertTrue(
                sentence.contains("or allow the mix (options: --out, --allow-mixed-machines of `stir cluster`)."),
                sentence);
        assertFalse(sentence.contains("--cpu-isa"), "Java's version can't be pinned: " + sentence);
        var cluster = new ArrayList<>(List.of("cluster"));
        cluster.addAll(score);
        assertDone(run(cluster, "--allow-mixed-machines"));
        var recorded = Files.readString(file);
        assertTrue(recorded.contains("\"command\" : \"stir cluster score "), recorded);
    }

    @Test
    void representationsAreKeptOnDemand() throws IOException {
        assertDone(run(score));
        assertFalse(Files.exists(out.resolve("representations")));
        Files.delete(out.resolve("scores/net1/net2.json"));
        assertDone(run(score, "--keep-representations"));
        assertTrue(
                files().keySet().stream().anyMatch(name -> name.startsWith("representations/net1/")),
                files().keySet()::toString);
    }

    @Test
    void aHalfWrittenFileIsReplaced() throws IOException {
        assertDone(run(invert));
        var saved = files();
        Files.writeString(out.resolve(".stir-unfinished-result.json-1"), "{");
        assertDone(run(invert));
        assertEquals(saved, files());
    }
}
