package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.core.score.Verdict;

/** Tests of the printed matrix of a study. */
class MatrixAnswerTest {
    @TempDir
    Path folder;

    @BeforeEach
    void files() throws IOException {
        for (int seed = 1; seed <= 12; seed++) {
            CommandRun.network(folder, seed);
        }
        CommandRun.images(folder, 30);
    }

    private List<String> study(int models, String prefix, String more) throws IOException {
        // A large study has one layer, so that the test is fast.
        var layers = models > 5 ? "logits" : "hidden, logits";
        var text = new StringBuilder("models:\n");
        for (int seed = 1; seed <= models; seed++) {
            text.append("  - {name: %s%d, file: net%d.tiny, layers: [%s]}\n".formatted(prefix, seed, seed, layers));
        }
        text.append("inputs: images.npy\n").append(more);
        var file = Files.writeString(folder.resolve("study.yaml"), text);
        return List.of("matrix", file.toString(), "--out", folder.resolve("out").toString());
    }

    private static String text(List<String> command, String... more) {
        var all = new ArrayList<>(command);
        all.addAll(List.of(more));
        var run = CommandRun.of(all.toArray(String[]::new));
        assertEquals(0, run.code(), run.err());
        return run.out();
    }

    private static final String SEARCH = "search: {optimizer: fast, iterations: 30}\n";

    @Test
    void aLargeStudyIsAMatrixInTwentyFiveLinesOfEightyColumns() throws IOException {
        var text = text(study(12, "n", SEARCH));
        assertTrue(text.lines().allMatch(line -> line.length() <= 80), text);
        assertTrue(text.lines().count() <= 25, text);
        var lines = text.lines().toList();
        assertTrue(text.startsWith("STIR(row | column) by linear-cka-debiased at logits; 30 inputs,"), text);
        int head = 0;
        while (!lines.get(head).matches(" +n1 +n2 .* n12")) {
            head++;
        }
        for (int row = 1; row <= 12; row++) {
            var cells = lines.get(head + row).trim().split(" +", -1);
            assertEquals("n" + row, cells[0]);
            assertEquals(13, cells.length, text);
            assertEquals("1.0", cells[row].replaceAll("[=~?<]", ""), "the ceiling: " + text);
        }
        assertTrue(
                text.matches(
                        "(?s).*\ndifferences between directions: none of \\d+ pairs is clear; \\d+ with \\? left out\n.*"),
                text);
        assertTrue(text.contains("\n12 inversions (0 reused), 288 comparisons (0 reused):"), text);
    }

    @Test
    void theCellsAreTheValuesOfTheTable() throws IOException {
        var command = study(3, "n", SEARCH);
        var text = text(command);
        var table = text(command, "--format", "csv");
        int known = 0;
        for (int target = 1; target <= 3; target++) {
            var cells = Pattern.compile("(?m)^n%d +(.*)$".formatted(target))
                    .matcher(text)
                    .results()
                    .findFirst()
                    .orElseThrow()
                    .group(1)
                    .split(" +", -1);
            for (int reference = 1; reference <= 3; reference++) {
                var row = row(table, "n" + target, "n" + reference, "linear-cka-debiased");
                var cell = cells[reference - 1];
                var verdict = CommandRun.cell(row, "verdict");
                assertEquals(mark(verdict), cell.replaceAll("[-.0-9]", ""));
                if (Verdict.valueOf(verdict.replace(' ', '_')).isKnown()) {
                    double shown = Double.parseDouble(cell.replaceAll("[~<]", ""));
                    assertEquals(number(row, "stir"), shown, 0.006, text);
                    known++;
                } else {
                    assertEquals(1, cell.length(), "a mark alone: " + text);
                }
            }
        }
        assertTrue(known >= 3, text);
    }

    private static double number(Map<String, String> row, String column) {
        return Double.parseDouble(Objects.requireNonNull(row.get(column), column));
    }

    private static String mark(String verdict) {
        return Verdict.valueOf(verdict.replace(' ', '_')).mark();
    }

    /** Returns the row of the last layers of two networks. */
    private static Map<String, String> row(String table, String target, String reference, String measure) {
        var rows = CommandRun.rows(table).stream()
                .filter(row -> target.equals(CommandRun.cell(row, "target")))
                .filter(row -> reference.equals(CommandRun.cell(row, "reference")))
                .filter(row -> "logits".equals(CommandRun.cell(row, "target_layer")))
                .filter(row -> "logits".equals(CommandRun.cell(row, "reference_layer")))
                .filter(row -> measure.equals(CommandRun.cell(row, "measure")))
                .toList();
        assertEquals(1, rows.size(), table);
        return rows.get(0);
    }

