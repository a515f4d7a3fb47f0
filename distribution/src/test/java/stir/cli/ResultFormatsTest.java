package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Tests that written files follow the definitions in {@code docs/results.md}. */
public class ResultFormatsTest {
    private static final Path DOCS = Path.of("docs/results");
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir Path folder;

    /** Returns what the schema of this name refuses in a document. */
    private static List<Error> errors(String name, JsonNode document) throws IOException {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(DOCS.resolve(name + ".schema.json")))
                .validate(document.toString(), InputFormat.JSON);
    }

    /** Checks a document against the schema that it names, and returns the schema's name. */
    public static String validate(JsonNode document) throws IOException {
        var id = document.path("schema").asText();
        assertTrue(id.matches("stir-[a-z]+/[12]"), () -> "schema: " + document);
        var name = id.substring(0, id.indexOf('/'));
        assertEquals(List.of(), errors(name, document), name);
        return name;
    }

    private static List<Path> files(Path of, String ending) throws IOException {
        try (Stream<Path> found = Files.walk(of)) {
            return found.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    @Test
    void documentsAreValidAndColumnsAreDefined() throws IOException {
        var a = CommandRun.network(folder, 1).toString();
        var b = CommandRun.network(folder, 2).toString();
        var images = CommandRun.images(folder, 8).toString();
        var score = folder.resolve("score").toString();
        var inverted = folder.resolve("inverted").toString();
        var study = folder.resolve("study").toString();
        var shared = folder.resolve("shared").toString();
        var rows = folder.resolve("rows.npy").toString();
        var file =
                Files.writeString(
                        folder.resolve("study.yaml"),
                        """
                        title: Two networks
                        authors: [A. Author]
                        notes: Nothing depends on this.
                        models: [{name: a, file: net1.tiny}, {name: b, file: net2.tiny}]
                        inputs: {path: images.npy, size: 4}
                        search: {iterations: 4}
                        repeats: 2
                        """);
        var runs =
                List.of(
                        List.of("score", a, b, "--inputs", images, "--out", score),
                        List.of("invert", a, "--inputs", images, "--out", inverted),
                        List.of("matrix", file.toString(), "--out", study),
                        List.of("matrix", file.toString(), "--dry-run"),
                        List.of(
                                "matrix",
                                file.toString(),
                                "--out",
                                shared,
                                "--shard",
                                "0/2",
                                "--stage",
                                "search"),
                        List.of("check", a, "--against", a),
                        List.of("layers", a),
                        List.of("represent", a, "--inputs", images, "--out", rows),
                        List.of("similarity", rows, rows),
                        List.of("measures"),
                        List.of("options"),
                        List.of("plugins"),
                        List.of("backends", "--devices"));
        var validated = new TreeSet<String>();
        for (var run : runs) {
            var command = new ArrayList<>(run);
            if (run.contains("score") || run.contains("invert")) {
                command.addAll(List.of("--iterations", "4"));
            }
            command.addAll(List.of("--format", "json"));
            validated.add(validate(CommandRun.of(command.toArray(String[]::new)).document()));
        }
        var unfinished =
                CommandRun.of(
                        "matrix", file.toString(), "--out", shared, "--finish", "--format", "json");
        validated.add(validate(MAPPER.readTree(unfinished.out())));
        for (var document : files(folder, ".json")) {
            var read = MAPPER.readTree(document.toFile());
            validated.add(validate(read));
        }
        assertEquals(
                files(DOCS, ".schema.json").stream()
                        .map(path -> path.getFileName().toString().replace(".schema.json", ""))
                        .filter(name -> !name.equals("stir-demo")) // which DemoIT runs
                        .toList(),
                List.copyOf(validated),
                "each schema was met");
        var text = Files.readString(Path.of("docs/results.md"));
        var tables = files(folder, ".csv");
        assertTrue(tables.size() > 4, tables::toString);
        for (var table : tables) {
            for (var column : Files.readAllLines(table).get(0).split(",", -1)) {
                var defined = "`" + column.replaceFirst("^after-\\d+$", "after-N") + "`";
                assertTrue(text.contains(defined), table + " has " + column);
            }
        }
        var described = MAPPER.readTree(Path.of(study, "study.json").toFile());
        assertEquals(
                "the shorter side resized to 4 (antialiased, bilinear), cropped to the central 4 x"
                        + " 4",
                described.at("/inputs/preparation").asText());
    }

    @Test
    void documentsAndTextNameTheRangeOfInputs() throws IOException {
        var out = folder.resolve("ranged");
        var command =
                new ArrayList<>(
                        List.of(
                                "score",
                                CommandRun.network(folder, 1).toString(),
                                CommandRun.network(folder, 2).toString(),
                                "--inputs",
                                CommandRun.images(folder, 8).toString(),
                                "--range=-1,2",
                                "--iterations=4",
                                "--out",
                                out.toString()));
        assertTrue(
                CommandRun.of(command.toArray(String[]::new))
                        .out()
                        .contains("values searched in [-1,2]; distances in shares of it"));
        command.addAll(List.of("--format", "json"));
        var document = CommandRun.of(command.toArray(String[]::new)).document();
        assertEquals("stir-score", validate(document));
        assertEquals("-1,2", document.at("/inputs/range").asText());
        var study = MAPPER.readTree(out.resolve("study.json").toFile());
        assertEquals("stir-study", validate(study));
        assertEquals("-1,2", study.at("/inputs/range").asText());
        assertEquals("searched in [-1,2]", study.at("/inputs/preparation").asText());
    }

    @Test
    void theTableOfASearchHoldsTheValuesOfItsDocument() throws IOException {
        var document = MAPPER.readTree(invert("thorough", "json"));
        var cells = invert("thorough", "csv").lines().toList().get(1).split(",", -1);
        assertEquals(document.at("/moved").asText(), cells[6]);
        assertEquals(document.at("/nearer-at-most").asText("none"), cells[8]);
        assertEquals(document.at("/nearer-known").asText("none"), cells[9]);
        var fast = invert("fast", "csv").lines().toList().get(1);
        assertTrue(fast.contains(",,0,"), fast);
        assertEquals(document.at("/distance-from-input/mean").asText(), cells[10]);
    }

    private String invert(String optimizer, String format) throws IOException {
        return CommandRun.of(
                        "invert",
                        CommandRun.network(folder, 1).toString(),
                        "--inputs",
                        CommandRun.images(folder, 4).toString(),
                        "--optimizer",
                        optimizer,
                        "--out",
                        folder.resolve(optimizer + format).toString(),
                        "--format",
                        format)
                .out();
    }

    @Test
    void aSchemaRefusesUnknownKeys() throws IOException {
        var wrong = MAPPER.readTree("{\"schema\": \"stir-study/1\", \"command\": 3}");
        assertFalse(errors("stir-study", wrong).isEmpty());
    }
}
