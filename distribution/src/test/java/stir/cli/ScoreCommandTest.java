package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import stir.api.Batch;
import stir.api.Shape;
import stir.cli.console.Console;
import stir.core.io.arrays.NpyWriter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

class ScoreCommandTest extends ScoredDigits {
    @Test
    void stirOfAGivenBIsTheSimilarityOfAOnInputsThatBInverted() throws IOException {
        var document =
                CommandRun.of(
                                "score",
                                a,
                                b,
                                "--inputs",
                                images,
                                "--iterations",
                                "200",
                                "--format",
                                "json")
                        .document();
        var swapped =
                CommandRun.of(
                                "score",
                                b,
                                a,
                                "--inputs",
                                images,
                                "--iterations",
                                "200",
                                "--format",
                                "json")
                        .document();
        assertEquals(
                document.at("/stir/a|b/linear-cka/value").asDouble(),
                swapped.at("/stir/b|a/linear-cka/value").asDouble(),
                1e-9);
        // The reference finds its inputs: its own score is higher than the other network's.
        assertTrue(
                document.at("/baseline/a|b/self/linear-cka").asDouble()
                        > document.at("/stir/a|b/linear-cka/value").asDouble());
    }

    @Test
    void searchesUntilConvergedAndReportsStirAtEachResidual() throws IOException {
        var run =
                CommandRun.of(
                        "score",
                        a,
                        b,
                        "--inputs",
                        images,
                        "--until-converged",
                        "--curve",
                        "10,20",
                        "--format",
                        "json");
        var document = run.document();
        assertEquals("thorough", document.at("/settings/optimizer").asText());
        assertEquals(0.005, document.at("/settings/tolerance").asDouble());
        assertEquals(0, document.at("/stir/a|b/restarted").asInt(-1));
        var curve = document.at("/curve");
        assertEquals(3, curve.size());
        for (String direction : new String[] {"a|b", "b|a"}) {
            assertEquals(1, document.at("/stir/" + direction + "/converged").asDouble());
            double nearer = document.at("/stir/" + direction + "/nearer-at-most").asDouble(-1);
            assertTrue(nearer >= 0 && nearer < 1, direction + " nearer by " + nearer);
            assertTrue(document.at("/stir/" + direction + "/nearer-known").asInt() > 0);
            for (int i = 0; i < 3; i++) {
                assertEquals(
                        List.of(10, 20, 1000).get(i), curve.at("/" + i + "/iterations").asInt());
                double residual =
                        curve.at("/" + i + "/" + direction + "/residual").asDouble(Double.NaN);
                assertTrue(residual <= 0.005, document::toString); // linear: few steps solve it
                double moved = curve.at("/" + i + "/" + direction + "/moved").asDouble();
                assertTrue(moved > 0, document::toString);
            }
            assertEquals(
                    document.at("/stir/" + direction + "/linear-cka/value").asDouble(),
                    curve.at("/2/" + direction + "/linear-cka").asDouble());
        }
    }