    /** The columns that pandas and R read; one row per pair and measure. */
    @Test
    void theTableHasTheVerdictAndEveryValueOfAPair() throws IOException {
        var command = study(2, "n", SEARCH);
        var printed = text(command, "--format", "csv");
        assertEquals(printed, Files.readString(folder.resolve("out/results.csv")));
        assertEquals(
                "target,target_layer,reference,reference_layer,search,repeat,measure,verdict,gap,reason,stir,low,high,prediction_low,prediction_high,p,p_corrected,p_max,floor,similarity,similarity_low,similarity_high,ceiling,seed_floor,permutation_floor,input_similarity,corrected,corrected_low,corrected_high,converged_only,shared_metamers,shared_metamers_low,shared_metamers_high,shared_metamers_floor,target_moved,target_moved_in_units,inputs,accepted,converged,residual,distance_from_input,moved",
                printed.lines().findFirst().orElseThrow());
        assertEquals(16 * 2, CommandRun.rows(printed).size());
        var document =
                new JsonMapper().readTree(folder.resolve("out/result.json").toFile());
        var direction = StreamSupport.stream(document.path("directions").spliterator(), false)
                .filter(one -> one.path("target").asText().equals("n2"))
                .filter(one -> one.path("target_layer").asText().equals("logits"))
                .filter(one -> one.path("reference").asText().equals("n1"))
                .filter(one -> one.path("reference_layer").asText().equals("logits"))
                .findFirst()
                .orElseThrow();
        for (var measure : List.of("linear-cka", "linear-cka-debiased")) {
            var row = row(printed, "n2", "n1", measure);
            var values = CommandRun.values(direction, measure);
            for (var part : List.of("word", "gap", "reason")) {
                var expected = direction.path("verdict").path(part).asText();
                assertEquals(
                        measure.equals(direction.path("measure").asText()) ? expected : "",
                        CommandRun.cell(row, part.equals("word") ? "verdict" : part));
            }
            assertEquals(values.path("p").asDouble(-1), number(row, "p"));
            assertEquals(values.at("/stir/low").asDouble(-9), number(row, "low"));
            assertEquals(values.at("/stir/prediction_high").asDouble(-9), number(row, "prediction_high"));
            for (var name : List.of("stir", "similarity", "ceiling", "seed_floor", "permutation_floor")) {
                assertEquals(values.path(name).path("value").asDouble(-9), number(row, name), name);
            }
            var search = direction.path("search");
            assertEquals(search.at("/residual/mean").asDouble(-1), number(row, "residual"));
            assertEquals(search.path("accepted").asDouble(-1), number(row, "accepted"));
            assertEquals(search.path("converged").asDouble(-1), number(row, "converged"));
            assertEquals(search.path("moved").asDouble(-1), number(row, "moved"));
            for (var part : List.of("share", "low", "high", "floor")) {
                var name = "shared_metamers" + (part.equals("share") ? "" : "_" + part);
                assertEquals(direction.at("/shared_metamers/" + part).asText(), CommandRun.cell(row, name), name);
            }
            assertEquals(direction.at("/outcomes/target_moved/mean").asDouble(-1), number(row, "target_moved"));
            assertEquals(
                    direction.at("/outcomes/target_moved_in_units").asDouble(-1), number(row, "target_moved_in_units"));
            assertEquals(search.at("/distance_from_input/mean").asDouble(-1), number(row, "distance_from_input"));
            assertEquals(30, number(row, "inputs"));
        }
        var deciding = CommandRun.values(direction, "linear-cka-debiased");
        assertEquals(
                deciding.at("/input_similarity/value").asDouble(-9),
                number(row(printed, "n2", "n1", "linear-cka-debiased"), "input_similarity"));
    }

    @Test
    void otherLayersAreShownIfTheyAreNamed() throws IOException {
        var command = study(3, "n", SEARCH);
        assertTrue(text(command, "--at", "hidden").contains(" at hidden; 30 inputs"));
        var both = text(command, "--at", "n1:*,n2:hidden");
        assertTrue(both.contains("n1:hidden n1:logits n2:hidden\n"), both);
        var wrong = new ArrayList<>(command);
        wrong.addAll(List.of("--at", "hiden"));
        var refused = CommandRun.of(wrong.toArray(String[]::new)).failure(2);
        assertEquals("stir: No layer of the study matches 'hiden': use one of hidden, logits.\n", refused);
    }

