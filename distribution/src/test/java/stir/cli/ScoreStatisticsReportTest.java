package stir.cli;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the uncertainty, baselines and single inputs that {@code score} reports. */
class ScoreStatisticsReportTest {
    private static final List<String> TARGETS = List.of("net1", "net2");

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

    /** Checks that the interval of an estimate holds its value. */
    private static void assertHolds(JsonNode estimate, String value) {
        assertTrue(estimate.path("low").isDouble(), estimate::toString);
        double middle = estimate.path(value).asDouble(Double.NaN);
        assertTrue(estimate.path("low").asDouble() < middle, estimate::toString);
        assertTrue(estimate.path("high").asDouble() > middle, estimate::toString);
    }

    @Test
    void everyValueHasItsInterval() throws IOException {
        var document = document("--measure", "linear-cka", "--measure", "rsa-pearson");
        for (String measure : List.of("linear-cka", "rsa-pearson")) {
            for (String target : TARGETS) {
                var values = values(direction(document, target), measure);
                assertHolds(values.path("stir"), "value");
                assertHolds(values.path("similarity"), "value");
            }
        }
        assertEquals(0.95, document.at("/settings/interval_level").asDouble());
        assertEquals("flatten", document.at("/settings/reduce").asText());
    }

    @Test
    void correctedValueFollowsFromFloorAndCeiling() throws IOException {
        var document = document();
        for (String target : TARGETS) {
            var values = values(direction(document, target), "linear-cka");
            double floor = Math.max(
                    values.at("/seed_floor/value").asDouble(),
                    values.at("/permutation_floor/value").asDouble());
            double ceiling = values.at("/ceiling/value").asDouble();
            assertEquals(
                    (values.at("/stir/value").asDouble() - floor) / (ceiling - floor),
                    values.at("/corrected/value").asDouble(),
                    1e-9);
        }
    }

    @Test
    void theDifferenceIsThatOfTheDirections() throws IOException {
        var document = document();
        var difference = document.at("/differences/0");
        assertEquals("linear-cka", difference.path("measure").asText());
        assertEquals("net1", difference.path("target").asText());
        assertEquals("net2", difference.path("other_target").asText());
        assertEquals(
                values(direction(document, "net1"), "linear-cka")
                                .at("/stir/value")
                                .asDouble()
                        - values(direction(document, "net2"), "linear-cka")
                                .at("/stir/value")
                                .asDouble(),
                difference.path("difference").asDouble(),
                1e-12);
        assertHolds(difference, "difference");
        double p = difference.path("p").asDouble();
        boolean holdsZero = difference.path("low").asDouble() <= 0
                && difference.path("high").asDouble() >= 0;
        assertEquals(holdsZero, p >= 0.05, "p " + p);
    }

    /** The earlier network is the target of the first STIR, on the terminal and in files. */
    @Test
    void theDifferenceHasOneSignInAllOutputs() throws IOException {
        arguments.set(
                arguments.indexOf("--inputs") + 1,
                CommandRun.images(folder, 100).toString());
        arguments.addAll(List.of("--optimizer", "fast"));
        var out = folder.resolve("signed");
        var text = score("--out", out.toString()).out();
        var shown = Pattern.compile("\nDifference (-?\\d\\.\\d\\d) ").matcher(text);
        assertTrue(shown.find(), text);
        var row = rows(Files.readString(out.resolve("differences.csv"))).stream()
                .filter(one -> cell(one, "measure").equals("linear-cka-debiased"))
                .findFirst()
                .orElseThrow();
        assertEquals("net1", cell(row, "target"));
        assertEquals("net2", cell(row, "reference"));
        assertEquals("net2", cell(row, "other_target"));
        double value = Double.parseDouble(cell(row, "difference"));
        assertTrue(Math.abs(value) > 0.005, "a sign is seen: " + value);
        var document = new JsonMapper().readTree(out.resolve("result.json").toFile());
        assertEquals(value, document.at("/differences/1/difference").asDouble());
        assertEquals(value, Double.parseDouble(shown.group(1)), 0.00501);
    }

    private static double width(JsonNode estimate, String prefix) {
        return estimate.path(prefix + "high").asDouble()
                - estimate.path(prefix + "low").asDouble();
    }

