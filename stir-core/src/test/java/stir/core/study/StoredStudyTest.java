package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.DataException;
import stir.api.Scale;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.io.files.Checksum;
import stir.core.io.files.JsonFile;
import stir.core.score.InputOutcome;
import stir.core.score.Quantity;
import stir.core.score.StudiedLayer;
import stir.core.score.Values;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.PlannedLayer;
import stir.core.study.plan.PlannedPair;

/**
 * A study as it was stored once, in {@code src/test/resources/stored/study}: whoever changes what
 * files hold has to say so by another schema, and to store it again with {@code
 * -Dstir.formats.write=true}.
 */
class StoredStudyTest {
    private static final Path STORED = Path.of("src", "test", "resources", "stored", "study");

    private static final StudiedLayer HIDDEN = new StudiedLayer("n1", PlainBackend.HIDDEN);
    private static final StudiedLayer LOGITS = new StudiedLayer("n2", PlainBackend.LOGITS);
    private static final String EXPERIMENT = """
            models:
              - {name: n1, file: net1.plain, layers: [hidden]}
              - {name: n2, file: net2.plain, layers: ["block*"]}
            inputs: images.npy
            measures: [linear-cka, procrustes]
            search:
              - {name: published, optimizer: published, iterations: 3, tolerance: 0.35}
              - {name: flat, optimizer: published, iterations: 2, seed: white}
            """;

    @TempDir
    Path folder;

    /** Makes the study that is stored. */
    private Path study() throws IOException {
        StudyFixture.in(folder, 5);
        var file = Files.writeString(folder.resolve("study.yaml"), EXPERIMENT);
        try (var checked = Stir.load().check(ExperimentFile.read(file))) {
            checked.study()
                    .run(
                            folder.resolve("study"),
                            RunOptions.DEFAULT.repeatedBy("stir matrix study.yaml"),
                            StudyListener.SILENT);
        }
        return folder.resolve("study");
    }

