package stir.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.cli.CommandRun.cell;
import static stir.cli.CommandRun.direction;
import static stir.cli.CommandRun.rows;
import static stir.cli.CommandRun.values;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.core.Stir;
import stir.core.io.arrays.NpyReader;
import stir.core.score.Quantity;
import stir.core.score.StudiedLayer;
import stir.core.score.Verdict;
import stir.core.study.RunOptions;
import stir.core.study.StoredStudy;
import stir.core.study.StudyListener;
import stir.core.study.file.ExperimentFile;
import stir.core.study.results.StudyResults;

class MatrixCommandTest {
    private static final int LAYERS = 2;

    @TempDir
    Path folder;

    @BeforeEach
    void files() throws IOException {
        for (int seed = 1; seed <= 5; seed++) {
            CommandRun.network(folder, seed);
        }
        CommandRun.images(folder, 12);
    }

    /** An experiment of the first networks, at both of their layers. */
    private Path experiment(int models, String more) throws IOException {
        var text = new StringBuilder("models:\n");
        for (int seed = 1; seed <= models; seed++) {
            text.append("  - {name: n%d, file: net%d.tiny, layers: [\"*\"]}\n".formatted(seed, seed));
        }
        text.append("inputs: images.npy\n").append(more);
        return Files.writeString(folder.resolve("study.yaml"), text);
    }

    private static final String SHORT = "search: {iterations: 8}\n";

    private StudyResults run(Path experiment, String out) {
        try (var checked = Stir.load().check(ExperimentFile.read(experiment))) {
            return checked.study().run(folder.resolve(out), RunOptions.DEFAULT, StudyListener.SILENT);
        }
    }

    @Test
    void matrixStoresTheValuesOfScore() throws IOException {
        var experiment = experiment(2, "measures: [linear-cka, procrustes]\n" + SHORT);
        var out = folder.resolve("out");
        // Widths differ between the layers, which procrustes does not mind.
        var document = CommandRun.of("matrix", experiment.toString(), "--out", out.toString(), "--format", "json")
                .document();
        assertEquals(2 * LAYERS, document.at("/work/inversions").asInt());
        assertEquals(16, document.at("/directions").size());
        var score = CommandRun.of(
                        "score",
                        folder.resolve("net1.tiny").toString(),
                        folder.resolve("net2.tiny").toString(),
                        "--inputs",
                        folder.resolve("images.npy").toString(),
                        "--iterations",
                        "8",
                        "--measure",
                        "linear-cka",
                        "--measure",
                        "procrustes",
                        "--format",
                        "json")
                .document();
        var results = run(experiment, "out");
        var studyScore = results.score(new StudiedLayer("n2", "hidden"), new StudiedLayer("n1", "hidden"))
                .orElseThrow();
        for (var measure : List.of("linear-cka", "procrustes")) {
            var expected = values(direction(score, "net2"), measure);
            var values = studyScore.of(measure);
            for (var quantity : List.of(
                    Quantity.STIR,
                    Quantity.SIMILARITY,
                    Quantity.CEILING,
                    Quantity.SEED_FLOOR,
                    Quantity.PERMUTATION_FLOOR)) {
                var value = expected.path(quantity.key()).path("value");
                assertTrue(value.isDouble(), quantity + ": " + expected);
                assertEquals(value.asDouble(), values.of(quantity).value().orElseThrow(), quantity + " by " + measure);
            }
            assertEquals(
                    expected.at("/stir/low").asDouble(),
                    values.stir().interval().orElseThrow().low());
            assertEquals(expected.path("p").asDouble(-1), values.p().orElseThrow());
        }
        assertEquals(
                direction(score, "net2").at("/verdict/word").asText(),
                studyScore.verdict().word().toString());
        var outcomes = direction(score, "net2").path("outcomes");
        assertEquals(
                outcomes.path("class_agreement").asDouble(),
                studyScore.outcomes().classAgreement().orElseThrow());
        assertEquals(
                outcomes.at("/target_moved/mean").asDouble(),
                studyScore.outcomes().targetMoved().orElseThrow().mean());
        var rows = rows(Files.readString(out.resolve("results.csv")));
        assertEquals(16 * 2, rows.size(), "a row for each pair and measure");
        for (var row : rows) {
            var at = results.score(
                            new StudiedLayer(cell(row, "target"), cell(row, "target_layer")),
                            new StudiedLayer(cell(row, "reference"), cell(row, "reference_layer")))
                    .orElseThrow();
            assertEquals(
                    at.of(cell(row, "measure")).stir().value().orElseThrow(),
                    Double.parseDouble(cell(row, "stir")),
                    row::toString);
            boolean decides = cell(row, "measure").equals(at.measure());
            assertEquals(decides ? at.verdict().word().toString() : "", cell(row, "verdict"));
            assertEquals(decides ? at.verdict().reason() : "", cell(row, "reason"));
        }
        assertArrayEquals(
                new int[] {12, 1, 4, 4},
                NpyReader.open(out.resolve("searches/n1/hidden/thorough/repeat-1/invariant.npy"))
                        .shape());
        assertEquals(
                document.at("/directions/0/measures/linear-cka/stir/value").asDouble(),
                results.scores().get(0).of("linear-cka").stir().value().orElseThrow());
    }

