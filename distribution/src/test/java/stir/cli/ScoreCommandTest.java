package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.cli.CommandRun.direction;
import static stir.cli.CommandRun.rows;
import static stir.cli.CommandRun.values;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.Shape;
import stir.cli.console.Console;
import stir.core.io.arrays.NpyWriter;

class ScoreCommandTest extends ScoredDigits {
    @Test
    void stirOfAGivenBIsTheSimilarityOfAOnInputsThatBInverted() throws IOException {
        var document = score("--iterations", "200", "--format", "json").document();
        var swapped = CommandRun.of("score", b, a, "--inputs", images, "--iterations", "200", "--format", "json")
                .document();
        var values = values(direction(document, "net1"), "linear-cka");
        assertEquals(
                values.at("/stir/value").asDouble(-1),
                values(direction(swapped, "net1"), "linear-cka")
                        .at("/stir/value")
                        .asDouble(),
                1e-9);
        // The reference finds its inputs: its own score is higher than the other network's.
        assertTrue(
                values.at("/ceiling/value").asDouble()
                        > values.at("/stir/value").asDouble(),
                values::toString);
    }

    @Test
    void searchesUntilConvergedAndReportsStirAtEachResidual() throws IOException {
        var run = score("--optimizer", "thorough", "--curve", "10,20", "--format", "json");
        var document = run.document();
        var searches = document.at("/settings/searches");
        assertEquals(3, searches.size());
        for (int i = 0; i < 3; i++) {
            var search = searches.path(i);
            assertEquals("thorough", search.path("optimizer").asText());
            assertEquals(0.005, search.path("tolerance").asDouble());
            assertEquals(List.of(1000, 10, 20).get(i), search.path("iterations").asInt());
            for (var target : List.of("net1", "net2")) {
                var score = ofSearch(document, target, search.path("name").asText());
                assertEquals(1, score.at("/search/converged").asDouble());
                assertEquals(0, score.at("/search/restarted").asInt(-1));
                double residual = score.at("/search/residual/mean").asDouble(Double.NaN);
                assertTrue(residual <= 0.005, document::toString); // linear: few steps solve it
                assertTrue(score.at("/search/moved").asDouble() > 0, document::toString);
                if (i == 0) {
                    double nearer = score.at("/search/nearer_at_most").asDouble(-1);
                    assertTrue(nearer >= 0 && nearer < 1, target + " nearer by " + nearer);
                    assertTrue(score.at("/search/nearer_known").asInt() > 0);
                    assertEquals(direction(document, target), score, "the longest search is first");
                }
            }
        }
    }

    private static JsonNode ofSearch(JsonNode document, String target, String search) {
        for (var direction : document.path("directions")) {
            if (direction.path("target").asText().equals(target)
                    && direction.at("/search/name").asText().equals(search)) {
                return direction;
            }
        }
        throw new AssertionError(target + " and " + search + " in " + document);
    }

    @Test
    void theCurveShowsResidualsAndDistancesNextToStir() {
        var run = score("--iterations", "20", "--curve", "1");
        var lines = run.out().lines().toList();
        int head = 0;
        while (!lines.get(head).equals("linear-cka-debiased by iterations")) {
            head++;
        }
        assertEquals(
                "iterations target STIR residual moved",
                lines.get(head + 1).strip().replaceAll(" +", " "));
        for (int line = 0; line < 4; line++) {
            var cells = lines.get(head + 2 + line).strip().split(" +", -1);
            assertEquals(line % 2 == 0 ? 5 : 4, cells.length, run.out());
            assertEquals(line % 2 == 0 ? "net1" : "net2", cells[cells.length - 4]);
        }
    }

    @Test
    void optionsOfANetworkApplyToItAlone() throws IOException {
        var document = score(
                        "--iterations",
                        "1",
                        "--mean-a",
                        "0.5",
                        "--std-a",
                        "0.25",
                        "--setting-b",
                        "gain=2",
                        "--layout-a",
                        "channels-first",
                        "--backend-a",
                        "tiny",
                        "--layer-b",
                        "hidden",
                        "--format",
                        "json")
                .document();
        assertEquals("[0.5]", document.at("/networks/0/mean").toString());
        assertEquals("[0.25]", document.at("/networks/0/std").toString());
        assertEquals("[]", document.at("/networks/1/mean").toString());
        assertEquals("{\"gain\":\"2\"}", document.at("/networks/1/settings").toString());
        assertEquals("{}", document.at("/networks/0/settings").toString());
    }

