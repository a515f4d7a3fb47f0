package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tests of the uncertainty, baselines and single inputs that {@code score} reports. */
class ScoreStatisticsReportTest {
    private static final List<String> DIRECTIONS = List.of("a|b", "b|a");

    @TempDir Path folder;
    private final List<String> arguments = new ArrayList<>();

    @BeforeEach
    void files() throws IOException {
        arguments.addAll(
                List.of(
                        "score",
                        CommandRun.network(folder, 1).toString(),
                        CommandRun.network(folder, 2).toString(),
                        "--inputs",
                        CommandRun.images(folder, 20).toString(),
                        "--iterations",
                        "100"));
    }

    private CommandRun score(String... more) {
        var all = new ArrayList<>(arguments);
        all.addAll(Arrays.asList(more));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private JsonNode document(String... more) throws IOException {
        arguments.addAll(List.of("--format", "json"));
        return score(more).document();
    }

    private static void assertHolds(JsonNode interval, double value) {
        assertEquals(2, interval.size());
        assertTrue(interval.get(0).asDouble() < value, interval::toString);
        assertTrue(interval.get(1).asDouble() > value, interval::toString);
    }

    @Test
    void everyValueHasItsInterval() throws IOException {
        var document = document("--measure", "linear-cka", "--measure", "rsa-pearson");
        for (String measure : List.of("linear-cka", "rsa-pearson")) {
            assertTrue(document.at("/similarity/" + measure).isDouble());
            assertHolds(
                    document.at("/similarity-ci/" + measure),
                    document.at("/similarity/" + measure).asDouble());
            for (String direction : DIRECTIONS) {
                var score = document.at("/stir/" + direction + "/" + measure);
                assertHolds(score.get("ci"), score.get("value").asDouble());
            }
        }
        assertEquals(0.95, document.at("/settings/ci-level").asDouble());
        assertEquals("flatten", document.at("/settings/reduce").asText());
    }

    @Test
    void correctedValueFollowsFromFloorAndCeiling() throws IOException {
        var document = document();
        for (String direction : DIRECTIONS) {
            var score = document.at("/stir/" + direction + "/linear-cka");
            var baseline = document.at("/baseline/" + direction);
            double floor =
                    Math.max(
                            baseline.at("/seed-only/linear-cka").asDouble(),
                            baseline.at("/shuffled/linear-cka").asDouble());
            double ceiling = baseline.at("/self/linear-cka").asDouble();
            assertEquals(
                    (score.get("value").asDouble() - floor) / (ceiling - floor),
                    score.get("baseline-corrected").asDouble(),
                    1e-9);
        }
    }

    @Test
    void theDifferenceIsThatOfTheDirections() throws IOException {
        var document = document();
        var difference = document.at("/differences").path("a|b - b|a").path("linear-cka");
        assertEquals(
                document.at("/stir/a|b/linear-cka/value").asDouble()
                        - document.at("/stir/b|a/linear-cka/value").asDouble(),
                difference.path("value").asDouble(),
                1e-12);
        assertHolds(difference.path("ci"), difference.path("value").asDouble());
        double p = difference.path("p-value").asDouble();
        boolean holdsZero =
                difference.at("/ci/0").asDouble() <= 0 && difference.at("/ci/1").asDouble() >= 0;
        assertEquals(holdsZero, p >= 0.05, "p " + p);
    }

    private static double width(JsonNode interval) {
        return interval.path(1).asDouble() - interval.path(0).asDouble();
    }

    @Test
    void predictionsAreWiderThanTheIntervalsOfTheMean() throws IOException {
        var document = document("--repeats", "3");
        var score = document.at("/stir/a|b/linear-cka");
        var repeats = document.at("/stir/a|b/repeats/linear-cka");
        for (var values : List.of(score, repeats)) {
            assertTrue(
                    width(values.path("prediction")) > width(values.path("ci")), values::toString);
            assertTrue(
                    values.at("/prediction/0").asDouble() <= values.at("/ci/0").asDouble(),
                    values::toString);
        }
        assertTrue(document.at("/settings/ci-of").asText().contains("mean"));
    }

    @Test
    void repeatsAreListedWithTheirMean() throws IOException {
        var document = document("--repeats", "3", "--rng-seed", "7");
        assertEquals(3, document.at("/settings/repeats").asInt());
        for (String direction : DIRECTIONS) {
            var repeats = document.at("/stir/" + direction + "/repeats");
            assertEquals(3, repeats.get("count").asInt());
            assertEquals("[7,8,9]", repeats.get("rng-seeds").toString());
            var values = repeats.at("/linear-cka/values");
            assertEquals(3, values.size());
            double mean =
                    (values.get(0).asDouble() + values.get(1).asDouble() + values.get(2).asDouble())
                            / 3;
            assertEquals(mean, repeats.at("/linear-cka/mean").asDouble(), 1e-12);
            assertHolds(repeats.at("/linear-cka/ci"), mean);
            assertEquals(
                    document.at("/stir/" + direction + "/linear-cka/value").asDouble(),
                    values.get(0).asDouble());
        }
        arguments.removeAll(List.of("--format", "json"));
        assertTrue(score("--repeats", "2", "--details").out().contains("mean of 2 repeats"));
        var answer = score("--repeats", "2").out();
        assertTrue(answer.matches("(?s).*\n  mean of 2 searches: 0\\.\\d{3} .* and .*"), answer);
    }

    @Test
    void repeatsAndConvergedRowsAreAbsentIfTheyAddNoInformation() throws IOException {
        var document = document("--tolerance", "0.999");
        for (String direction : DIRECTIONS) {
            assertTrue(document.at("/stir/" + direction + "/repeats").isMissingNode());
            assertEquals(1, document.at("/stir/" + direction + "/converged").asDouble());
            assertTrue(document.at("/stir/" + direction + "/converged-only").isMissingNode());
        }
    }

    @Test
    void someConvergedRowsAreScoredAlone() throws IOException {
        arguments.addAll(List.of("--optimizer", "reference"));
        arguments.addAll(List.of("--format", "json"));
        double median = score().document().at("/stir/b|a/residual/median").asDouble();
        var tolerance = Double.toString(median);
        var score = score("--tolerance", tolerance).document().at("/stir/b|a");
        assertEquals(
                score.get("converged").asDouble(),
                score.at("/converged-only/count").asInt() / 20.0,
                1e-12);
        assertHolds(
                score.at("/converged-only/stir/linear-cka/ci"),
                score.at("/converged-only/stir/linear-cka/value").asDouble());
        arguments.removeAll(List.of("--format", "json"));
        assertTrue(score("--tolerance", tolerance, "--details").out().contains("converged-only"));
    }

    @Test
    void inputsAreListedOneByOne() throws IOException {
        var out = folder.resolve("out");
        var document = document("--out", out.toString());
        var lines = Files.readString(out.resolve("inputs.csv")).split("\r\n", -1);
        assertEquals(
                "stir,index,name,residual,passes,target-moved,class-before,class-after,label,distance-from-input,accepted",
                lines[0]);
        assertEquals(1 + 2 * 20 + 1, lines.length);
        for (int direction = 0; direction < 2; direction++) {
            double moved = 0;
            double residual = 0;
            int same = 0;
            double distance = 0;
            int accepted = 0;
            for (int i = 0; i < 20; i++) {
                var cells = lines[1 + 20 * direction + i].split(",", -1);
                assertEquals(11, cells.length);
                assertEquals(DIRECTIONS.get(direction), cells[0]);
                assertEquals(Integer.toString(i), cells[1]);
                residual += Double.parseDouble(cells[3]) / 20;
                assertEquals("101", cells[4]);
                moved += Double.parseDouble(cells[5]) / 20;
                same += cells[6].equals(cells[7]) ? 1 : 0;
                assertEquals("", cells[8], "an array has no labels");
                distance += Double.parseDouble(cells[9]) / 20;
                accepted += Boolean.parseBoolean(cells[10]) ? 1 : 0;
            }
            var score = document.at("/stir/" + DIRECTIONS.get(direction));
            assertEquals(score.at("/residual/mean").asDouble(), residual, 1e-9);
            assertEquals(score.at("/target-moved/mean").asDouble(), moved, 1e-9);
            assertTrue(
                    score.at("/target-moved/max").asDouble()
                            >= score.at("/target-moved/median").asDouble());
            assertEquals(same / 20.0, score.get("class-agreement").asDouble(), 1e-9);
            assertEquals("logits", score.get("class-layer").asText());
            assertEquals(score.at("/distance-from-input/mean").asDouble(), distance, 1e-9);
            var acceptance = score.get("acceptance");
            assertEquals(accepted / 20.0, acceptance.get("share").asDouble());
            assertEquals("logits", acceptance.get("class-layer").asText());
            assertEquals(20 * 19, acceptance.at("/different/pairs").asInt());
            assertEquals(
                    acceptance.at("/different/distance/min").asDouble() / 2,
                    acceptance.get("threshold").asDouble());
            assertEquals(20, acceptance.at("/inputs/correlation").size());
        }
    }

    @Test
    void detailsShowIntervalsCorrectionAndOutcomes() {
        var text = score("--tolerance", "0.999", "--details").out();
        for (String part :
                List.of(
                        "95 % interval ",
                        "next inputs",
                        "shufflings ",
                        "(a | b) - (b | a) ",
                        "baseline-corrected ",
                        "inputs of a, seen by b:",
                        "inputs of b, seen by a:",
                        "target moved mean ",
                        "class agreement ")) {
            assertTrue(text.contains(part), text);
        }
        assertTrue(
                text.matches("(?s).*similarity +0\\.\\d{4} +\\[0\\.\\d{4}, [01]\\.\\d{4}].*"),
                text);
        assertFalse(text.contains("no interval"), text);
    }

    @Test
    void tooFewInputsHaveNoInterval() throws IOException {
        var answer = score("--limit", "4", "--optimizer", "fast").out();
        assertTrue(answer.contains("NOT KNOWN: a value or interval is missing (STIR "), answer);
        assertTrue(answer.contains("; more inputs; "), answer);
        var text = score("--limit", "4", "--details").out();
        assertTrue(text.contains("no interval"), text);
        var reason = "There are no confidence intervals for fewer than 5 inputs.";
        assertTrue(text.contains("caution: " + reason + "\n"), text);
        assertTrue(text.contains("baseline-corrected  -\n"), text);
        var enough = score("--limit", "5", "--details").out();
        assertFalse(enough.contains("caution: There are no confidence intervals"), enough);
        var document = document("--limit", "4");
        assertTrue(document.get("cautions").toString().contains(reason), document::toString);
        assertTrue(document.at("/stir/a|b/linear-cka/value").isDouble());
        assertTrue(document.at("/stir/a|b/linear-cka/ci").isMissingNode());
        assertEquals("{}", document.get("similarity-ci").toString());
    }
}