    @Test
    void predictionsAreWiderThanTheIntervalsOfTheMean() throws IOException {
        var document = document("--repeats", "3");
        var score = values(direction(document, "net1"), "linear-cka");
        for (var values : List.of(score.path("stir"), score.at("/repeats/mean"))) {
            assertTrue(width(values, "prediction_") > width(values, ""), values::toString);
            assertTrue(
                    values.path("prediction_low").asDouble()
                            <= values.path("low").asDouble(),
                    values::toString);
        }
        var schema = Files.readString(Path.of("docs/results/stir-result.schema.json"));
        assertTrue(schema.contains("interval of the mean"), "what low and high are");
    }

    @Test
    void repeatsAreListedWithTheirMean() throws IOException {
        var document = document("--repeats", "3", "--rng-seed", "7");
        assertEquals(3, document.at("/settings/repeats").asInt());
        assertEquals(7, document.at("/settings/searches/0/rng_seed").asInt());
        assertEquals(6, document.path("directions").size(), "a score per direction and repeat");
        for (String target : TARGETS) {
            var values = values(direction(document, target), "linear-cka");
            var repeats = values.at("/repeats/values");
            assertEquals(3, repeats.size());
            double mean = 0;
            int repeat = 0;
            for (var score : document.path("directions")) {
                if (score.path("target").asText().equals(target)) {
                    double value = values(score, "linear-cka").at("/stir/value").asDouble();
                    assertEquals(value, repeats.path(repeat).asDouble());
                    assertEquals(++repeat, score.at("/search/repeat").asInt());
                    mean += value / 3;
                    assertEquals(repeat == 1, values(score, "linear-cka").has("repeats"));
                }
            }
            assertEquals(mean, values.at("/repeats/mean/value").asDouble(), 1e-12);
            assertHolds(values.at("/repeats/mean"), "value");
        }
        arguments.removeAll(List.of("--format", "json"));
        var details = score("--repeats", "2", "--details").out();
        assertTrue(details.contains(", search thorough, repeat 2\n"), details);
        var answer = score("--repeats", "2").out();
        assertTrue(answer.matches("(?s).*\n  mean of 2 searches: 0\\.\\d{3} .* and .*"), answer);
    }

    @Test
    void repeatsAndConvergedRowsAreAbsentIfTheyAddNoInformation() throws IOException {
        var document = document("--tolerance", "0.999");
        for (String target : TARGETS) {
            var score = direction(document, target);
            assertTrue(values(score, "linear-cka").path("repeats").isMissingNode());
            assertEquals(1, score.at("/search/converged").asDouble());
            assertTrue(values(score, "linear-cka").path("converged_only").isMissingNode());
        }
    }

    @Test
    void someConvergedRowsAreScoredAlone() throws IOException {
        arguments.addAll(List.of("--optimizer", "published"));
        arguments.addAll(List.of("--format", "json"));
        double median = direction(score().document(), "net2")
                .at("/search/residual/median")
                .asDouble();
        var tolerance = Double.toString(median);
        var out = folder.resolve("out");
        var document = score("--tolerance", tolerance, "--out", out.toString()).document();
        var score = direction(document, "net2");
        double converged = score.at("/search/converged").asDouble();
        assertTrue(converged > 0 && converged < 1, score::toString);
        assertEquals(
                20 * converged,
                (double) rows(Files.readString(out.resolve("inputs.csv"))).stream()
                        .filter(row -> cell(row, "target").equals("net2"))
                        .filter(row -> number(row, "residual") <= median)
                        .count(),
                1e-9);
        assertHolds(values(score, "linear-cka").path("converged_only"), "value");
        arguments.removeAll(List.of("--format", "json"));
        var details = score("--tolerance", tolerance, "--details").out();
        assertTrue(details.matches("(?s).*\n  converged_only +[01]\\.\\d{4}.*"), details);
    }

