package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.cli.option.ShardOptions;
import stir.core.math.statistics.Replicates;
import stir.core.network.Inconsistency;
import stir.core.score.Advice;
import stir.core.score.Gap;
import stir.core.score.Verdict;
import stir.core.study.results.GroupDifference;
import stir.core.study.results.GroupVerdict;
import stir.core.study.store.ScoreBlock;

/** Tests that written files follow the definitions in {@code docs/results.md}. */
public class ResultFormatsTest {
    private static final Path DOCS = Path.of("docs/results");
    private static final JsonMapper MAPPER = new JsonMapper();

    /** The keys of objects whose keys are names: of measures, networks, layers, files, settings. */
    private static final Set<String> NAMED = Set.of(
            "measures",
            "similarity",
            "residuals",
            "settings",
            "sha256",
            "gradients",
            "origin",
            "parameters",
            "comparisons",
            "searched_with",
            "inputs");

    @TempDir
    Path folder;

    /** Schemas that no document names: they are parts of others. */
    private static final List<String> SHARED = List.of("stir-result");

    /** Returns what the schema of this name refuses in a document. */
    private static List<Error> errors(String name, JsonNode document) {
        return SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12, registry -> registry.schemas(ResultFormatsTest::schema))
                .getSchema(SchemaLocation.of("file:///" + name + ".schema.json"))
                .validate(document.toString(), InputFormat.JSON);
    }

    private static String schema(String address) {
        try {
            return Files.readString(DOCS.resolve(address.substring(address.lastIndexOf('/') + 1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks a document against the schema that it names, and returns the schema's name. */
    public static String validate(JsonNode document) {
        var id = document.path("schema").asText();
        assertTrue(id.matches("stir-[a-z]+/[1-4]"), () -> "schema: " + document);
        var name = id.substring(0, id.indexOf('/'));
        assertEquals(List.of(), errors(name, document), name);
        assertKeys(document, name);
        return name;
    }

    /** Checks the spelling of all keys that are not names of people's choice. */
    private static void assertKeys(JsonNode node, String at) {
        for (var field : node.properties()) {
            var key = field.getKey();
            assertTrue(key.matches("[a-z0-9]+([_ ][a-z0-9]+)*"), () -> at + ": " + key);
            if (!NAMED.contains(key)) {
                assertKeys(field.getValue(), at + "/" + key);
            } else if (key.equals("measures")) {
                field.getValue().forEach(values -> assertKeys(values, at + "/measures"));
            }
        }
        if (node.isArray()) {
            node.forEach(part -> assertKeys(part, at));
        }
    }

    private static List<Path> files(Path of, String ending) throws IOException {
        try (Stream<Path> paths = Files.walk(of)) {
            return paths.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
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
        var file = Files.writeString(folder.resolve("study.yaml"), """
                        title: Two networks
                        authors: [A. Author]
                        notes: Nothing depends on this.
                        models: [{name: a, file: net1.tiny}, {name: b, file: net2.tiny}]
                        inputs: {path: images.npy, size: 4}
                        search: {iterations: 4}
                        repeats: 2
                        """);
        var runs = List.of(
                List.of("score", a, b, "--inputs", images, "--out", score),
                List.of("invert", a, "--inputs", images, "--out", inverted),
                List.of("matrix", file.toString(), "--out", study),
                List.of("matrix", file.toString(), "--dry-run"),
                List.of("cluster", "matrix", file.toString(), "--out", shared, "--shard", "0/2", "--stage", "search"),
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
                CommandRun.of("cluster", "matrix", file.toString(), "--out", shared, "--finish", "--format", "json");
        validated.add(validate(MAPPER.readTree(unfinished.out())));
        for (var document : files(folder, ".json")) {
            var read = MAPPER.readTree(document.toFile());
            validated.add(validate(read));
        }
        assertEquals(
                files(DOCS, ".schema.json").stream()
                        .map(path -> path.getFileName().toString().replace(".schema.json", ""))
                        .filter(name -> !name.equals("stir-demo")) // which DemoIT runs
                        .filter(name -> !SHARED.contains(name))
                        .toList(),
                List.copyOf(validated),
                "each schema was met");
        var text = Files.readString(Path.of("docs/results.md"));
        var tables = files(folder, ".csv");
        assertTrue(tables.size() > 4, tables::toString);
        for (var table : tables) {
            for (var column : Files.readAllLines(table).get(0).split(",", -1)) {
                var defined = "`" + column.replaceFirst("^after_\\d+$", "after_N") + "`";
                assertTrue(text.contains(defined), table + " has " + column);
            }
        }
        var described = MAPPER.readTree(Path.of(study, "study.json").toFile());
        assertEquals(
                "the shorter side resized to 4 (antialiased, bilinear), cropped to the central 4 x" + " 4",
                described.at("/inputs/preparation").asText());
    }

    @Test
    void documentsAndTextNameTheRangeOfInputs() throws IOException {
        var out = folder.resolve("ranged");
        var command = new ArrayList<>(List.of(
                "score",
                CommandRun.network(folder, 1).toString(),
                CommandRun.network(folder, 2).toString(),
                "--inputs",
                CommandRun.images(folder, 8).toString(),
                "--range=-1,2",
                "--iterations=4",
                "--out",
                out.toString()));
        assertTrue(CommandRun.of(command.toArray(String[]::new))
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
        var search = document.path("search");
        var row = CommandRun.rows(invert("thorough", "csv")).get(0);
        assertEquals(search.path("moved").asText("none"), row.get("moved"));
        assertEquals(search.path("nearer_at_most").asText("none"), row.get("nearer_at_most"));
        assertEquals(search.path("nearer_known").asText("none"), row.get("nearer_known"));
        assertEquals(search.at("/residual/median").asText("none"), row.get("residual_median"));
        var fast = CommandRun.rows(invert("fast", "csv")).get(0);
        assertEquals("", fast.get("nearer_at_most"));
        assertEquals("0", fast.get("nearer_known"));
        assertEquals(search.at("/distance_from_input/mean").asText("none"), row.get("distance_from_input"));
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

    /** The values of the choices in schemas; a new constant without its schema fails. */
    @Test
    void everyChoiceOfASchemaIsThatOfItsType() throws IOException {
        var types = new TreeMap<String, Set<String>>();
        types.put("stir-represent/files/inconsistency", words(Inconsistency.values(), Inconsistency::kind));
        types.put("stir-representations/inconsistency", words(Inconsistency.values(), Inconsistency::kind));
        types.put("stir-result/estimate/replicates/scheme", words(Replicates.Scheme.values(), Enum::name));
        types.put("stir-result/gap", words(Gap.values(), Gap::toString));
        types.put("stir-result/advice/kind", words(Advice.Kind.values(), Advice.Kind::toString));
        types.put("stir-result/verdict/word", words(Verdict.values(), Verdict::toString));
        types.put("stir-result/best/among", Set.of("study", "layers"));
        types.put(
                "stir-result/group_difference/question",
                words(GroupDifference.Question.values(), GroupDifference.Question::key));
        types.put("stir-result/group_difference/verdict", words(GroupVerdict.values(), GroupVerdict::toString));
        types.put("stir-scores/parts/place/kind", words(ScoreBlock.Kind.values(), Enum::name));
        types.put("stir-shard/stage", words(ShardOptions.StageWord.values(), Enum::name));
        var found = new TreeMap<String, Set<String>>();
        for (var file : files(DOCS, ".schema.json")) {
            var name = file.getFileName().toString().replace(".schema.json", "");
            choices(MAPPER.readTree(file.toFile()), name, found);
        }
        assertEquals(types, found);
    }

    private static <T> Set<String> words(T[] constants, Function<T, String> word) {
        return Stream.of(constants).map(word).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Adds the values of the choices below a part of a schema, by their places. */
    private static void choices(JsonNode schema, String at, Map<String, Set<String>> found) {
        for (var field : schema.properties()) {
            var key = field.getKey();
            if (key.equals("enum") && field.getValue().isArray()) {
                var values = new TreeSet<String>();
                field.getValue().forEach(value -> values.add(value.textValue()));
                found.put(at, values);
            } else {
                boolean isName = !Set.of("properties", "items", "$defs").contains(key);
                choices(field.getValue(), isName ? at + "/" + key : at, found);
            }
        }
    }

    @Test
    void aSchemaRefusesUnknownKeys() throws IOException {
        var wrong = MAPPER.readTree("{\"schema\": \"stir-study/2\", \"command\": 3}");
        assertFalse(errors("stir-study", wrong).isEmpty());
    }

    /** Both documents of results have one shape: only their names differ. */
    @Test
    void scoresAndStudiesShareTheirDefinitions() throws IOException {
        var score = MAPPER.readTree(DOCS.resolve("stir-score.schema.json").toFile());
        var study = MAPPER.readTree(DOCS.resolve("stir-matrix.schema.json").toFile());
        for (var part : List.of("title", "description")) {
            ((ObjectNode) score).remove(part);
            ((ObjectNode) study).remove(part);
        }
        for (var schema : List.of(score, study)) {
            var name = ((ObjectNode) schema.path("properties")).remove("schema");
            assertTrue(name.path("const").isTextual(), name::toString);
        }
        assertEquals(score, study);
        assertFalse(score.has("$defs"));
    }

    /** Whatever is damaged in a direction is found, so that its definitions are in use. */
    @Test
    void theSharedDefinitionsRefuseAnythingButAScore() throws IOException {
        var document = CommandRun.of(
                        "score",
                        CommandRun.network(folder, 1).toString(),
                        CommandRun.network(folder, 2).toString(),
                        "--inputs",
                        CommandRun.images(folder, 8).toString(),
                        "--iterations=4",
                        "--format",
                        "json")
                .document();
        assertEquals("stir-score", validate(document));
        for (var path : List.of(
                "/directions/0",
                "/directions/0/verdict",
                "/directions/0/measures/linear-cka",
                "/directions/0/measures/linear-cka/stir",
                "/directions/0/search",
                "/directions/0/search/different_inputs",
                "/directions/0/outcomes",
                "/networks/0",
                "/settings",
                "/cautions/0",
                "/differences/0")) {
            var damaged = document.deepCopy();
            assertTrue(damaged.at(path).isObject(), path);
            ((ObjectNode) damaged.at(path)).put("seed-only", 1);
            assertFalse(errors("stir-score", damaged).isEmpty(), path);
        }
        for (var path : List.of("/directions/0/verdict", "/directions/0/search", "/inputs")) {
            var damaged = document.deepCopy();
            var removed = damaged.at(path).fieldNames().next();
            ((ObjectNode) damaged.at(path)).remove(removed);
            assertFalse(errors("stir-score", damaged).isEmpty(), path + "/" + removed);
        }
    }
}
