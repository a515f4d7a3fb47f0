package stir.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Batch;
import stir.api.Shape;
import stir.cli.console.Console;
import stir.core.io.arrays.NpyReader;
import stir.core.io.arrays.NpyWriter;
import stir.core.io.files.Table;

/** The commands other than {@code score}. */
class ListCommandsTest {
    @TempDir
    Path folder;

    private static String golden(String name) throws URISyntaxException {
        var resource = ListCommandsTest.class.getResource("/golden/" + name);
        if (resource == null) {
            throw new IllegalStateException(name + " is missing");
        }
        return Path.of(resource.toURI()).toString();
    }

    @Test
    void similarityOfGoldenMatricesIsTheGoldenValue() throws IOException, URISyntaxException {
        var run = CommandRun.of("similarity", golden("B_X.csv"), golden("B_Y.csv"), "--format", "json");
        assertTrue(
                run.out()
                        .startsWith(
                                "{\"schema\": \"stir-similarity/1\", \"similarity\":" + " {\"linear-cka\": 0.774586"),
                run.out());
        assertEquals(0.7745862720, run.document().at("/similarity/linear-cka").asDouble(), 1e-9);
        assertEquals(
                0.736904, run.document().at("/similarity/linear-cka-debiased").asDouble(), 1e-6);
        var text = CommandRun.of("similarity", golden("B_X.csv"), golden("B_Y.csv"));
        assertEquals("linear-cka           0.7746\nlinear-cka-debiased  0.7369\n", text.out());
        var distance = CommandRun.of(
                "similarity",
                golden("B_X.csv"),
                golden("B_Y.csv"),
                "--measure",
                "angular-cka",
                "--measure",
                "linear-cka");
        assertTrue(
                distance.out().matches("angular-cka +0\\.\\d{4}  a distance [^\n]*\nlinear-cka +0\\.7746\n"),
                distance.out());
        var latex = CommandRun.of("similarity", golden("B_X.csv"), golden("B_Y.csv"), "--format", "latex");
        assertTrue(latex.out().contains("linear-cka & 0.7746"), latex.out());
    }

    @Test
    void similarityOfMatricesWithDifferentRowCountsIsRefused() throws IOException, URISyntaxException {
        var shorter =
                Files.writeString(folder.resolve("short.csv"), "1,2\n3,4\n").toString();
        var run = CommandRun.of("similarity", golden("B_X.csv"), shorter);
        assertTrue(run.failure(2).contains("rows"), run.err());
    }