    @Test
    void inputsAreListedOneByOne() throws IOException {
        var out = folder.resolve("out");
        var document = document("--out", out.toString());
        var lines = Files.readString(out.resolve("inputs.csv")).split("\r\n", -1);
        assertEquals(
                "target,reference,index,name,residual,passes,target_moved,shared,pointwise,class_before,class_after,label,distance_from_input,accepted",
                lines[0]);
        assertEquals(1 + 2 * 20 + 1, lines.length);
        var rows = rows(Files.readString(out.resolve("inputs.csv")));
        for (int direction = 0; direction < 2; direction++) {
            double moved = 0;
            double pointwise = 0;
            double residual = 0;
            int same = 0;
            double distance = 0;
            int accepted = 0;
            int shared = 0;
            for (int i = 0; i < 20; i++) {
                var row = rows.get(20 * direction + i);
                assertEquals(TARGETS.get(direction), cell(row, "target"));
                assertEquals(TARGETS.get(1 - direction), cell(row, "reference"));
                assertEquals(Integer.toString(i), cell(row, "index"));
                residual += number(row, "residual") / 20;
                assertEquals("101", cell(row, "passes"));
                moved += number(row, "target_moved") / 20;
                pointwise += number(row, "pointwise") / 20;
                same += cell(row, "class_before").equals(cell(row, "class_after")) ? 1 : 0;
                assertEquals("", cell(row, "label"), "an array has no labels");
                distance += number(row, "distance_from_input") / 20;
                accepted += Boolean.parseBoolean(cell(row, "accepted")) ? 1 : 0;
                assertEquals(
                        cell(row, "accepted").equals("true"),
                        !cell(row, "shared").isEmpty());
                shared += Boolean.parseBoolean(cell(row, "shared")) ? 1 : 0;
            }
            var score = direction(document, TARGETS.get(direction));
            assertEquals(score.at("/search/residual/mean").asDouble(), residual, 1e-9);
            var outcomes = score.path("outcomes");
            assertEquals(outcomes.at("/target_moved/mean").asDouble(), moved, 1e-9);
            assertTrue(outcomes.at("/target_moved/max").asDouble()
                    >= outcomes.at("/target_moved/median").asDouble());
            assertEquals(outcomes.at("/pointwise/mean").asDouble(), pointwise, 1e-9);
            assertEquals(same / 20.0, outcomes.path("class_agreement").asDouble(), 1e-9);
            assertEquals("logits", outcomes.path("class_layer").asText());
            var search = score.path("search");
            assertEquals(search.at("/distance_from_input/mean").asDouble(), distance, 1e-9);
            assertEquals(accepted / 20.0, search.path("accepted").asDouble());
            assertTrue(accepted > 0, document::toString);
            var metamers = score.path("shared_metamers");
            assertEquals(accepted, metamers.path("accepted").asInt());
            assertEquals(shared, metamers.path("shared").asInt());
            assertEquals(shared / (double) accepted, metamers.path("share").asDouble());
            assertEquals("logits", search.path("class_layer").asText());
            assertEquals(20 * 19, search.at("/different_inputs/pairs").asInt());
            assertEquals(
                    search.at("/different_inputs/distance/p5").asDouble(),
                    search.path("threshold").asDouble());
            assertEquals(0.05, search.path("threshold_quantile").asDouble());
            assertTrue(search.at("/different_inputs/correlation/median").isDouble());
        }
    }

    @Test
    void partsOfBothRepresentationsAreListed() throws IOException {
        var out = folder.resolve("out");
        var document = document("--out", out.toString());
        var rows = rows(Files.readString(out.resolve("parts.csv")));
        for (var target : TARGETS) {
            var ofTarget = rows.stream()
                    .filter(row -> cell(row, "target").equals(target))
                    .toList();
            var components = ofTarget.stream()
                    .filter(row -> cell(row, "part").equals("component"))
                    .toList();
            var listed = direction(document, target).at("/outcomes/components");
            assertEquals(listed.size(), components.size());
            assertTrue(listed.size() > 1, document::toString);
            double variance = 1;
            for (int i = 0; i < listed.size(); i++) {
                double share = number(components.get(i), "variance_share");
                assertEquals(listed.get(i).path("variance_share").asDouble(), share);
                assertEquals(listed.get(i).path("change").asDouble(), number(components.get(i), "change"));
                assertTrue(share <= variance, "sorted by variance");
                variance = share;
                assertEquals("", cell(components.get(i), "nearest"));
            }
            assertTrue(ofTarget.size() > components.size(), "units");
            for (var unit : ofTarget.subList(components.size(), ofTarget.size())) {
                assertEquals("unit", cell(unit, "part"));
                double nearest = number(unit, "nearest_correlation");
                assertTrue(nearest >= number(unit, "partner_correlation"), unit::toString);
                assertTrue(nearest <= 1 && number(unit, "change") >= 0, unit::toString);
            }
        }
    }

    private static double number(Map<String, String> row, String column) {
        return Double.parseDouble(Objects.requireNonNull(row.get(column), column));
    }