    @Test
    void longNamesOfManyNetworksAreNumbered() throws IOException {
        var more = "measures: [linear-cka-debiased]\n" + SEARCH;
        var text = text(study(12, "a-network-with-a-long-name-", more));
        assertTrue(text.lines().allMatch(line -> line.length() <= 80), text);
        assertTrue(text.contains("\n12 a-network-with-a-long-name-12 "), text);
        for (var heads : List.of("1 +2 +3 +4 +5 +6", "7 +8 +9 +10 +11 +12")) {
            assertTrue(text.matches("(?s).*\n +" + heads + "\n1 a-network-with-a-long-name-1 .*"), text);
        }
    }

    @Test
    void searchesThatFoundLittleAreMarkedAndNamed() throws IOException {
        var text = text(study(5, "n", "search: {optimizer: published, iterations: 1}\nrepeats: 2\n"));
        assertTrue(text.replaceAll("\\s+", " ").contains("; ? inconclusive n1 n2 "), text);
        assertTrue(text.contains("\nfew accepted: hidden of 5 networks; logits of 5 networks\n"), text);
        assertTrue(
                text.replaceAll("\\s+", " ")
                        .contains(
                                " ? inconclusive: 90 of 90 scores of different layers (values: --details) 90: too few searches found an accepted input (needs a longer search) few accepted: "),
                text);
        assertTrue(
                text.replaceAll("\\s+", " ")
                        .contains(
                                " differences between directions: none, because no pair has two conclusive verdicts "),
                text);
        assertTrue(text.replaceAll("\\s+", " ").contains("search published, repeat 1 (the first of 2)"), text);
        assertTrue(
                text.replaceAll("\\s+", " ")
                        .contains(" next a longer search (`search: {optimizer: thorough}` in the experiment file): "),
                text);
    }

    @Test
    void cautionsAreLeftOutOfTheShownRunAlone() throws IOException {
        var one = "search: {optimizer: published, iterations: 1}\n";
        var caution = "the searches have not converged";
        var shown = text(study(2, "n", one)).replaceAll("\\s+", " ");
        assertTrue(shown.contains("few accepted: "), shown);
        assertFalse(shown.contains(caution), shown);
        var other = """
                search:
                  - {name: good, optimizer: fast, iterations: 30}
                  - {name: poor, optimizer: published, iterations: 1}
                """;
        var both = text(study(2, "n", other), "--force").replaceAll("\\s+", " ");
        assertTrue(both.contains(caution), both);
    }

    @Test
    void directionsAreComparedAmongThePairsOfTheReport() throws IOException {
        var experiment = Files.writeString(folder.resolve("mixed.yaml"), """
                        models:
                          - {name: n1, file: net1.tiny, layers: [hidden]}
                          - {name: n2, file: net2.tiny, layers: [hidden]}
                          - {name: n3, file: net3.tiny, layers: [logits]}
                          - {name: n4, file: net4.tiny, layers: [logits]}
                        inputs: images.npy
                        search: {optimizer: fast, iterations: 3}
                        """);
        var out = folder.resolve("mixed");
        var text = text(List.of("matrix", experiment.toString(), "--out", out.toString()));
        assertTrue(text.contains("? inconclusive"), text);
        assertTrue(
                text.contains("\ndifferences between directions: none of 1 pair is clear; 5 with ? left out\n"), text);
        assertTrue(text.lines().filter(line -> line.startsWith("  n")).count() < 5, text);
        var page = folder.resolve("page.html");
        var report = CommandRun.of("report", out.toString(), "--out", page.toString());
        assertEquals(0, report.code(), report.err());
        var asymmetries = Pattern.compile("\"asymmetries\":\\[(.*?)]")
                .matcher(Files.readString(page))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        assertEquals(6, asymmetries.split("\"measure\":\"linear-cka-debiased\"", -1).length - 1);
    }

    @Test
    void oneComparedPairIsInTheSingular() throws IOException {
        var text = text(study(2, "n", SEARCH));
        assertTrue(text.contains("\ndifferences between directions: none of 1 pair is clear\n"), text);
    }