    /** The document on standard output is that of the folder, with the counts of the run. */
    @Test
    void theDocumentOfTheFolderHasTheVerdicts() throws IOException {
        var out = folder.resolve("stored");
        var command = List.of("matrix", experiment(2, SHORT).toString(), "--out", out.toString(), "--format", "json");
        var printed = (ObjectNode) CommandRun.of(command.toArray(String[]::new)).document();
        var stored = new JsonMapper().readTree(out.resolve("result.json").toFile());
        assertEquals(out.toString(), printed.remove("folder").asText());
        assertEquals(4, printed.remove("work").size());
        assertEquals(stored, printed);
        for (var direction : stored.path("directions")) {
            var verdict = direction.path("verdict");
            var word = verdict.path("word").asText();
            assertTrue(
                    Arrays.stream(Verdict.values())
                            .anyMatch(one -> one.toString().equals(word)),
                    verdict::toString);
            assertEquals(word.equals("INCONCLUSIVE"), verdict.path("gap").isTextual());
            assertEquals(
                    word.equals("INCONCLUSIVE"),
                    !verdict.path("reason").asText().isEmpty()
                            && verdict.path("advice").size() > 0
                            && !word.equals("NOTHING TO IGNORE"));
        }
        int inconclusive = 0;
        for (var reason : stored.path("inconclusive")) {
            inconclusive += reason.path("count").asInt();
            assertFalse(reason.path("problem").asText().isEmpty());
            assertTrue(reason.path("advice").size() > 0, reason::toString);
        }
        int counted = 0;
        for (var direction : stored.path("directions")) {
            counted += direction.at("/verdict/word").asText().equals("INCONCLUSIVE") ? 1 : 0;
        }
        assertEquals(counted, inconclusive);
        for (var network : stored.path("networks")) {
            assertEquals("tiny", network.path("backend").asText());
            assertTrue(network.has("library"), network::toString);
        }
    }

    @Test
    void optionsOverrideTheFile() throws IOException {
        var experiment = experiment(2, "limit: 10\nmemory: 2g\n" + SHORT);
        var out = folder.resolve("overridden");
        var run = CommandRun.of(
                "matrix",
                experiment.toString(),
                "--out",
                out.toString(),
                "--limit",
                "6",
                "--memory",
                "500m",
                "--threads",
                "1",
                "--device",
                "cpu",
                "--batch-size",
                "3",
                "--keep-representations");
        assertEquals(0, run.code(), run.err());
        var study = StoredStudy.open(out);
        assertEquals(6, study.inputCount());
        assertEquals(500_000_000, study.memory());
        assertTrue(study.command().endsWith("--keep-representations"), study.command());
        assertArrayEquals(
                new int[] {6, 6},
                NpyReader.open(out.resolve("representations/n1/hidden/inputs.npy"))
                        .shape());
        var refused =
                CommandRun.of("matrix", experiment.toString(), "--limit", "0").failure(2);
        assertTrue(refused.contains("at least 1"), refused);
    }

