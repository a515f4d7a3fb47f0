package stir.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.cli.console.ExitCode;
import stir.core.inversion.Inversion;
import stir.core.io.arrays.NpyReader;
import stir.core.score.Judgement;
import stir.core.score.Verdict;
import stir.core.study.StoredStudy;
import stir.core.study.store.ScoreTable;
import stir.report.StudyPage;

class ReportCommandTest {
    private static final int INPUTS = 12;
    private static final String DATA = "(?s).*<script type=\"application/json\" id=\"study-data\">(.*?)</script>.*";

    @TempDir
    static Path folder;

    static Path study = Path.of("");

    @BeforeAll
    static void makeStudy() throws IOException {
        CommandRun.network(folder, 1);
        CommandRun.network(folder, 2);
        CommandRun.images(folder, INPUTS);
        study = study("study", """
                        models:
                          - {name: n1, file: net1.tiny, layers: [hidden]}
                          - {name: n2, file: net2.tiny, layers: [hidden]}
                        inputs: images.npy
                        measures: [linear-cka, procrustes]
                        search: {iterations: 8}
                        repeats: 2
                        """);
    }

    /** Runs a study whose experiment has the name of its folder. */
    private static Path study(String name, String experiment, String... more) throws IOException {
        var file = folder.resolve(name.replace('/', '-') + ".yaml");
        Files.writeString(file, experiment);
        var made = folder.resolve(name);
        var arguments = Stream.of("matrix", file.toString(), "--out", made.toString());
        var run = CommandRun.of(Stream.concat(arguments, Stream.of(more)).toArray(String[]::new));
        assertEquals(0, run.code(), run.err());
        return made;
    }

    private static String page(Path of, String... more) throws IOException {
        var out = folder.resolve("page.html");
        var arguments = Stream.of("report", of.toString(), "--out", out.toString());
        var run = CommandRun.of(Stream.concat(arguments, Stream.of(more)).toArray(String[]::new));
        assertEquals("", run.err());
        assertEquals(0, run.code());
        return Files.readString(out);
    }

    private static JsonNode data(String page) throws IOException {
        var matcher = Pattern.compile(DATA).matcher(page);
        assertTrue(matcher.matches());
        return new JsonMapper().readTree(matcher.group(1));
    }

    /** A copy of the study that may be changed. */
    private static Path copy(String name) throws IOException {
        var to = folder.resolve(name);
        try (Stream<Path> paths = Files.walk(study)) {
            for (var file : paths.toList()) {
                Files.copy(file, to.resolve(study.relativize(file).toString()));
            }
        }
        return to;
    }

    /** Returns the document of the study, which its folder has. */
    private static JsonNode stored() throws IOException {
        return new JsonMapper().readTree(study.resolve("result.json").toFile());
    }

    @Test
    void pageHoldsTheStudysDocumentAsItIsStored() throws IOException {
        var data = data(page(study));
        var stored = (ObjectNode) stored();
        var shown = (ObjectNode) data.path("result");
        assertTrue(stored.path("differences").size() > 0);
        // The clearest differences come first.
        assertEquals(
                stored.remove("differences").size(), shown.remove("differences").size());
        assertNear(stored, shown);
        assertEquals(8, data.at("/result/directions").size());
        assertEquals(8, data.path("planned").asInt());
        var command = data.at("/result/command").asText();
        assertTrue(command.startsWith("stir matrix "), command);
    }

    @Test
    void searchesHoldWhatFiguresNeed() throws IOException {
        var searches = data(page(study)).path("searches");
        assertEquals(4, searches.size());
        for (var search : searches) {
            assertEquals(INPUTS, search.path("residuals").size());
            assertEquals(2, search.path("moved").size(), "targets");
            for (var target : search.path("moved")) {
                int inputs = 0;
                for (var count : target.path("counts")) {
                    inputs += count.asInt();
                }
                assertEquals(INPUTS, inputs);
            }
        }
        var direction = stored().at("/directions/2");
        assertEquals("n1", direction.path("reference").asText());
        assertNear(direction.path("search"), searches.at("/0/search"));
    }