    private static List<Path> files(Path study) throws IOException {
        try (Stream<Path> paths = Files.walk(study)) {
            return paths.filter(Files::isRegularFile)
                    .map(study::relativize)
                    .filter(file -> !file.startsWith("logs"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    @EnabledIfSystemProperty(
            named = "stir.formats.write",
            matches = "true",
            disabledReason = "-Dstir.formats.write=true writes the stored copies anew")
    void writeItAgain() throws IOException {
        var study = study();
        for (var file : files(study)) {
            var copy = STORED.resolve(file);
            Files.createDirectories(copy.getParent());
            if (file.getNameCount() == 1 && file.toString().endsWith(".json")) {
                var text = Files.readString(study.resolve(file));
                var moved = text.replace(folder.toString(), "/data");
                Files.writeString(copy, text.contains("\"checksum\"") ? Checksum.renewed(moved) : moved);
            } else {
                Files.write(copy, Files.readAllBytes(study.resolve(file)));
            }
        }
        assertEquals(files(study), files(STORED));
    }

    /** The fields of a document at any depth; entries of a list are not told apart. */
    private static Set<String> fields(JsonNode node, String at) {
        var fields = new TreeSet<String>();
        if (node.isArray()) {
            node.forEach(entry -> fields.addAll(fields(entry, at + "[]")));
        } else if (node.isObject()) {
            node.properties().forEach(field -> fields.addAll(fields(field.getValue(), at + "/" + field.getKey())));
        } else {
            fields.add(at + " " + (node.isNull() ? "NUMBER" : node.getNodeType()));
        }
        return fields;
    }

    @Test
    void storedStudiesKeepTheirShape() throws IOException {
        var study = study();
        assertEquals(files(STORED), files(study));
        for (var file : files(study)) {
            var now = study.resolve(file);
            var once = STORED.resolve(file);
            if (file.toString().endsWith(".json")) {
                var mapper = new JsonMapper();
                assertEquals(
                        fields(mapper.readTree(once.toFile()), ""),
                        fields(mapper.readTree(now.toFile()), ""),
                        file.toString());
                assertEquals(
                        mapper.readTree(once.toFile()).path("schema"),
                        mapper.readTree(now.toFile()).path("schema"));
            } else if (file.toString().endsWith(".csv")) {
                var lines = Files.readAllLines(now);
                assertEquals(Files.readAllLines(once).get(0), lines.get(0), file.toString());
                assertEquals(Files.readAllLines(once).size(), lines.size(), file.toString());
            } else {
                assertEquals(Files.size(once), Files.size(now), file.toString());
            }
        }
    }

    @Test
    void everyDocumentHasItsSchema() throws IOException {
        int documents = 0;
        for (var file : files(STORED)) {
            if (file.toString().endsWith(".json")) {
                documents++;
                var schema = new JsonMapper()
                        .readTree(STORED.resolve(file).toFile())
                        .path("schema")
                        .asText();
                assertEquals(
                        file.startsWith("scores")
                                ? "stir-scores/4"
                                : file.startsWith("searches")
                                        ? "stir-search/2"
                                        : file.endsWith("result.json") ? "stir-matrix/2" : "stir-study/2",
                        schema);
            }
        }
        assertEquals(1 + 1 + 4 + 4, documents);
    }

    @Test
    void theStoredStudyIsRead() {
        var study = StoredStudy.open(STORED);
        assertEquals("stir matrix study.yaml", study.command());
        assertEquals(Set.of("stir", "java"), study.versions().keySet());
        assertEquals(
                List.of("n1", "n2"), study.models().stream().map(m -> m.name()).toList());
        var model = study.models().get(1);
        assertEquals("/data/net2.plain", model.file());
        assertEquals("d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35", model.sha256());
        assertEquals("plain", model.backend());
        assertEquals("cpu", model.device());
        assertEquals(Map.of(), model.settings());
        assertEquals(List.of(), model.mean());
        assertEquals(PlainBackend.INPUT, model.input());
        assertEquals(Set.of("architecture", "java", "stir"), model.machine().keySet());
        assertEquals(List.of(HIDDEN, LOGITS), study.layers());
        assertEquals(
                List.of(
                        new PlannedLayer(HIDDEN.layer(), Shape.of(6), Optional.of(PlainBackend.LOGITS)),
                        new PlannedLayer(LOGITS.layer(), Shape.of(3), Optional.empty())),
                study.models().stream().flatMap(one -> one.layers().stream()).toList());
        assertEquals(List.of(new StoredStudy.Run("published", 1), new StoredStudy.Run("flat", 1)), study.runs());
        assertEquals(3L, study.searches().get(0).settings().get("iterations"));
        assertEquals(0.35, study.searches().get(0).settings().get("tolerance"));
        assertEquals("flat", study.searches().get(1).name());
        assertEquals(4, study.pairs().size());
        assertEquals(
                Map.of("linear-cka", Scale.UNIT, "procrustes", new Scale(0, Math.sqrt(2), false)), study.measures());
        assertEquals("flatten", study.reduction());
        assertEquals(1_000_000_000, study.memory());
        assertEquals(0.95, study.intervalLevel());
        assertEquals(5, study.inputCount());
        assertEquals(PlainBackend.INPUT, study.inputShape());
        assertEquals(64, study.inputFingerprint().length());
        assertEquals("/data/images.npy", study.inputSource());
        assertEquals(5, study.inputs().orElseThrow().count());
        assertEquals(
                new StoredStudy.InputName("4", Optional.empty()),
                study.inputNames().get(4));
    }

    @Test
    void theStoredValuesAreRead() {
        var study = StoredStudy.open(STORED);
        var pair = new PlannedPair(HIDDEN, LOGITS);
        var score = study.score(pair, new StoredStudy.Run("published", 1)).orElseThrow();
        var stir = Values.get(score, "linear-cka", Quantity.STIR);
        assertEquals(0.7468471755629356, stir.value().orElseThrow());
        assertEquals(0.4830267599417059, stir.interval().orElseThrow().low());
        assertEquals(0.9127143982435584, Values.value(score, "linear-cka", Quantity.CEILING));
        assertEquals(0.6332945332513695, Values.value(score, "linear-cka", Quantity.SEED_FLOOR));
        assertEquals(0.7600153223547815, Values.value(score, "procrustes", Quantity.PERMUTATION_FLOOR));
        var floor = score.of("procrustes").permutationTest().orElseThrow();
        assertEquals(0.1084038965677182, floor.standardDeviation());
        assertEquals(0.024875621890547265, floor.pValue());
        assertEquals(200, floor.permutations());
        assertEquals(0.3737487657604858, stir.prediction().orElseThrow().low());
        assertEquals(0.8401926819432728, stir.groups().orElseThrow().parts()[4]);
        assertEquals(3 / 5.0, score.search().converged());
        assertEquals(0.35, score.search().tolerance());
        assertEquals(
                List.of("linear-cka", "procrustes"),
                List.copyOf(Values.all(score, Quantity.CONVERGED_ONLY).keySet()));
        assertEquals(0.2777544362057967, score.inversion().meanResidual());
        assertEquals(0.21773988f, score.inversion().invariantInputs().read(4, 1).get(0, 15));
        assertEquals(
                List.of(1, 2, 3, 4),
                score.inversion().trace().stream().map(p -> p.passes()).toList());
        var back = study.score(new PlannedPair(LOGITS, HIDDEN), new StoredStudy.Run("published", 1));
        InputOutcome first = back.orElseThrow().outcomes().inputs().get(0);
        assertEquals(0.8013098368687461, first.targetMoved().orElseThrow());
        assertEquals(OptionalInt.of(0), first.classBefore());
        assertEquals(
                0.7242183299528423,
                Values.get(study.similarity(pair).orElseThrow().measures(), "procrustes", Quantity.SIMILARITY)
                        .value()
                        .orElseThrow());
        assertEquals(0.7242183299528423, Values.value(score, "procrustes", Quantity.SIMILARITY));
        var flat = study.score(pair, new StoredStudy.Run("flat", 1)).orElseThrow();
        assertTrue(Values.get(flat, "linear-cka", Quantity.SEED_FLOOR)
                .undefined()
                .orElseThrow()
                .contains("Every input has the same seed"));
        assertTrue(Values.get(flat, "linear-cka", Quantity.STIR).isDefined());
    }

    @Test
    void theStoredAcceptanceIsRead() {
        var study = StoredStudy.open(STORED);
        var run = new StoredStudy.Run("published", 1);
        var score = study.score(new PlannedPair(HIDDEN, LOGITS), run).orElseThrow();
        var acceptance = score.search().acceptance().orElseThrow();
        assertEquals(5, acceptance.different().inputs());
        assertEquals(20, acceptance.different().pairs());
        assertEquals(Optional.of(PlainBackend.LOGITS), acceptance.classLayer());
        assertEquals(acceptance.different().distance().p5(), acceptance.threshold());
        assertEquals(0.05, acceptance.quantile().orElseThrow());
        assertTrue(score.sharedMetamers().isPresent() || acceptance.share() == 0);
        assertEquals(Optional.empty(), acceptance.different().sameClass());
        assertEquals(5, acceptance.inputs().size());
        assertTrue(score.inversion().meanDistanceFromInput().orElseThrow() > 0.1);
    }

    /** Results of the version before the quantile and shared metamers say nothing of either. */
    @Test
    void olderResultsAreReadAndHaveTheirRule() throws IOException {
        copyStored();
        var mapper = new JsonMapper();
        for (var file : files(folder)) {
            if (file.startsWith("scores")) {
                var path = folder.resolve(file);
                var tree = (ObjectNode) mapper.readTree(path.toFile());
                tree.remove("checksum");
                for (var part : tree.path("parts")) {
                    if (part.path("acceptance") instanceof ObjectNode acceptance) {
                        acceptance.remove("quantile");
                        acceptance.put(
                                "threshold",
                                acceptance.at("/different/distance/min").asDouble() / 2);
                    }
                    if (part.path("outcomes") instanceof ObjectNode outcomes) {
                        outcomes.remove("threshold");
                    }
                }
                Files.writeString(path, Checksum.renewed(tree.toPrettyString()));
            }
        }
        for (var score : StoredStudy.open(folder).scores()) {
            var acceptance = score.search().acceptance().orElseThrow();
            assertEquals(OptionalDouble.empty(), acceptance.quantile());
            assertEquals(acceptance.different().distance().min() / 2, acceptance.threshold());
            assertEquals(Optional.empty(), score.sharedMetamers());
            assertEquals(OptionalDouble.empty(), score.outcomes().targetMovedInUnits());
            var document = JsonFile.tree(score);
            assertTrue(document.at("/search/threshold").isNumber(), document::toString);
            assertFalse(document.path("search").has("threshold_quantile"));
            assertFalse(document.has("shared_metamers"));
            assertFalse(document.path("outcomes").has("threshold"));
        }
    }

    @Test
    void anythingButAStudyIsRefused() throws IOException {
        var none = assertThrows(UsageException.class, () -> StoredStudy.open(folder));
        assertEquals(folder + " contains no study: use a folder with a study.json.", none.getMessage());
        Files.writeString(folder.resolve("study.json"), "{\"networks\": []}");
        var old = assertThrows(DataException.class, () -> StoredStudy.open(folder));
        assertTrue(old.getMessage().contains("its schema is 'not given', not 'stir-study/2'"), old.getMessage());
        Files.writeString(folder.resolve("study.json"), "{");
        var damaged = assertThrows(DataException.class, () -> StoredStudy.open(folder));
        assertTrue(damaged.getMessage().contains("is damaged"), damaged.getMessage());
        var whole = Files.readString(STORED.resolve("study.json"));
        for (var part : List.of("networks", "measures")) {
            Files.writeString(
                    folder.resolve("study.json"), Checksum.renewed(whole.replace("\"" + part + "\"", "\"other\"")));
            var without = assertThrows(DataException.class, () -> StoredStudy.open(folder));
            assertTrue(without.getMessage().contains("is damaged: it names no " + part), without.getMessage());
        }
    }

    private void copyStored() throws IOException {
        for (var file : files(STORED)) {
            var copy = folder.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.write(copy, Files.readAllBytes(STORED.resolve(file)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scores/n2/n1.json | \"value\" : [0-9.]+ | \"value\" : 7.5 | linear-cka is missing, or not from 0.0 to 1.0",
                "scores/n2/n1.json | \"low\" : [0-9.]+ | \"low\" : -3 | linear-cka is missing, or not from 0.0 to 1.0",
                "scores/n2/n1.json | (?s)\"linear-cka\" : .*?replicates.*?}\\s*}\\s*} | \"linear-cka\" : {} | linear-cka is missing",
                "scores/n2/n1.json | \"cache_key\" : \"\\w+\" | \"cache_key\" : 0 | is damaged at parts[0].cache_key, in line 24",
                "scores/n2/n1.json | \"model\" : \"n2\" | \"model\" : true | is damaged at parts[0].place.target.model",
                "scores/n2/n1.json | standard_deviation\" : 0 | standard_deviation\" : -0 | permutation_test",
                "study.json | \"count\" : \\d+ | \"count\" : -1 | is damaged at inputs",
                "study.json | \"id\" : \"linear-cka\" | \"id\" : \"\" | is damaged at measures[0]",
                "study.json | \"repeats\" : \\d+ | \"repeats\" : 1000000 | is damaged at settings",
                "study.json | \"repeats\" : \\d+ | \"repeats\" : 0 | is damaged at settings",
                "study.json | \"lowest\" : 0.0 | \"lowest\" : 5 | is damaged at measures[0]",
                "study.json | \"measures\" : \\[ | \"measures\" : [ null, | is damaged at measures",
            })
    void anEditedFileIsRefusedByThePlaceOfTheEdit(String name, String was, String is, String expected)
            throws IOException {
        copyStored();
        var file = folder.resolve(name);
        var text = Files.readString(file);
        Files.writeString(file, text.replaceFirst(was, is));
        var changed =
                assertThrows(DataException.class, () -> StoredStudy.open(folder).similarities());
        assertTrue(changed.getMessage().contains(" is damaged"), changed.getMessage());
        Files.writeString(file, Checksum.renewed(text.replaceFirst(was, is)));
        var refusal =
                assertThrows(DataException.class, () -> StoredStudy.open(folder).similarities());
        assertTrue(refusal.getMessage().contains(expected), refusal.getMessage());
    }

    @Test
    void inputsAndNamesThatWereChangedAreRefused() throws IOException {
        copyStored();
        var file = folder.resolve("inputs.npy");
        assertEquals(5, StoredStudy.open(folder).inputs().orElseThrow().count());
        assertEquals(5, StoredStudy.open(folder).inputNames().size());
        var names = folder.resolve("names.csv");
        Files.writeString(names, Files.readString(names).replaceFirst("(?m)^1,", "2,"));
        var named = StoredStudy.open(folder);
        assertTrue(assertThrows(DataException.class, named::inputNames)
                .getMessage()
                .startsWith(names + " is damaged: its inputs differ from the study's."));
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length - 4] ^= 1; // the last digit of a number
        Files.write(file, bytes);
        var study = StoredStudy.open(folder);
        assertTrue(assertThrows(DataException.class, study::inputs)
                .getMessage()
                .startsWith(file + " is damaged: its inputs differ from the study's."));
    }

    @Test
    void filesOfAnotherPairOrNetworkAreRefused() throws IOException {
        copyStored();
        var scores = folder.resolve("scores");
        Files.copy(scores.resolve("n1/n2.json"), scores.resolve("n2/n1.json"), StandardCopyOption.REPLACE_EXISTING);
        var study = StoredStudy.open(folder);
        var pair = new PlannedPair(HIDDEN, LOGITS);
        var exchanged = assertThrows(DataException.class, () -> study.similarity(pair));
        assertEquals(
                scores.resolve("n2/n1.json")
                        + " has the scores of n1 given n2: remove it, and run the same command again to"
                        + " recreate it.",
                exchanged.getMessage());
        var run = study.runs().get(0);
        assertTrue(study.inversion(HIDDEN, run).isPresent());
        assertTrue(study.inversion(LOGITS, run).isPresent());
        var replaced = study.place(LOGITS, run);
        for (var file : files(study.place(HIDDEN, run))) {
            Files.copy(
                    study.place(HIDDEN, run).resolve(file),
                    replaced.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        var other =
                assertThrows(DataException.class, () -> StoredStudy.open(folder).inversion(LOGITS, run));
        assertEquals(
                replaced + " has a search of another network or layer: remove it, and run the study" + " again.",
                other.getMessage());
    }

    @Test
    void scoresOfAnotherSchemaAreRefused() throws IOException {
        copyStored();
        var scores = folder.resolve("scores/n2/n1.json");
        Files.writeString(scores, Files.readString(scores).replace("stir-scores/4", "stir-scores/5"));
        var study = StoredStudy.open(folder);
        var pair = new PlannedPair(HIDDEN, LOGITS);
        var refusal = assertThrows(DataException.class, () -> study.similarity(pair));
        assertTrue(
                refusal.getMessage().startsWith(scores + " was written by another version of Stir"),
                refusal.getMessage());
        var damaged = folder.resolve("scores/n1/n2.json");
        Files.writeString(damaged, "[1]");
        var back = new PlannedPair(LOGITS, HIDDEN);
        assertTrue(assertThrows(DataException.class, () -> study.similarity(back))
                .getMessage()
                .startsWith(damaged + " is damaged"));
    }

    @Test
    void missingResultsAreEmpty() throws IOException {
        Files.write(folder.resolve("study.json"), Files.readAllBytes(STORED.resolve("study.json")));
        var study = StoredStudy.open(folder);
        var pair = new PlannedPair(HIDDEN, LOGITS);
        assertEquals(Optional.empty(), study.similarity(pair));
        assertEquals(Optional.empty(), study.score(pair, study.runs().get(0)));
        assertEquals(Optional.empty(), study.inversion(HIDDEN, study.runs().get(0)));
        assertEquals(Optional.empty(), study.inputs());
        assertEquals(List.of(), study.inputNames());
    }
}