    @Test
    void detailsNameValuesAndFloors() {
        var run = score("--iterations", "5", "--details");
        assertEquals(0, run.code(), run.err());
        for (String part : new String[] {
            "\n  similarity ",
            "STIR(net1:hidden | net2:hidden), search thorough, repeat 1",
            "\n  ceiling ",
            "\n  seed_floor ",
            "\n  permutation_floor ",
            "\n  residual "
        }) {
            assertTrue(run.out().contains(part), run.out());
        }
    }

    @Test
    void aNetworkComparedWithItselfIsReported() {
        var itself = CommandRun.of("score", a, a, "--inputs", images, "--iterations", "2")
                .out();
        assertTrue(itself.contains("caution: Both networks are one layer of one file: STIR is the"), itself);
        assertTrue(itself.contains("How much of net1-a survives what net1-b ignores?"), itself);
        var other = score("--iterations", "2").out();
        assertFalse(other.contains("one layer of one file"), other);
    }

    @Test
    void inputsThatAreNotInvariantYetCauseACaution() {
        var begun = words("--optimizer", "published", "--iterations", "1", "--details");
        assertTrue(begun.contains("none is within 0.1: the searches have not converged"), begun);
        var done = words("--optimizer", "fast", "--details");
        assertFalse(done.contains("have not converged"), done);
        var answer = words("--optimizer", "published", "--iterations", "1");
        assertTrue(answer.contains(" only 0 of 12 searches found an accepted input, 90 % are needed "), answer);
        assertTrue(answer.matches(".* How much of net1 survives what net2 ignores\\? INCONCLUSIVE .*"), answer);
        assertFalse(answer.contains("have not converged"), answer);
        assertTrue(answer.contains(" next a longer search: stir score "), answer);
        assertTrue(answer.contains(" --optimizer thorough "), answer);
    }

    /** Returns the printed score with one blank for each space. */
    private String words(String... options) {
        var arguments = new ArrayList<>(List.of("score", a, b, "--inputs", images));
        arguments.addAll(List.of(options));
        var run = CommandRun.of(arguments.toArray(String[]::new));
        assertEquals(0, run.code(), run.err());
        return run.out().replaceAll("\\s+", " ");
    }

    @Test
    void coloursConvertedToGreyCauseACaution() throws IOException {
        var photos = folder.resolve("photos.npy").toString();
        var colours = Batch.allocate(6, Shape.of(3, 4, 4));
        for (int i = 0; i < 6 * colours.rowSize(); i++) {
            colours.buffer().put(i, i % 7 / 7f);
        }
        NpyWriter.write(Path.of(photos), colours);
        var said = "The inputs are in colour, and are converted to grey for models that take one channel: ";
        var score = CommandRun.of("score", a, b, "--inputs", photos, "--iterations", "1");
        assertTrue(score.out().replaceAll("\\s+", " ").contains("caution: " + said + "net1, net2."), score.out());
        var out = folder.resolve("out").toString();
        for (var command : List.of(
                List.of("invert", a, "--iterations", "1", "--out", out),
                List.of("represent", a, "--out", out + ".npy"),
                List.of("check", a))) {
            var arguments = new ArrayList<>(command);
            arguments.addAll(List.of("--inputs", photos));
            var run = CommandRun.of(arguments.toArray(String[]::new));
            var name = command.contains("invert") ? "net1." : "net1.tiny.";
            assertTrue(run.err().contains("warning: " + said + name), command + run.err());
        }
        var grey = score("--iterations", "1").out();
        assertFalse(grey.contains(said), grey);
    }