    @Test
    void detailsHaveAllValuesOfEachScore() throws IOException {
        var command = study(2, "n", SEARCH);
        var text = text(command, "--details");
        for (var target : List.of("n1:hidden", "n1:logits", "n2:hidden", "n2:logits")) {
            assertEquals(
                    4,
                    text.lines()
                            .filter(line -> line.startsWith("STIR(%s | ".formatted(target)))
                            .count());
        }
        var row = row(text(command, "--format", "csv"), "n2", "n1", "linear-cka-debiased");
        var block = text.substring(text.indexOf("STIR(n2:logits | n1:logits), search fast, repeat 1\n"));
        var shown = Pattern.compile("\\n  stir +\\S+ +(\\S+)\\n").matcher(block);
        assertTrue(shown.find(), block);
        assertEquals(number(row, "stir"), Double.parseDouble(shown.group(1)), 0.00006);
        assertTrue(text.contains("inversions: 4 of 4 (4 made now, 0 reused)"), text);
    }

    @Test
    void everyNumberOfTheDetailsIsThatOfTheTable() throws IOException {
        var command = study(3, "n", SEARCH);
        var shown = detailed(text(command, "--details"));
        var table = CommandRun.rows(text(command, "--format", "csv"));
        assertEquals(table.size(), shown.size());
        int numbers = 0;
        int corrected = 0;
        for (int i = 0; i < table.size(); i++) {
            for (var cell : shown.get(i).entrySet()) {
                var expected = CommandRun.cell(table.get(i), cell.getKey());
                var at = "row %d, %s".formatted(i, cell.getKey());
                if (expected.matches("-?[0-9]+\\.[0-9E-]+")) {
                    assertEquals(Double.parseDouble(expected), Double.parseDouble(cell.getValue()), 0.000051, at);
                    numbers++;
                } else {
                    assertEquals(expected.isEmpty() ? "-" : expected, cell.getValue(), at);
                }
            }
            corrected +=
                    CommandRun.cell(shown.get(i), "p_corrected").equals(CommandRun.cell(shown.get(i), "p")) ? 0 : 1;
        }
        assertTrue(numbers > 10 * table.size(), numbers + " numbers");
        assertTrue(corrected > 0, "some p are corrected");
    }

    /** Returns the columns of the details, a map per score and measure. */
    private static List<Map<String, String>> detailed(String text) {
        var rows = new ArrayList<Map<String, String>>();
        for (var line :
                text.lines().filter(line -> line.matches("  [a-z_]+  .*")).toList()) {
            var cells = line.strip().split(" {2,}", -1);
            if (cells[0].equals("measure")) {
                for (int i = 1; i < cells.length; i++) {
                    rows.add(new HashMap<>());
                }
            }
            for (int i = 1; i < cells.length; i++) {
                rows.get(rows.size() - cells.length + i).put(cells[0], cells[i]);
            }
        }
        return rows;
    }

    @Test
    void detailsFitEightyColumnsWhateverTheNames() throws IOException {
        for (var prefix : List.of("n", "a-network-with-a-long-name-")) {
            var command = study(2, prefix, SEARCH);
            var text = text(command, "--details", "--force");
            assertEquals(
                    List.of(),
                    text.lines()
                            .filter(line -> !line.contains(folder.toString()))
                            .filter(line -> line.length() > 80)
                            .toList());
            assertTrue(text.contains("\n  measure "), text);
        }
        var divided = text(study(2, "a-network-with-a-long-name-", SEARCH), "--details");
        assertTrue(
                divided.contains(
                        "STIR(a-network-with-a-long-name-2:hidden | a-network-with-a-long-name-2:hidden),\nsearch fast, repeat 1\n"),
                divided);
        assertTrue(divided.matches("(?s).*\n  stir +1\\.0000 .*"), divided);
    }

    @Test
    void tablesForPapersAreTheMatrix() throws IOException {
        var command = study(3, "n_", SEARCH);
        var latex = text(command, "--format", "latex");
        assertTrue(latex.contains("\\begin{tabular}{lrrr}\n\\toprule\ntarget & n\\_1 & n\\_2"), latex);
        assertTrue(latex.contains("\\caption{STIR(target $|$ reference) at logits.}"), latex);
        assertTrue(latex.contains("\\label{tab:stir-out}"), latex);
        assertTrue(latex.contains("Measure: linear-cka-debiased; 30 inputs; search fast"), latex);
        assertTrue(latex.contains("The 95 \\% intervals "), latex);
        var markdown = text(command, "--format", "markdown");
        assertTrue(markdown.contains("| target | n_1 | n_2 | n_3 |\n|---|---|---|---|\n"), markdown);
    }
}