    /** The same document but for numbers, which a page has in single precision. */
    private static void assertNear(JsonNode expected, JsonNode actual) {
        if (expected.isNumber()) {
            assertEquals(expected.asDouble(), actual.asDouble(), 1e-6 * Math.max(1, Math.abs(expected.asDouble())));
        } else if (expected.isContainerNode()) {
            assertEquals(expected.size(), actual.size());
            var names = expected.fieldNames();
            names.forEachRemaining(name -> assertNear(expected.path(name), actual.path(name)));
            for (int i = 0; expected.isArray() && i < expected.size(); i++) {
                assertNear(expected.path(i), actual.path(i));
            }
        } else {
            assertEquals(expected, actual);
        }
    }

    /** Every column of a score has the name and the place that tables have. */
    @Test
    void theColumnsOfScoresAreThoseOfTables() throws IOException {
        var script = new String(
                Objects.requireNonNull(StudyPage.class.getResourceAsStream("scores.js"))
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        var columns = script.substring(script.indexOf("const SCORE_COLUMNS = ["), script.indexOf("\n];"));
        var ids = Pattern.compile("(?m)^  (?:\\{ (?:id: |\\.\\.\\.quantity\\()|\\w+\\()\"(\\w+)\"")
                .matcher(columns)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertEquals(ScoreTable.of(List.of(), List.of(), Map.of()).names(), ids);
    }

    @Test
    void theNetworksOfAScoreAreNamedAfterTheirFiles() throws IOException {
        var score = folder.resolve("score");
        var made = CommandRun.of(
                "score",
                folder.resolve("net1.tiny").toString(),
                folder.resolve("net2.tiny").toString(),
                "--inputs",
                folder.resolve("images.npy").toString(),
                "--iterations",
                "3",
                "--out",
                score.toString());
        assertEquals(0, made.code(), made.err());
        var page = page(score);
        assertTrue(page.contains("<h1>net1 and net2</h1>"));
        assertEquals("net1", data(page).at("/result/networks/0/name").asText());
        assertEquals("[0,1]", data(page).path("headline").toString());
    }

    @Test
    void aScoreOfOneFileIsNamedAfterItsLayersAsInTheTerminal() throws IOException {
        var score = folder.resolve("score-of-layers");
        var net = folder.resolve("net1.tiny").toString();
        var made = CommandRun.of(
                "score",
                net,
                net,
                "--layer-a",
                "hidden",
                "--layer-b",
                "logits",
                "--inputs",
                folder.resolve("images.npy").toString(),
                "--iterations",
                "3",
                "--out",
                score.toString());
        assertEquals(0, made.code(), made.err());
        assertTrue(made.out().contains("How much of hidden survives what logits ignores?"), made.out());
        assertTrue(page(score).contains("<h1>hidden and logits</h1>"));
    }

    @Test
    void verdictsHaveTheirMarksAndRulesInTheDocument() throws IOException {
        var data = data(page(study));
        var verdicts = data.path("verdicts");
        assertEquals(Verdict.values().length, verdicts.size());
        int place = 0;
        for (var verdict : Verdict.values()) {
            var shown = verdicts.path(place++);
            assertEquals(verdict.toString(), shown.path("word").asText());
            assertEquals(verdict.mark(), shown.path("mark").asText());
            assertEquals(verdict.isKnown(), shown.path("known").asBoolean());
        }
        var rules = data.path("rules");
        assertEquals(Judgement.rules().size(), rules.size());
        assertEquals("INCONCLUSIVE", rules.at("/1/word").asText());
        assertEquals(
                Judgement.rules().get(1).condition(), rules.at("/1/condition").asText());
        assertEquals(Judgement.LEVEL, data.path("clear_below").asDouble(), 1e-6);
        assertEquals(Judgement.FEWEST, data.path("fewest").asDouble(), 1e-6);
        assertEquals(Inversion.SAME_INPUTS, data.path("same_inputs").asDouble(), 1e-6);
    }

    @Test
    void directionsAreCompared() throws IOException {
        var data = data(page(study));
        var directions = data.at("/result/directions");
        assertEquals("linear-cka", data.path("measure").asText());
        // One pair of networks, two measures, two repeats.
        assertEquals(4, data.path("asymmetries").size());
        var one = data.at("/asymmetries/0");
        var first = directions.path(one.path("first").asInt());
        var second = directions.path(one.path("second").asInt());
        assertEquals(first.path("target"), second.path("reference"));
        assertEquals(
                first.at("/measures/linear-cka/stir/value").asDouble()
                        - second.at("/measures/linear-cka/stir/value").asDouble(),
                one.path("difference").asDouble(),
                1e-6);
        double last = 0;
        int rows = 0;
        for (var row : data.at("/result/differences")) {
            if (row.path("measure").asText().equals("linear-cka")
                    && row.path("repeat").asInt() == 1) {
                assertTrue(row.path("p_corrected").asDouble() >= last);
                last = row.path("p_corrected").asDouble();
                rows++;
            }
        }
        assertTrue(rows > 0);
        assertEquals(
                data.at("/differences/possible").asInt(),
                data.at("/result/differences").size());
        assertFalse(data.at("/differences/too_many").asBoolean(true));
    }

    @Test
    void aSearchThatWasKeptNearItsInputsIsComparedAndDoesNotIgnoreNothing() throws IOException {
        var near = study("near", """
                        models:
                          - {name: n1, file: net1.tiny, layers: [hidden]}
                          - {name: n2, file: net2.tiny, layers: [hidden]}
                        inputs: images.npy
                        search: {optimizer: published, iterations: 3, ball: "l2:0.01@input"}
                        measures: [linear-cka]
                        """);
        var data = data(page(near));
        assertEquals(2, data.path("searches").size());
        for (var search : data.path("searches")) {
            double distance = search.at("/search/distance_from_input/mean").asDouble(1);
            assertTrue(distance <= 0.02, search.toString());
            assertFalse(search.at("/search/ignores_nothing").asBoolean(true), search.toString());
        }
        assertEquals(1, data.path("asymmetries").size());
        assertEquals(4, data.at("/result/directions").size());
        for (var score : data.at("/result/directions")) {
            assertNotEquals("NOTHING TO IGNORE", score.at("/verdict/word").asText());
        }
    }

    @Test
    void commandNamesTheWrittenFile() {
        var run = CommandRun.of("report", study.toString());
        assertEquals(0, run.code(), run.err());
        var file = study.resolve("report.html");
        assertTrue(run.out().startsWith(file + ": 8 of 8 scores, "), run.out());
        assertTrue(Files.exists(file));
    }

    @Test
    void repeatsAreShownSideBySide() throws IOException {
        var sideBySide = data(page(study)).path("side_by_side");
        assertEquals(2, sideBySide.path("others").size());
        assertEquals(2, sideBySide.path("sets").size());
        var set = sideBySide.path("sets").path(0);
        assertEquals(1, set.path("run").asInt());
        assertEquals(0, set.path("other").asInt());
        assertEquals(2 * 4, set.path("rows").size());
        assertEquals(0, set.path("differs").size());
        var row = set.path("rows").path(0);
        assertEquals(
                row.at("/here/value").asDouble() - row.at("/there/value").asDouble(),
                row.at("/difference/difference").asDouble(),
                1e-6);
        assertTrue(row.at("/difference/low").isDouble());
    }

    @Test
    void twoStudiesAreShownSideBySide() throws IOException {
        var other = study("nested/study", """
                        models:
                          - {name: n1, file: net1.tiny, layers: [hidden]}
                          - {name: n3, file: net2.tiny, layers: [hidden]}
                        inputs: images.npy
                        search: {iterations: 5}
                        """);
        var sideBySide = data(page(study, "--against", other.toString())).path("side_by_side");
        assertEquals("nested/study", sideBySide.at("/others/2/study").asText());
        var set = sideBySide.path("sets").path(2);
        assertEquals(0, set.path("run").asInt());
        assertEquals(2, set.path("other").asInt());
        assertEquals(1, set.path("rows").size());
        assertTrue(set.at("/rows/0/difference/paired").asBoolean());
        assertEquals("[\"iterations: 8 here, 5 there\"]", set.path("differs").toString());
        assertEquals(3, set.path("only_here").size());
        assertTrue(
                set.path("only_there").toString().contains("n3:hidden given n1:hidden"),
                set.path("only_there").toString());
        assertEquals(
                "[\"procrustes\",\"linear-cka-debiased\"]",
                set.path("measures_of_one").toString());
        var empty = Files.createDirectory(folder.resolve("no-other"));
        assertTrue(CommandRun.of("report", study.toString(), "--against", empty.toString())
                .failure(ExitCode.USAGE)
                .contains(empty + " contains no study"));
    }

    @Test
    void studiesThatShareNothingAreRefused() throws IOException {
        var page = folder.resolve("unwritten.html");
        var refusal = against(page, """
                        models: [{name: other, file: net1.tiny}]
                        inputs: images.npy
                        search: {iterations: 2}
                        """);
        assertTrue(refusal.endsWith("no network has the same name in both, here n1, n2, there other.\n"), refusal);
        refusal = against(page, """
                        models: [{name: n1, file: net1.tiny, layers: [hidden]}]
                        inputs: images.npy
                        measures: [rsa-pearson]
                        search: {iterations: 2}
                        """);
        assertTrue(refusal.contains("no measure is in both, here linear-cka, "), refusal);
        assertFalse(Files.exists(page));
    }

    /** Returns the data of the comparison with another study. */
    private static String against(Path page, String other) throws IOException {
        var to = study("sharing-nothing", other, "--force");
        return CommandRun.of("report", study + "", "--against", to + "", "--out", page.toString())
                .failure(ExitCode.USAGE);
    }

    @Test
    void theSameStudyGivesTheSameBytes() throws IOException {
        assertEquals(page(study), page(study));
    }

    @Test
    void picturesShowTheArrays() throws IOException {
        var gallery = data(page(study, "--gallery", "5")).path("gallery");
        assertEquals(4, gallery.path("shelves").size());
        var items = gallery.at("/shelves/0");
        assertEquals(5, items.size());
        int index = items.path(0).path("index").asInt();
        double[] stored;
        try (var inputs = NpyReader.open(study.resolve("inputs.npy"))) {
            stored = inputs.values();
        }
        var image = image(gallery.at("/inputs/" + index + "/picture").asText());
        assertEquals(4, image.getWidth());
        var expected = new int[16];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (int) Math.round(255 * stored[16 * index + i]);
        }
        assertArrayEquals(expected, image.getRaster().getSamples(0, 0, 4, 4, 0, (int[]) null));
        assertFalse(gallery.at("/seeds/0/" + index).isMissingNode());
    }