    @Test
    void similarityWarnsOfUntrustworthyValues() throws IOException {
        var wide = Files.writeString(folder.resolve("wide.csv"), "1,2,5\n3,4,1\n7,1,1\n")
                .toString();
        var run = CommandRun.of("similarity", wide, wide, "--measure", "cca");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().startsWith("cca  1.0000"), run.out());
        assertTrue(run.err().startsWith("stir: warning: cca: "), run.err());
        assertEquals(
                "",
                CommandRun.of("similarity", wide, wide, "--measure", "cca", "--quiet")
                        .err());
    }

    @Test
    void measuresListRangeAndDirection() throws IOException {
        var list = CommandRun.of("measures", "--format", "json").document().path("measures");
        var cka = list.get(0);
        assertTrue(list.findValuesAsText("id").contains("linear-cka"), list::toString);
        assertTrue(cka.has("description") && cka.has("range") && cka.has("parameters"));
        assertEquals("alignment", cka.path("family").asText());
        assertFalse(cka.path("recommended").asBoolean());
        var text = CommandRun.of("measures", "--details").out();
        assertTrue(text.contains("linear-cka  (similarity from 0 to 1)"), text);
    }

    @Test
    void measuresAreListedInFamiliesALineEach() throws IOException {
        var text = CommandRun.in(CommandRun.console(Optional.empty(), false, 80), "measures")
                .out();
        assertTrue(text.lines().count() <= 60, text);
        assertEquals(List.of(), text.lines().filter(line -> line.length() > 80).toList());
        assertTrue(text.startsWith("CKA:\n  linear-cka                * Linear CKA"), text);
        assertTrue(text.contains("procrustes                * distance: "), text);
        assertFalse(text.contains("Plug-ins"), "a built-in measure has no family: " + text);
        var list = CommandRun.of("measures", "--format", "json").document().path("measures");
        for (var id : list.findValuesAsText("id")) {
            assertTrue(text.contains("\n  " + id + " "), id);
        }
    }

    @Test
    void aNamedMeasureIsExplained() {
        assertEquals("""
                procrustes  (distance from 0 to 1.414)
                    Procrustes distance at unit norm (Ding et al. 2021, Williams et al. 2021)
                """, CommandRun.of("measures", "procrustes").out());
        var unknown = CommandRun.of("measures", "procrustus").failure(2);
        assertTrue(unknown.contains("'procrustus'") && unknown.contains("procrustes"), unknown);
    }

    @Test
    void listOfMeasuresFitsTheTerminal() {
        var text = CommandRun.in(CommandRun.console(Optional.empty(), false, 80), "measures", "--details")
                .out();
        assertEquals(List.of(), text.lines().filter(line -> line.length() > 80).toList());
        assertTrue(text.contains("""
                            ?metric=...  how near two inputs are: cosine, euclidean, inner-product
                                         (default cosine)
                        """), text);
        var words = text.replaceAll("\\s+", " ");
        var wide = CommandRun.in(CommandRun.console(Optional.empty(), false, 120), "measures", "--details")
                .out();
        assertEquals(wide.replaceAll("\\s+", " "), words, "nothing is lost");
        assertTrue(wide.lines().count() < text.lines().count(), wide);
    }

    @Test
    void optionsAreListedForPrograms() throws IOException {
        var commands = CommandRun.of("options", "--format", "json").document().path("commands");
        assertTrue(commands.findValuesAsText("name").contains("matrix"), commands::toString);
        var options = new HashMap<String, JsonNode>();
        CommandRun.of("options", "score", "--format", "json")
                .document()
                .at("/commands/0/options")
                .forEach(option -> options.put(option.at("/names/0").asText(), option));
        var layer = Objects.requireNonNull(options.get("--layer-b"));
        assertEquals(",", layer.path("separator").asText(), options::toString);
        assertFalse(layer.path("is_negatable").asBoolean());
        var fakeRelu = Objects.requireNonNull(options.get("--fake-relu"));
        assertTrue(fakeRelu.path("is_negatable").asBoolean(), options::toString);
        assertFalse(fakeRelu.has("value"), options::toString);
        var choices = new ArrayList<String>();
        var cpuIsa = Objects.requireNonNull(options.get("--cpu-isa"));
        cpuIsa.path("choices").forEach(choice -> choices.add(choice.asText()));
        assertEquals(List.of("sse4.2", "avx2", "avx512"), choices);
        assertTrue(CommandRun.of("options", "scores").failure(2).contains("score"));
    }

    @Test
    void messagesForProgramsAreJsonObjects() throws IOException {
        var console = new Console(Optional.empty(), true, false, 80, true);
        var run = CommandRun.in(
                console,
                "score",
                CommandRun.network(folder, 1).toString(),
                CommandRun.network(folder, 2).toString(),
                "--inputs",
                CommandRun.images(folder, 8).toString(),
                "--iterations",
                "3");
        assertEquals(0, run.code(), run.err());
        var kinds = new TreeSet<String>();
        for (var line : run.err().lines().toList()) {
            var message = new JsonMapper().readTree(line);
            assertFalse(message.path("text").asText().isEmpty(), line);
            kinds.add(message.path("kind").asText());
            if (message.has("progress")) {
                assertTrue(message.at("/progress/count").asInt() > 1, line);
            }
        }
        assertTrue(kinds.contains("progress"), run.err());
        var failed = CommandRun.in(console, "score", "--limits", "3");
        var error = new JsonMapper().readTree(failed.err());
        assertEquals(2, failed.code());
        assertEquals(2, error.path("exit_code").asInt(), failed.err());
        assertTrue(error.path("text").asText().contains("'--limits'"), failed.err());
    }

    @Test
    void backendsListSettingsAndDevices() throws IOException {
        var document =
                CommandRun.of("backends", "--devices", "--format", "json").document();
        var list = document.path("backends");
        assertEquals("tiny", list.at("/0/id").asText());
        assertEquals("[\"cpu\"]", list.at("/0/devices").toString());
        assertTrue(CommandRun.of("backends").out().contains("gain=...  what representations"));
        assertTrue(CommandRun.of("backends").out().lines().allMatch(line -> line.length() <= 80));
    }

    @Test
    void layersListShapesAndObstacles() throws IOException {
        var model = CommandRun.network(folder, 3).toString();
        var document = CommandRun.of("layers", model, "--format", "json").document();
        assertEquals("[1,4,4]", document.at("/input/shape").toString());
        assertEquals("hidden", document.at("/default").asText());
        assertEquals("[6]", document.at("/layers/0/shape").toString());
        assertEquals(
                "ArgMax has no derivative", document.at("/layers/1/obstacle").asText());
        var text = CommandRun.of("layers", model).out();
        assertTrue(text.contains("*  hidden   Linear  6\n"), text);
        assertTrue(text.contains("\n-  classes  "), text);
        assertTrue(text.contains("\n*  is measured unless --layer names another\n"), text);
        assertTrue(text.contains("\n-  measured, but not searched: ArgMax has no derivative (classes)\n"), text);
        var csv = CommandRun.of("layers", model, "--format", "csv").out();
        assertTrue(csv.contains("hidden,Linear,6,default,\r\n"), csv);
    }

    @Test
    void messagesOnATerminalBreakBetweenWords() {
        var console = CommandRun.console(Optional.empty(), true, 60);
        var run = CommandRun.in(console, "score", "a", "b", "--inputs", "nowhere/at/all.npy");
        assertEquals(2, run.code());
        assertTrue(run.err().lines().count() > 1, run.err());
        assertTrue(run.err().lines().allMatch(line -> line.length() <= 60), run.err());
        var piped = CommandRun.of("score", "a", "b", "--inputs", "nowhere/at/all.npy");
        assertEquals(piped.err(), run.err().replaceAll("\n +", " "));
    }

    @Test
    void invertSavesItsResults() throws IOException {
        var model = CommandRun.network(folder, 3).toString();
        var images = CommandRun.images(folder, 5).toString();
        var out = folder.resolve("out");
        var document = CommandRun.of(
                        "invert",
                        model,
                        "--inputs",
                        images,
                        "--iterations",
                        "300",
                        "--layer",
                        "hidden",
                        "--out",
                        out.toString(),
                        "--format",
                        "json")
                .document();
        assertEquals(5, document.at("/residuals").size());
        assertTrue(document.at("/search/residual/mean").asDouble(1) < 0.2, document::toString);
        assertEquals("net3", document.path("name").asText());
        assertEquals(model, document.path("file").asText());
        assertArrayEquals(
                new int[] {5, 1, 4, 4},
                NpyReader.open(out.resolve("invariant.npy")).shape());
        assertTrue(Files.exists(out.resolve("picture.png")));
        assertTrue(Files.exists(out.resolve("searches/net3/hidden/thorough/repeat-1/rows.csv")));
    }

    @Test
    void spreadSavesEachMemberAndReusesThemForMore() throws IOException {
        var model = CommandRun.network(folder, 3).toString();
        var images = CommandRun.images(folder, 5).toString();
        var out = folder.resolve("out");
        var two = List.of("invert", model, "--inputs", images, "--out", out.toString());
        var run = spread(two, "2");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("spread  mean distance between members "), run.out());
        var first = Files.readAllBytes(out.resolve("member-1/invariant.npy"));
        var second = Files.readAllBytes(out.resolve("member-2/invariant.npy"));
        assertArrayEquals(first, Files.readAllBytes(out.resolve("invariant.npy")));
        assertFalse(Arrays.equals(first, second));
        var time = Files.getLastModifiedTime(out.resolve("member-1/invariant.npy"));
        var document = spread(two, "3", "--format", "json").document();
        assertEquals(time, Files.getLastModifiedTime(out.resolve("member-1/invariant.npy")));
        assertArrayEquals(second, Files.readAllBytes(out.resolve("member-2/invariant.npy")));
        assertEquals(3, document.at("/spread/members").asInt());
        assertEquals(15, document.at("/spread/converged").asInt(), document::toString);
        var rows = Table.parse(Files.readString(out.resolve("members.csv")));
        assertEquals(1 + 3 * 5, rows.size());
        assertEquals(List.of("index", "name", "member", "residual", "converged", "from_input", "nearest"), rows.get(0));
        assertEquals(
                List.of("4", "3"), List.of(rows.get(15).get(0), rows.get(15).get(2)));
        double nearest = 0;
        for (var row : rows.subList(1, rows.size())) {
            nearest += Double.parseDouble(row.get(6)) / 15;
        }
        assertEquals(nearest, document.at("/spread/nearest").asDouble(), 1e-9);
    }

    private static CommandRun spread(List<String> command, String members, String... more) {
        var all = new ArrayList<>(command);
        all.addAll(List.of("--spread", members));
        all.addAll(List.of(more));
        return CommandRun.of(all.toArray(String[]::new));
    }

    @Test
    void aSpreadRefusesSeedsAndOptimizersOfOthers() throws IOException {
        var model = CommandRun.network(folder, 3).toString();
        var images = CommandRun.images(folder, 5).toString();
        var command = List.of("invert", model, "--inputs", images);
        assertTrue(spread(command, "1").failure(2).contains("from 2 to 100 "));
        assertTrue(spread(command, "2", "--seed", "white").failure(2).contains("leave the seed white"));
        var reference = spread(command, "2", "--optimizer", "published").failure(2);
        assertTrue(reference.contains("require the optimiser thorough or fast"), reference);
    }

    @Test
    void invertWithoutAFolderPrintsItsResultsAndSavesNothing() throws IOException {
        var model = CommandRun.network(folder, 3).toString();
        var images = CommandRun.images(folder, 5).toString();
        var run = CommandRun.of("invert", model, "--inputs", images, "--iterations", "3");
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().startsWith("5 inputs of "), run.out());
        assertEquals(
                "stir: note: the invariant inputs will not be saved: --out DIR saves them.",
                run.err().strip());
    }

    @Test
    void invertWithoutAFolderNotesThatBeforeItsSearch() throws IOException {
        var model = CommandRun.network(folder, 3).toString();
        var images = CommandRun.images(folder, 5).toString();
        var run = CommandRun.of(
                "invert",
                model,
                "--inputs",
                images,
                "--optimizer",
                "published",
                "--iterations",
                "1000000",
                "--timeout",
                "1s");
        assertNotEquals(0, run.code());
        assertTrue(run.err().startsWith("stir: note: the invariant inputs will not"), run.err());
    }

    @Test
    void anArrayOfAnArchiveIsNamed() throws IOException {
        var archive = folder.resolve("two.npz");
        try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (var name : List.of("x", "y")) {
                var array = folder.resolve(name + ".npy");
                NpyWriter.write(array, Batch.of(Shape.of(2), 1, 2, 3, 5, name.equals("x") ? 4 : 7, 4));
                zip.putNextEntry(new ZipEntry(name + ".npy"));
                Files.copy(array, zip);
            }
        }
        var file = archive.toString();
        var sentence = CommandRun.of("similarity", file, file).failure(2);
        assertTrue(sentence.contains("(x, y): choose one by name"), sentence);
        assertTrue(sentence.endsWith("(options: --array).\n"), sentence);
        var run = CommandRun.of("similarity", file, file, "--array", "y", "--measure", "linear-cka");
        assertEquals("linear-cka  1.0000\n", run.out());
    }

    @Test
    void demoNeedsTheUnpackedArchive() {
        var run = CommandRun.in(
                CommandRun.console(Optional.of(folder), false, Console.USUAL_COLUMNS),
                "demo",
                "--out",
                folder.resolve("x").toString());
        assertTrue(run.failure(2).contains("unpacked archive"), run.err());
    }

    @Test
    void problemsOfPluginsAreReportedAndDoNotStopCommands() throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("plugins")).resolve("junk.jar"), "junk");
        var run = CommandRun.in(CommandRun.console(Optional.of(folder), false, Console.USUAL_COLUMNS), "measures");
        assertEquals(0, run.code());
        assertTrue(run.err().startsWith("stir: warning: plugins/junk.jar"), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.out().contains("linear-cka"));
    }
}