    @Test
    void theCurveShowsResidualsAndDistancesNextToStir() {
        var run =
                CommandRun.of(
                        "score", a, b, "--inputs", images, "--iterations", "20", "--curve", "1");
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
        var document =
                CommandRun.of(
                                "score",
                                a,
                                b,
                                "--inputs",
                                images,
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
        assertEquals("[0.5]", document.at("/a/mean").toString());
        assertEquals("[0.25]", document.at("/a/std").toString());
        assertEquals("[]", document.at("/b/mean").toString());
        assertEquals("{\"gain\":\"2\"}", document.at("/b/settings").toString());
        assertEquals("{}", document.at("/a/settings").toString());
    }

    @Test
    void detailsNameValuesAndBaselines() {
        var run =
                CommandRun.of("score", a, b, "--inputs", images, "--iterations", "5", "--details");
        assertEquals(0, run.code(), run.err());
        for (String part :
                new String[] {
                    "similarity", "STIR(a | b)", "self", "seed-only", "shuffled", "residual"
                }) {
            assertTrue(run.out().contains(part), run.out());
        }
    }

    @Test
    void aNetworkComparedWithItselfIsReported() {
        var itself = CommandRun.of("score", a, a, "--inputs", images, "--iterations", "2").out();
        assertTrue(itself.contains("caution: a and b are one layer of one file"), itself);
        var other = CommandRun.of("score", a, b, "--inputs", images, "--iterations", "2").out();
        assertFalse(other.contains("a and b are one layer"), other);
    }

    @Test
    void inputsThatAreNotInvariantYetCauseACaution() {
        var begun = words("--optimizer", "reference", "--iterations", "1", "--details");
        assertTrue(begun.contains("none is within 0.1: these inputs are not invariant yet"), begun);
        var done = words("--optimizer", "fast", "--details");
        assertFalse(done.contains("not invariant yet"), done);
        var answer = words("--optimizer", "reference", "--iterations", "1");
        assertTrue(
                answer.contains(
                        "Does net1 ignore what net2 ignores? NOT KNOWN: 0 of 12 invariant inputs were accepted (STIR "),
                answer);
        assertFalse(answer.contains("not invariant yet"), answer);
        assertTrue(answer.contains(" next a longer search (--optimizer thorough); "), answer);
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
        var said =
                "The inputs are in colour, and are converted to grey for models that take one channel: ";
        var score = CommandRun.of("score", a, b, "--inputs", photos, "--iterations", "1");
        assertTrue(
                score.out().replaceAll("\\s+", " ").contains("caution: " + said + "net1, net2."),
                score.out());
        var out = folder.resolve("out").toString();
        for (var command :
                List.of(
                        List.of("invert", a, "--iterations", "1", "--out", out),
                        List.of("represent", a, "--out", out + ".npy"),
                        List.of("check", a))) {
            var arguments = new ArrayList<>(command);
            arguments.addAll(List.of("--inputs", photos));
            var run = CommandRun.of(arguments.toArray(String[]::new));
            assertTrue(run.err().contains("warning: " + said + "net1.tiny."), command + run.err());
        }
        var grey = CommandRun.of("score", a, b, "--inputs", images, "--iterations", "1").out();
        assertFalse(grey.contains(said), grey);
    }

    @Test
    void directionsWhoseInputsWereKeptNearAreCompared() throws IOException {
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
                                "3",
                                "--ball",
                                "l2:0.01@input",
                                "--format",
                                "json")
                        .document();
        for (var direction : List.of("a|b", "b|a")) {
            var score = document.path("stir").path(direction);
            assertTrue(score.at("/distance-from-input/mean").asDouble(1) <= 0.02, score.toString());
            assertNotEquals("nothing-to-ignore", score.at("/verdict/word").asText());
        }
        assertTrue(document.at("/differences/a|b - b|a").has("linear-cka"), document.toString());
        assertTrue(document.path("cautions").toString().contains("kept-near-inputs"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"white", "black", "constant:0.5", "one-noise"})
    void identicalSeedsLeaveOnlyTheFloorUndefined(String seed) throws IOException {
        var arguments =
                new String[] {
                    "score",
                    a,
                    b,
                    "--inputs",
                    images,
                    "--preset",
                    "reference",
                    "--iterations",
                    "5",
                    "--seed",
                    seed
                };
        var json = Arrays.copyOf(arguments, arguments.length + 2);
        json[arguments.length] = "--format";
        json[arguments.length + 1] = "json";
        var document = CommandRun.of(json).document();
        for (String direction : new String[] {"a|b", "b|a"}) {
            assertTrue(document.at("/stir/" + direction + "/linear-cka/value").isDouble());
            var baseline = document.at("/baseline/" + direction);
            assertTrue(baseline.at("/seed-only/linear-cka").isNull(), baseline::toString);
            assertTrue(baseline.at("/shuffled/linear-cka").isDouble());
            assertTrue(
                    baseline.at("/undefined/seed-only/linear-cka").asText().contains("the same"),
                    baseline::toString);
        }
        var details = Arrays.copyOf(arguments, arguments.length + 1);
        details[arguments.length] = "--details";
        var text = CommandRun.of(details);
        assertEquals(0, text.code(), text.err());
        assertTrue(
                text.out().matches("(?s).*STIR\\(a \\| b\\) .*  -  +0\\.\\d{4}\\n.*"), text.out());
        assertEquals(
                1,
                text.out().lines().filter(line -> line.startsWith("note: ")).count(),
                "the reason stands there once: " + text.out());
        var csv = Arrays.copyOf(json, json.length);
        csv[csv.length - 1] = "csv";
        var table = CommandRun.of(csv);
        var cells = table.out().lines().toList().get(2).split(",", -1);
        assertEquals("", cells[6], "seed-only");
        assertFalse(cells[7].isEmpty(), "shuffled");
        assertTrue(
                table.err().contains("stir: note: not defined: "),
                "beside a table: " + table.err());
        assertTrue(table.err().contains("stir: caution: "), table.err());
    }

    @Test
    void anUndefinedMeasureHidesNoOther() throws IOException {
        // The layer's values are sums, some of them negative, and no probabilities.
        var arguments =
                new String[] {
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
        assertTrue(document.at("/similarity/linear-cka").isDouble());
        assertTrue(document.at("/similarity/jensen-shannon?outputs=probabilities").isNull());
        assertTrue(
                document.at("/similarity-undefined/jensen-shannon?outputs=probabilities")
                        .asText()
                        .contains("which is not a probability"),
                document::toString);
        assertTrue(document.at("/stir/a|b/linear-cka/value").isDouble());
        var undefined = document.at("/stir/a|b/jensen-shannon?outputs=probabilities");
        assertTrue(undefined.path("value").isNull(), document::toString);
        assertTrue(undefined.path("undefined").asText().contains("which is not a probability"));
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
        assertTrue(run.out().contains("\nPlain similarity -\n"), run.out());
        assertTrue(run.out().contains("NOT KNOWN: "), run.out());
    }

    @Test
    void showsProgressOnATerminalOnly() {
        var arguments = new String[] {"score", a, b, "--inputs", images, "--iterations", "5"};
        assertEquals("", CommandRun.of(arguments).err());
        var run =
                CommandRun.in(
                        CommandRun.console(Optional.empty(), true, Console.USUAL_COLUMNS),
                        arguments);
        assertTrue(run.err().contains("[1/6] net1 hidden  "), run.err());
        assertTrue(run.err().contains("residual"), run.err());
        assertTrue(run.err().endsWith("\r\u001b[K"), "the bar is erased at the end");
    }
}