    @Test
    void directionsWhoseInputsWereKeptNearAreCompared() throws IOException {
        var document = score(
                        "--optimizer", "published", "--iterations", "3", "--ball", "l2:0.01@input", "--format", "json")
                .document();
        for (var target : List.of("net1", "net2")) {
            var score = direction(document, target);
            assertTrue(score.at("/search/distance_from_input/mean").asDouble(1) <= 0.02, score.toString());
            assertFalse(score.at("/search/ignores_nothing").asBoolean(true));
            assertNotEquals("NOTHING TO IGNORE", score.at("/verdict/word").asText());
            assertTrue(score.at("/verdict/word").isTextual(), score.toString());
        }
        assertEquals(
                "linear-cka",
                document.at("/differences/0/measure").asText(),
                document.path("differences").toString());
        assertEquals(0, document.path("differences_left_out").asInt(-1));
        assertTrue(document.path("cautions").toString().contains("kept-near-inputs"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"white", "black", "constant:0.5", "one-noise"})
    void identicalSeedsLeaveOnlyTheFloorUndefined(String seed) throws IOException {
        var arguments = new String[] {
            "score", a, b, "--inputs", images, "--preset", "published", "--iterations", "5", "--seed", seed
        };
        var json = Arrays.copyOf(arguments, arguments.length + 2);
        json[arguments.length] = "--format";
        json[arguments.length + 1] = "json";
        var document = CommandRun.of(json).document();
        for (var target : List.of("net1", "net2")) {
            var values = values(direction(document, target), "linear-cka");
            assertTrue(values.at("/stir/value").isDouble());
            assertTrue(values.at("/seed_floor/value").isNull(), values::toString);
            assertTrue(values.at("/permutation_floor/value").isDouble());
            assertTrue(values.at("/seed_floor/undefined").asText().contains("the same"), values::toString);
        }
        var details = Arrays.copyOf(arguments, arguments.length + 1);
        details[arguments.length] = "--details";
        var text = CommandRun.of(details);
        assertEquals(0, text.code(), text.err());
        assertTrue(
                text.out()
                        .matches(
                                "(?s).*STIR\\(net1:hidden .*\n  seed_floor +-  +-\n  permutation_floor +-?0\\.\\d{4}.*"),
                text.out());
        assertEquals(
                1,
                text.out().split("note: not defined: seed floor of STIR", -1).length - 1,
                "the reason stands there once: " + text.out());
        var csv = Arrays.copyOf(json, json.length);
        csv[csv.length - 1] = "csv";
        var table = CommandRun.of(csv);
        var row = rows(table.out()).get(0);
        assertEquals("", row.get("seed_floor"));
        assertEquals(row.get("permutation_floor"), row.get("floor"), "the only one");
        assertTrue(Double.isFinite(Double.parseDouble(row.get("floor"))), table.out());
        assertTrue(table.err().contains("stir: note: not defined: "), "beside a table: " + table.err());
        assertTrue(table.err().contains("stir: caution: "), table.err());
    }

    @Test
    void anUndefinedMeasureHidesNoOther() throws IOException {
        // The layer's values are sums, some of them negative, and no probabilities.
        var arguments = new String[] {
            "score",
            a,
            b,
            "--inputs",
            images,
            "--iterations",
            "5",
            "--measure",
            "linear-cka",
            "--measure",
            "jensen-shannon?outputs=probabilities",
            "--format",
            "json"
        };
        var document = CommandRun.of(arguments).document();
        var score = direction(document, "net1");
        assertTrue(values(score, "linear-cka").at("/similarity/value").isDouble());
        assertTrue(values(score, "linear-cka").at("/stir/value").isDouble());
        var undefined = values(score, "jensen-shannon?outputs=probabilities");
        for (var quantity : List.of("similarity", "stir")) {
            assertTrue(undefined.path(quantity).path("value").isNull(), document::toString);
            assertTrue(
                    undefined.path(quantity).path("undefined").asText().contains("which is not a probability"),
                    document::toString);
        }
    }

    @Test
    void theExitCodeIsAFailureIfNoValueIsDefined() {
        var flat = folder.resolve("flat.npy");
        var grey = Batch.allocate(8, TinyBackend.INPUT);
        for (int i = 0; i < grey.rows() * grey.rowSize(); i++) {
            grey.buffer().put(i, 0.5f);
        }
        NpyWriter.write(flat, grey);
        var run = CommandRun.of("score", a, b, "--inputs", flat.toString(), "--iterations", "2");
        assertEquals(1, run.code(), run.err());
        assertTrue(run.out().contains("\nSimilarity on X -\n"), run.out());
        assertTrue(run.out().contains("ignores?  INCONCLUSIVE\n"), run.out());
        assertTrue(run.out().lines().anyMatch(line -> line.matches("net1 +- +- +- +-")), run.out());
    }

    @Test
    void showsProgressOnATerminalOnly() {
        var arguments = new String[] {"score", a, b, "--inputs", images, "--iterations", "5"};
        assertEquals("", CommandRun.of(arguments).err());
        var run = CommandRun.in(CommandRun.console(Optional.empty(), true, Console.USUAL_COLUMNS), arguments);
        assertTrue(run.err().contains("[1/6] net1 hidden  "), run.err());
        assertTrue(run.err().contains("residual"), run.err());
        assertTrue(run.err().endsWith("\r\u001b[K"), "the bar is erased at the end");
    }
}