    @Test
    void detailsShowIntervalsCorrectionAndQuality() throws IOException {
        var text = score("--tolerance", "0.999", "--details").out();
        for (String part : List.of(
                "low ",
                "high ",
                "prediction_low ",
                "p ",
                "floor ",
                "verdict ",
                "accepted ",
                "distance_from_input ",
                "moved ")) {
            // The verdict is in the column of the measure that decides.
            assertTrue(text.matches("(?s).*\n  " + part + "[ -]*(\\d|[A-Z]).*"), part + "\n" + text);
        }
        assertTrue(text.contains("\n  corrected "), text);
        assertTrue(text.contains("\n  corrected_low "), text);
        assertTrue(text.contains("\nSTIR(net2:hidden | net1:hidden), search thorough"), text);
        assertTrue(
                text.matches(
                        "(?s).*\n  similarity +0\\.\\d{4}.*\n  similarity_low +0\\.\\d{4}.*\n  similarity_high +[01]\\.\\d{4}.*"),
                text);
        assertFalse(text.contains("no interval"), text);
        var document = document("--tolerance", "0.999");
        for (var target : TARGETS) {
            var score = direction(document, target);
            assertEquals(
                    1000,
                    values(score, "linear-cka")
                            .at("/permutation_test/permutations")
                            .asInt());
            assertTrue(score.at("/outcomes/target_moved/mean").asDouble() > 0);
            assertTrue(score.at("/outcomes/class_agreement").isDouble());
        }
        assertEquals(2, document.path("differences").size(), "one per measure");
    }

    @Test
    void detailsHaveTheSharedMetamersOfTheTable() throws IOException {
        var out = folder.resolve("out");
        var text = score("--details", "--out", out.toString()).out();
        var blocks = text.split("\nSTIR\\(");
        var rows = rows(Files.readString(out.resolve("results.csv")));
        var columns = List.of(
                "shared_metamers",
                "shared_metamers_low",
                "shared_metamers_high",
                "shared_metamers_floor",
                "target_moved",
                "target_moved_in_units",
                "accepted");
        for (var target : TARGETS) {
            var block = Arrays.stream(blocks)
                    .filter(of -> of.startsWith(target + ":"))
                    .findFirst()
                    .orElseThrow();
            var ofTarget = rows.stream()
                    .filter(row -> cell(row, "target").equals(target))
                    .toList();
            for (var column : columns) {
                var cells = ofTarget.stream()
                        .map(row -> String.format(Locale.ROOT, "%.4f", number(row, column)))
                        .collect(Collectors.joining(" +"));
                assertTrue(block.matches("(?s).*\n  " + column + " +" + cells + "\n.*"), column + block);
            }
        }
    }

    @Test
    void tooFewInputsHaveNoInterval() throws IOException {
        var answer = score("--limit", "4", "--optimizer", "fast").out();
        var words = answer.replaceAll("\\s+", " ");
        assertTrue(words.contains(" 4 inputs are too few for an interval "), answer);
        assertTrue(words.contains(" next at least 5 inputs: stir score "), answer);
        assertTrue(words.contains(" --limit 5 "), answer);
        assertFalse(words.contains("a longer search"), "it would not help: " + answer);
        var text = score("--limit", "4", "--details").out();
        assertTrue(text.matches("(?s).*\n  low +-  +-\n  high +-  +-\n.*"), text);
        assertTrue(text.matches("(?s).*\n  corrected +-  +-\n.*"), text);
        var reason = "There are no confidence intervals for fewer than 5 inputs.";
        assertTrue(text.contains("caution: " + reason + "\n"), text);
        var enough = score("--limit", "5", "--details").out();
        assertFalse(enough.contains("caution: There are no confidence intervals"), enough);
        var document = document("--limit", "4");
        assertTrue(document.get("cautions").toString().contains(reason), document::toString);
        var values = values(direction(document, "net1"), "linear-cka");
        assertTrue(values.at("/stir/value").isDouble());
        assertTrue(values.at("/stir/low").isMissingNode());
        assertTrue(values.at("/similarity/value").isDouble());
        assertTrue(values.at("/similarity/low").isMissingNode());
        var inconclusive = document.path("inconclusive");
        assertEquals(1, inconclusive.size());
        assertEquals("undefined", inconclusive.at("/0/gap").asText());
        assertEquals(2, inconclusive.at("/0/count").asInt());
    }
}
