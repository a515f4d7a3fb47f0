package stir.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.cli.CommandRun.cell;
import static stir.cli.CommandRun.direction;
import static stir.cli.CommandRun.rows;
import static stir.cli.CommandRun.values;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import stir.core.io.arrays.NpyReader;

/** The documents, tables and folders that `stir score` writes. */
class ScoreFilesTest extends ScoredDigits {
    @Test
    void documentHoldsBothDirections() throws IOException {
        var document = score(
                        "--optimizer",
                        "published",
                        "--iterations",
                        "50",
                        "--limit",
                        "10",
                        "--norm",
                        "inf",
                        "--seed",
                        "uniform",
                        "--no-fake-relu",
                        "--format",
                        "json")
                .document();
        assertEquals(a, document.at("/networks/0/file").asText());
        assertEquals("net1", document.at("/networks/0/name").asText());
        assertEquals("hidden", document.at("/networks/1/layers/0/name").asText());
        assertEquals(10, document.at("/inputs/count").asInt());
        for (var target : List.of("net1", "net2")) {
            var score = direction(document, target);
            var values = values(score, "linear-cka");
            double value = values.at("/stir/value").asDouble(-1);
            assertTrue(value > 0 && value <= 1, document::toString);
            var residual = score.at("/search/residual");
            assertTrue(residual.path("mean").isDouble());
            assertTrue(
                    residual.path("max").asDouble() >= residual.path("median").asDouble());
            assertEquals(51, score.at("/search/passes").asDouble());
            for (var baseline : List.of("ceiling", "seed_floor", "permutation_floor")) {
                assertTrue(values.path(baseline).path("value").isDouble(), baseline);
            }
        }
        assertEquals("inf", document.at("/settings/searches/0/norm").asText());
        assertEquals("uniform", document.at("/settings/searches/0/seed").asText());
        assertFalse(document.at("/settings/searches/0/fake_relu").asBoolean(true));
        assertTrue(document.at("/versions/stir").isTextual());
    }

    @Test
    void savesInvariantInputsDocumentAndPicture() throws IOException {
        var out = folder.resolve("new/result");
        var run = score("--iterations", "5", "--out", out.toString(), "--format", "json");
        assertEquals(
                run.document(),
                new JsonMapper().readTree(out.resolve("result.json").toFile()));
        try (var invariant = NpyReader.open(out.resolve("invariant-net1.npy"))) {
            assertArrayEquals(new int[] {12, 1, 4, 4}, invariant.shape());
        }
        assertTrue(Files.exists(out.resolve("invariant-net2.npy")));
        var picture = ImageIO.read(out.resolve("picture.png").toFile());
        assertEquals(12 * (84 + 4) + 4, picture.getWidth());
        assertEquals(3 * (84 + 4) + 4, picture.getHeight());
        try (var files = Files.list(out.resolveSibling("."))) {
            assertEquals(1, files.count(), "nothing but the result");
        }
    }

    private static final List<String> KEYS = List.of(
            "schema",
            "command",
            "networks",
            "inputs",
            "measures",
            "settings",
            "directions",
            "inconclusive",
            "differences",
            "differences_left_out",
            "cautions",
            "versions");

    @Test
    void theDocumentHasTheKeysThatProgramsRead() throws IOException {
        var document = score("--iterations", "5", "--format", "json").document();
        assertEquals("stir-score/3", document.path("schema").asText());
        assertEquals(KEYS, names(document));
        assertEquals(2, document.path("directions").size());
        var score = direction(document, "net1");
        assertEquals(
                words("target target_layer reference reference_layer measure verdict measures"
                        + " shared_metamers search outcomes cautions"),
                names(score));
        assertEquals("net2", score.path("reference").asText());
        assertEquals("linear-cka-debiased", score.path("measure").asText());
        // Some searches converge within 5 iterations, and others do not.
        assertEquals(
                words("stir similarity ceiling seed_floor permutation_floor input_similarity"
                        + " corrected converged_only permutation_test p"),
                names(values(score, "linear-cka-debiased")));
        assertEquals(
                words("value low high prediction_low prediction_high"),
                names(values(score, "linear-cka").path("stir")));
        for (var key : words("name repeat residual tolerance converged accepted threshold moved"
                + " distance_from_input passes restarted ignores_nothing fake_relu"
                + " class_layer different_inputs")) {
            assertTrue(score.path("search").has(key), key);
        }
        for (var key : words(
                "target_moved target_moved_in_units threshold pointwise class_agreement class_layer classes components")) {
            assertTrue(score.path("outcomes").has(key), key);
        }
        assertEquals(words("mean median max"), names(score.at("/search/residual")));
        assertEquals(
                words("name file sha256 backend library device settings mean std input" + " layers machine"),
                names(document.at("/networks/0")));
        assertEquals(1_000_000_000, document.at("/settings/memory").asLong());
    }

    private static List<String> words(String joined) {
        return List.of(joined.split(" ", -1));
    }

    private static List<String> names(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    @Test
    void refusesAnUnwritableFolderBeforeTheWork() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "x");
        for (Path out : new Path[] {file, file.resolve("below"), Path.of("/proc/stir")}) {
            var run = score("--iterations", "1000000", "--out", out.toString());
            assertTrue(run.failure(2).contains(out.toString()), run.err());
        }
    }

    @Test
    void tablesForAPaperHoldTheValues() {
        var run = score("--iterations", "5", "--format", "csv");
        var rows = rows(run.out());
        assertEquals(
                List.of(
                        "net1 net2 linear-cka",
                        "net1 net2 linear-cka-debiased",
                        "net2 net1 linear-cka",
                        "net2 net1 linear-cka-debiased"),
                rows.stream()
                        .map(row ->
                                "%s %s %s".formatted(cell(row, "target"), cell(row, "reference"), cell(row, "measure")))
                        .sorted()
                        .toList());
        assertTrue(
                run.out()
                        .startsWith(
                                "target,target_layer,reference,reference_layer,search,repeat,measure,verdict,gap,reason,stir,low,high,"),
                run.out());
        for (var row : rows) {
            assertTrue(cell(row, "stir").matches("-?[01]\\.\\d{3,}.*"), row::toString);
            assertTrue(cell(row, "similarity").matches("-?[01]\\.\\d{3,}.*"), row::toString);
        }
    }

    @Test
    void aTableInMarkdownHasWhatAReportNeeds() {
        var run = score("--iterations", "5", "--format", "markdown");
        assertTrue(
                run.out()
                        .contains(
                                "| measure | target | reference | STIR | 95 % interval | shared metamers | floor | S(X,X') | ceiling | p | similarity |"),
                run.out());
        assertTrue(
                run.out().matches("(?s).*\\| linear-cka-debiased \\| net1 \\| net2 \\| -?[01]\\.\\d\\d \\| \\[.*"),
                run.out());
    }

    @Test
    void refusesAFilledFolderUnlessForced() throws IOException {
        var out = Files.createDirectory(folder.resolve("filled"));
        Files.writeString(out.resolve("mine.txt"), "kept");
        var arguments = new String[] {
            "score", a, b, "--inputs", images, "--iterations", "2", "--out", out.toString(), "--format", "json"
        };
        assertTrue(CommandRun.of(arguments).failure(2).contains("--force"));
        var forced = Arrays.copyOf(arguments, arguments.length + 1);
        forced[arguments.length] = "--force";
        CommandRun.of(forced).document();
        assertEquals("kept", Files.readString(out.resolve("mine.txt")));
        assertTrue(Files.exists(out.resolve("result.json")));
    }
}
