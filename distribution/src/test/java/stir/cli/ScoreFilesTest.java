package stir.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.junit.jupiter.api.Test;

import stir.core.io.arrays.NpyReader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import javax.imageio.ImageIO;

/** The documents, tables and folders that `stir score` writes. */
class ScoreFilesTest extends ScoredDigits {
    @Test
    void documentHoldsBothDirections() throws IOException {
        var document =
                CommandRun.of(
                                "score",
                                a,
                                b,
                                "--inputs",
                                images,
                                "--optimizer",
                                "reference",
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
        assertEquals(a, document.at("/a/model").asText());
        assertEquals("hidden", document.at("/b/layer").asText());
        assertEquals(10, document.at("/inputs/count").asInt());
        for (String direction : new String[] {"a|b", "b|a"}) {
            var stir = document.at("/stir/" + direction);
            double value = stir.at("/linear-cka/value").asDouble(-1);
            assertTrue(value > 0 && value <= 1, document::toString);
            assertTrue(stir.at("/residual/mean").isDouble());
            assertTrue(
                    stir.at("/residual/max").asDouble() >= stir.at("/residual/median").asDouble());
            assertEquals(51, stir.at("/passes").asDouble());
            for (String baseline : new String[] {"self", "seed-only", "shuffled"}) {
                assertTrue(
                        document.at("/baseline/" + direction + "/" + baseline + "/linear-cka")
                                .isDouble());
            }
        }
        assertEquals("inf", document.at("/settings/norm").asText());
        assertEquals("uniform", document.at("/settings/seed").asText());
        assertFalse(document.at("/settings/fake-relu").asBoolean(true));
        assertTrue(document.at("/versions/stir").isTextual());
    }

    @Test
    void savesInvariantInputsDocumentAndPicture() throws IOException {
        var out = folder.resolve("new/result");
        var run =
                CommandRun.of(
                        "score",
                        a,
                        b,
                        "--inputs",
                        images,
                        "--iterations",
                        "5",
                        "--out",
                        out.toString(),
                        "--format",
                        "json");
        assertEquals(
                run.document(), new JsonMapper().readTree(out.resolve("result.json").toFile()));
        try (var invariant = NpyReader.open(out.resolve("invariant-a.npy"))) {
            assertArrayEquals(new int[] {12, 1, 4, 4}, invariant.shape());
        }
        assertTrue(Files.exists(out.resolve("invariant-b.npy")));
        var picture = ImageIO.read(out.resolve("picture.png").toFile());
        assertEquals(12 * (84 + 4) + 4, picture.getWidth());
        assertEquals(3 * (84 + 4) + 4, picture.getHeight());
        try (var files = Files.list(out.resolveSibling("."))) {
            assertEquals(1, files.count(), "nothing but the result");
        }
    }

    private static final List<String> KEYS =
            List.of(
                    "schema",
                    "a",
                    "b",
                    "inputs",
                    "similarity",
                    "similarity-ci",
                    "similarity-prediction",
                    "stir",
                    "baseline",
                    "differences",
                    "cautions",
                    "settings",
                    "versions");

    @Test
    void theDocumentHasTheKeysThatProgramsRead() throws IOException {
        var document =
                CommandRun.of(
                                "score",
                                a,
                                b,
                                "--inputs",
                                images,
                                "--iterations",
                                "5",
                                "--format",
                                "json")
                        .document();
        assertEquals("stir-score/2", document.path("schema").asText());
        assertEquals(KEYS, names(document));
        assertEquals(List.of("a|b", "b|a"), names(document.path("stir")));
        var direction = document.at("/stir/a|b");
        assertEquals(
                List.of("value", "ci", "prediction"),
                names(direction.path("linear-cka")).subList(0, 3));
        for (String key :
                ("linear-cka target-moved class-agreement class-layer residual converged"
                                + " converged-within passes restarted moved fake-relu verdict")
                        .split(" ", -1)) {
            assertTrue(direction.has(key), key);
        }
        assertEquals(List.of("mean", "median", "max"), names(direction.path("residual")));
        assertEquals(
                List.of("self", "seed-only", "shuffled", "inputs-only", "permutations"),
                names(document.at("/baseline/a|b")).subList(0, 5));
        assertEquals(
                List.of(
                        "model",
                        "sha256",
                        "backend",
                        "layer",
                        "representation",
                        "input",
                        "mean",
                        "std",
                        "device",
                        "threads",
                        "settings"),
                names(document.path("a")));
        assertEquals(1_000_000_000, document.at("/settings/memory").asLong());
    }

    private static List<String> names(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    @Test
    void refusesAnUnwritableFolderBeforeTheWork() throws IOException {
        var file = Files.writeString(folder.resolve("file"), "x");
        for (Path out : new Path[] {file, file.resolve("below"), Path.of("/proc/stir")}) {
            var run =
                    CommandRun.of(
                            "score",
                            a,
                            b,
                            "--inputs",
                            images,
                            "--iterations",
                            "1000000",
                            "--out",
                            out.toString());
            assertTrue(run.failure(2).contains(out.toString()), run.err());
        }
    }

    @Test
    void tablesForAPaperHoldTheValues() {
        var run =
                CommandRun.of(
                        "score", a, b, "--inputs", images, "--iterations", "5", "--format", "csv");
        var lines = run.out().lines().toList();
        assertEquals(1 + 4 + 4, lines.size(), run.out());
        assertTrue(
                lines.get(0).startsWith("measure,quantity,value,ci_low,ci_high,self"), run.out());
        assertTrue(lines.get(1).matches("linear-cka,\"S\\(a, b\\)\",0\\.\\d{5,}.*"), run.out());
        assertTrue(lines.get(2).matches("linear-cka,STIR\\(a \\| b\\),0\\.\\d{5,}.*"), run.out());
        assertTrue(lines.get(3).matches("linear-cka,STIR\\(b \\| a\\),0\\.\\d{5,}.*"), run.out());
        assertTrue(lines.get(5).startsWith("linear-cka-debiased,\"S(a, b)\","), run.out());
    }

    @Test
    void refusesAFilledFolderUnlessForced() throws IOException {
        var out = Files.createDirectory(folder.resolve("filled"));
        Files.writeString(out.resolve("mine.txt"), "kept");
        var arguments =
                new String[] {
                    "score",
                    a,
                    b,
                    "--inputs",
                    images,
                    "--iterations",
                    "2",
                    "--out",
                    out.toString(),
                    "--format",
                    "json"
                };
        assertTrue(CommandRun.of(arguments).failure(2).contains("--force"));
        var forced = Arrays.copyOf(arguments, arguments.length + 1);
        forced[arguments.length] = "--force";
        CommandRun.of(forced).document();
        assertEquals("kept", Files.readString(out.resolve("mine.txt")));
        assertTrue(Files.exists(out.resolve("result.json")));
    }
}