    @Test
    void forceReplacesResultsOfOtherSettings() throws IOException {
        var out = folder.resolve("forced").toString();
        var first = experiment(2, SHORT).toString();
        assertEquals(0, CommandRun.of("matrix", first, "--out", out).code());
        var second = experiment(2, "search: {iterations: 9}\n").toString();
        var sentence = CommandRun.of("matrix", second, "--out", out).failure(2);
        assertTrue(sentence.contains("(options: --force, --out)."), sentence);
        assertEquals(0, CommandRun.of("matrix", second, "--out", out, "--force").code());
        assertEquals(
                9L, StoredStudy.open(Path.of(out)).searches().get(0).settings().get("iterations"));
    }

    @Test
    void problemsOfFileAndModelsAreReportedTogether() throws IOException {
        var file = Files.writeString(folder.resolve("wrong.yaml"), """
                        models:
                          - name: one
                            file: net1.tiny
                            layers: [hiden, "lo*"]
                          - name: two
                            file: net2.tiny
                            layers: ["z*"]
                            bakend: tiny
                        inputs: images.npy
                        measures: [linear-cak]
                        search: {seed: other-class}
                        pairs:
                          - {reference: one, target: three}
                        """);
        var run = CommandRun.of("matrix", file.toString());
        assertEquals(2, run.code());
        var lines =
                run.err().lines().map(line -> line.replace(folder + "/", "")).toList();
        var expected = List.of(
                "stir: wrong.yaml:4: net1.tiny: There is no layer 'hiden'",
                "stir: wrong.yaml:7: net2.tiny: No layer matches 'z*'",
                "stir: wrong.yaml:8: There is no key 'bakend' in a model: is it 'backend'?",
                "stir: wrong.yaml:10: There is no",
                "stir: wrong.yaml:11: The seed other-class needs the inputs' labels",
                "stir: wrong.yaml:13: There is no model 'three'");
        assertEquals(expected.size(), lines.size(), run.err());
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(lines.get(i).startsWith(expected.get(i)), lines.get(i));
        }
    }

    @Test
    void aLineBreakInANameForgesNoMessage() throws IOException {
        var file = folder.resolve("forged.yaml");
        Files.writeString(file, "models: []\n\"k\\nstir: 2\": 1\ninputs: \"p\\nstir: q\"\n");
        var lines = CommandRun.of("matrix", file.toString()).err().lines().toList();
        assertEquals(3, lines.size(), lines::toString);
        assertTrue(lines.stream().allMatch(line -> line.startsWith("stir: " + file)), lines::toString);
    }

    @Test
    void aDryRunListsTheWorkAndStoresNothing() throws IOException {
        var experiment = experiment(
                3,
                SHORT
                        + "repeats: 2\npairs: [{reference: n1, target: \"n[23]\"}, {reference: n2, target: n3, target-layer: logits}]\n");
        var refused = CommandRun.of("matrix", experiment.toString(), "--dry-run");
        assertTrue(refused.failure(2).contains("There is no model 'n[23]'"), refused.err());
        experiment = experiment(
                3,
                SHORT
                        + "repeats: 2\npairs: [{reference: n1, target: \"n?\"}, {reference: n2, target: n3, target-layer: logits}]\n");
        var out = folder.resolve("never");
        var document = CommandRun.of(
                        "matrix", experiment.toString(), "--dry-run", "--out", out.toString(), "--format", "json")
                .document();
        assertEquals(2 * LAYERS * 2, document.at("/work/inversions").asInt());
        int pairs = 2 * 6 + 2;
        assertEquals(2 * pairs + pairs, document.at("/work/comparisons").asInt());
        assertEquals(8 * 12 * 9, document.at("/work/search_passes").asInt());
        assertTrue(document.at("/estimate/inversion_seconds").asDouble() > 0);
        assertTrue(document.at("/estimate/disk_bytes").asLong() > 12 * 16 * 4);
        assertFalse(Files.exists(out));
        var text = CommandRun.of("matrix", experiment.toString(), "--dry-run").out();
        assertTrue(text.contains("4 x 1 x 2: reference layers, searches, repeats"), text);
    }
}