    private static BufferedImage image(String address) throws IOException {
        var bytes = Base64.getDecoder().decode(address.replace("data:image/png;base64,", ""));
        return ImageIO.read(new ByteArrayInputStream(bytes));
    }

    @Test
    void theGalleryShowsTheLeastSharedInputs() throws IOException {
        var data = data(page(study, "--gallery", "4"));
        var score = StoredStudy.open(study).scores().get(2);
        assertEquals(
                List.of("n2", "n1"),
                List.of(score.target().model(), score.reference().model()));
        var moved = score.outcomes().inputs().stream()
                .mapToDouble(outcome -> outcome.targetMoved().orElseThrow())
                .toArray();
        int least = 0;
        for (int i = 0; i < moved.length; i++) {
            least = moved[i] > moved[least] ? i : least;
        }
        boolean isShown = false;
        for (var item : data.at("/gallery/shelves/0")) {
            isShown |= item.path("index").asInt() == least;
        }
        assertTrue(isShown, "input " + least);
    }

    @Test
    void textIsEscaped() throws IOException {
        var hostile = "</script><img src=x onerror=alert(1)>&\"'{{data}}";
        var changed = copy("a<b>&\"c");
        var file = changed.resolve("study.json");
        var document = (ObjectNode) new JsonMapper().readTree(file.toFile());
        document.put("command", hostile);
        document.putObject("about").put("notes", hostile).putArray("authors").add(hostile);
        Files.writeString(file, CommandRun.withChecksum(document.toPrettyString()));
        var page = page(changed);
        assertEquals(hostile, data(page).at("/result/command").asText());
        assertFalse(page.contains("<img src=x"));
        assertEquals(hostile, data(page).at("/result/about/notes").asText());
        assertTrue(page.contains("<h1>a&lt;b&gt;&amp;&quot;c</h1>"));
        document.withObject("/about").put("title", "<i>Alike?</i>");
        Files.writeString(file, CommandRun.withChecksum(document.toPrettyString()));
        assertTrue(page(changed).contains("<h1>&lt;i&gt;Alike?&lt;/i&gt;</h1>"));
    }

    @Test
    void pageLoadsNoOtherFile() throws IOException {
        var page = page(study);
        assertTrue(page.contains("default-src 'none'"));
        var markup = page.replaceAll("(?s)<(script|style).*?</\\1>", "");
        assertFalse(markup.contains("http://"), "no address");
        assertFalse(markup.contains("https://"), "no address");
        assertFalse(markup.contains("src="));
        assertTrue(page.contains("Licensed to the Apache Software Foundation"), "the notice");
    }

    @Test
    void anIncompleteStudyIsShown() throws IOException {
        var part = copy("part");
        Files.delete(part.resolve("scores/n2/n1.json"));
        Files.delete(part.resolve("searches/n2/hidden/thorough/repeat-2/search.json"));
        var data = data(page(part));
        // Of n2 given n1 nothing is stored; of the second search of n2 nothing is complete.
        assertEquals(8 - 2 - 2, data.at("/result/directions").size());
        assertEquals(8, data.path("planned").asInt());
        assertEquals(3, data.path("searches").size());
    }

    @Test
    void aFolderThatIsNotAStudyIsRefused() throws IOException {
        var empty = Files.createDirectory(folder.resolve("empty"));
        assertEquals(
                "stir: %s contains no study: use a folder with a study.json.".formatted(empty),
                CommandRun.of("report", empty.toString())
                        .failure(ExitCode.USAGE)
                        .strip());
        var file = study.resolve("study.json").toString();
        assertEquals(
                "stir: %s is a file: specify the folder of a study or a score.".formatted(file),
                CommandRun.of("report", file).failure(ExitCode.USAGE).strip());
        var begun = Files.createDirectory(folder.resolve("begun"));
        Files.copy(study.resolve("study.json"), begun.resolve("study.json"));
        assertTrue(CommandRun.of("report", begun.toString())
                .failure(ExitCode.USAGE)
                .contains("has no scores yet"));
        var damaged = Files.createDirectory(folder.resolve("damaged"));
        Files.writeString(damaged.resolve("study.json"), "{");
        assertTrue(CommandRun.of("report", damaged.toString())
                .failure(ExitCode.FAILED)
                .contains("is damaged"));
        var nowhere = folder.resolve("nowhere/page.html");
        assertTrue(CommandRun.of("report", study.toString(), "--out", nowhere.toString())
                .failure(ExitCode.FAILED)
                .contains("could not be written"));
    }
}
