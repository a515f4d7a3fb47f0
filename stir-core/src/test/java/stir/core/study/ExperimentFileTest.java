package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Device;
import stir.api.Layout;
import stir.api.UsageException;
import stir.core.inputs.InputsSpec;
import stir.core.inversion.Ball;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.Preset;
import stir.core.inversion.SearchOption;
import stir.core.inversion.Seed;
import stir.core.representation.RepresentationReduction;
import stir.core.score.Protocol;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.About;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudiedPairs;
import stir.core.study.plan.StudiedSearch;

class ExperimentFileTest {
    @TempDir
    Path folder;

    @BeforeEach
    void files() throws IOException {
        Files.writeString(folder.resolve("a.pt"), "");
        Files.writeString(folder.resolve("b.onnx"), "");
        Files.createDirectory(folder.resolve("digits"));
    }

    private ExperimentFile read(String text) throws IOException {
        return ExperimentFile.read(Files.writeString(folder.resolve("study.yaml"), text));
    }

    private List<String> problems(String text) throws IOException {
        return read(text).problems().stream()
                .map(problem -> problem.toString().replace(folder + "/", ""))
                .toList();
    }

    @Test
    void titleAuthorsAndNotesAreTexts() throws IOException {
        var problems = problems("""
                        title: 2024
                        authors: [A. Author, 5]
                        notes: "5"
                        models: [{name: plain, file: a.pt}]
                        inputs: digits
                        """);
        assertEquals(
                List.of(
                        "study.yaml:1: 'title' is a text, but this is 2024: put it into quotes if it is meant.",
                        "study.yaml:2: 'authors[1]' is a text, but this is 5: put it into quotes if it is meant."),
                problems);
    }

    @Test
    void aProtocolSetsTheSearchAndRefusesOthers() throws IOException {
        var models = "models: [{name: plain, file: a.pt}]\nprotocol: real-1\n";
        Files.writeString(folder.resolve("digits").resolve("a.png"), "");
        var images = read(models + "inputs: digits\n").experiment();
        assertEquals(Optional.of(Protocol.REAL_1), images.protocol());
        assertEquals(
                Protocol.REAL_1.settings(Seed.Kind.SUPER_NOISE),
                images.scoring(images.searches().get(0)));
        assertEquals(
                images.searches(),
                read(models + "inputs: digits\nsearch: {optimizer: fast}\n")
                        .experiment()
                        .searches());
        Files.writeString(folder.resolve("x.npy"), "");
        var arrays = read(models + "inputs: x.npy\nsearch: {seed: other-input}\n");
        assertEquals(
                Seed.Kind.OTHER_INPUT,
                arrays.experiment().searches().get(0).settings().seed());
        assertEquals(
                List.of("study.yaml:2: search: seed: the protocol real-1 requires super-noise or other-input."),
                problems(models + "inputs: x.npy\n"));
        assertEquals(
                List.of("study.yaml:4: iterations: the protocol real-1 requires 100."),
                problems(models + "inputs: digits\nsearch: {iterations: 50}\n"));
        assertEquals(
                List.of("study.yaml:2: The protocol real-1 sets repeats to 1, not 3."),
                problems(models + "inputs: digits\nrepeats: 3\n"));
        assertEquals(
                List.of("study.yaml:2: The protocol real-1 sets the number of searches to 1, not 0."),
                problems(models + "inputs: digits\nsearch: none\n"));
    }

    @Test
    void aGroupIsAFactorOfThatName() throws IOException {
        var models = read("""
                                models:
                                  - {name: a, file: a.pt, group: plain}
                                  - {name: b, file: b.onnx, factors: {group: robust}}
                                  - {name: c, file: b.onnx}
                                inputs: digits
                                """).experiment().models();
        assertEquals(Map.of("group", "plain"), models.get(0).factors());
        assertEquals(Map.of("group", "robust"), models.get(1).factors());
        assertEquals(Map.of(), models.get(2).factors());
    }

    @Test
    void factorsThatOtherModelsLackAreRefusedWithTheNearestName() throws IOException {
        assertEquals(
                List.of(
                        "study.yaml:3: There is no factor 'architecure': use one of architecture, seed. All models with factors need those of 'a'.",
                        "study.yaml:4: The model 'c' has no factor 'seed': all models with factors need those of 'a'.",
                        "study.yaml:5: This model has a 'group' and 'factors': write the group as one of the factors."),
                problems("""
                                models:
                                  - {name: a, file: a.pt, factors: {architecture: vgg, seed: 1}}
                                  - {name: b, file: a.pt, factors: {architecure: vgg, seed: 2}}
                                  - {name: c, file: a.pt, factors: {architecture: vgg}}
                                  - {name: d, file: a.pt, group: vgg, factors: {architecture: vgg, seed: 1}}
                                inputs: digits
                                """).stream().limit(3).toList());
        var model = StudiedModel.of("a", folder.resolve("a.pt"));
        var builder = Experiment.builder(
                InputsSpec.of(folder.resolve("digits")),
                List.of(
                        model.withGroup("x"),
                        StudiedModel.of("b", folder.resolve("a.pt")).withFactors(Map.of("groups", "y"))));
        var refusal = assertThrows(UsageException.class, builder::build);
        assertEquals(
                "There is no factor 'groups': use one of group. All models with factors need those of 'a'.",
                refusal.getMessage());
    }

    @Test
    void keysMayBeBritishOrAmerican() throws IOException {
        var experiment = read("""
                        models: [{name: plain, file: a.pt, normalize: half}]
                        inputs: digits
                        search: {optimiser: fast}
                        """).experiment();
        assertEquals(
                List.of(0.5), experiment.models().get(0).spec().preprocessing().mean());
        assertEquals("fast", experiment.searches().get(0).name());
    }

    @Test
    void everythingThatCanBeWrittenArrives() throws IOException {
        var experiment = read("""
                        title: All of it
                        authors: A. Author
                        notes: >
                          One line,
                          and more of it.
                        models:
                          - name: plain
                            file: a.pt
                          - name: robust.2
                            file: b.onnx
                            layers: [relu2, "block?.*"]
                            backend: onnx
                            device: cuda:1
                            settings: {gain: 2}
                            mean: [0.5, 0.25, 0.125]
                            std: 0.5
                            layout: channels-last
                        inputs: {path: digits, limit: 200}
                        batch-size: 10
                        measures: [linear-cka, "svcca?variance=0.9"]
                        search:
                          - {name: quick, optimizer: fast, rng-seed: 7}
                          - name: published
                            optimizer: published
                            iterations: 50
                            tolerance: 0.01
                            seed: light-noise
                            norm: inf
                            fake-relu: false
                        repeats: 3
                        reduce: spatial-mean
                        threads: 2
                        pairs:
                          - {reference: plain, target: "robust*"}
                          - {reference-layer: "*", target: plain, target-layer: relu2}
                        """).experiment();
        assertEquals(
                new About(Optional.of("All of it"), List.of("A. Author"), Optional.of("One line, and more of it.")),
                experiment.about());
        assertEquals(List.of("plain", "robust.2"), names(experiment));
        var plain = experiment.models().get(0);
        assertEquals(folder.resolve("a.pt"), plain.spec().file());
        assertEquals(List.of(), plain.layers());
        assertEquals(2, plain.spec().threads());
        assertEquals(10, plain.spec().resources().batchSize());
        var robust = experiment.models().get(1);
        assertEquals(List.of("relu2", "block?.*"), robust.layers());
        assertEquals(Optional.of("onnx"), robust.spec().backend());
        assertEquals(new Device(Device.Kind.CUDA, 1), robust.spec().device());
        assertEquals(Map.of("gain", "2"), robust.spec().settings());
        assertEquals(List.of(0.5, 0.25, 0.125), robust.spec().preprocessing().mean());
        assertEquals(List.of(0.5), robust.spec().preprocessing().standardDeviation());
        assertEquals(
                Optional.of(Layout.CHANNELS_LAST), robust.spec().preprocessing().layout());
        assertEquals(InputsSpec.of(folder.resolve("digits")), experiment.inputs());
        assertEquals(OptionalInt.of(200), experiment.limit());
        assertEquals(List.of("linear-cka", "svcca?variance=0.9"), experiment.measures());
        assertEquals(
                List.of(
                        new StudiedSearch(
                                "quick",
                                InversionSettings.of(Optimizer.FAST.method()).withRngSeed(7)),
                        new StudiedSearch(
                                "published",
                                InversionSettings.PUBLISHED
                                        .withIterations(50)
                                        .with(SearchOption.TOLERANCE, "0.01")
                                        .withSeed(new Seed.LightNoise(0.1))
                                        .with(SearchOption.NORM, "inf")
                                        .with(SearchOption.FAKE_RELU, "false"))),
                experiment.searches());
        assertEquals(3, experiment.repeats());
        assertEquals(RepresentationReduction.SPATIAL_MEAN, experiment.reduction());
        assertEquals(
                List.of(new StudiedPairs("plain", "*", "robust*", "*"), new StudiedPairs("*", "*", "plain", "relu2")),
                experiment.pairs());
    }

    @Test
    void aSearchThatNamesNoOptimiserIsTheDefault() throws IOException {
        var text = "models: [{name: a, file: a.pt}]\ninputs: digits\n";
        var all = StudiedSearch.of(InversionSettings.DEFAULT);
        assertEquals("thorough", all.name());
        assertEquals(List.of(all), read(text).experiment().searches());
        assertEquals(
                List.of(StudiedSearch.of(InversionSettings.DEFAULT.withIterations(7))),
                read(text + "search: {iterations: 7}\n").experiment().searches());
        assertEquals(
                List.of(StudiedSearch.of(InversionSettings.PUBLISHED)),
                read(text + "search: {preset: published}\n").experiment().searches());
    }

    @Test
    void otherObjectivesAreWrittenAsTheOptions() throws IOException {
        var searches = read("""
                        models: [{name: a, file: a.pt}]
                        inputs: digits
                        search:
                          - {name: freq, preset: freq, iterations: 7}
                          - name: mixed
                            optimizer: published
                            term: [tv?beta=3:0.1, grey:0.2]
                            transform: ["jitter:2", "rotate:5"]
                            step: 0.25
                            momentum: 0.5
                            fourier: true
                            ball: l2:0.5@seed
                            seed: constant:0.5
                            controversial: b.onnx
                            controversial-factor: 0.5
                            second-layer: relu
                            second-mean: [0.5]
                          - {name: near, optimizer: candidates, candidates: digits}
                        """).experiment().searches();
        assertEquals(new StudiedSearch("freq", Preset.FREQ.settings().withIterations(7)), searches.get(0));
        var described = searches.get(1).settings().describe();
        assertEquals("b.onnx", described.get("controversial"));
        assertEquals(0.5, described.get("controversial-factor"));
        assertEquals("relu", described.get("second-layer"));
        assertEquals("0.5", described.get("second-mean"));
        assertEquals("jitter:2,rotate:5", described.get("transform"));
        assertEquals(0.25, described.get("step"));
        assertEquals(0.5, described.get("momentum"));
        assertEquals(true, described.get("fourier"));
        assertEquals(Ball.parse("l2:0.5@seed").toString(), described.get("ball"));
        assertEquals("grey:0.2,tv?beta=3:0.1", described.get("term"));
        assertEquals(
                Map.of("candidates", folder.resolve("digits")),
                searches.get(2).settings().files());
        assertEquals(
                List.of(
                        "study.yaml:4: second-layer is for a second network: add controversial.",
                        "study.yaml:5: candidates is for the optimiser candidates, not thorough"
                                + " (the default): omit it, or add optimizer candidates."),
                problems("""
                        models: [{name: a, file: a.pt}]
                        inputs: digits
                        search:
                          - {name: two, second-layer: relu}
                          - {name: three, candidates: digits}
                        """));
    }

    private static List<String> names(Experiment experiment) {
        return experiment.models().stream().map(StudiedModel::name).toList();
    }

    @Test
    void theShortestFileMeansThePublishedSettings() throws IOException {
        var experiment =
                read("models: [{name: a, file: a.pt}]\ninputs: digits\n").experiment();
        assertEquals(
                Experiment.builder(InputsSpec.of(folder.resolve("digits")), experiment.models())
                        .build(),
                experiment);
    }

    @Test
    void aDuplicateNameIsReportedAlthoughItHasMistakesItself() throws IOException {
        var problems = problems("""
                        models:
                          - {name: v0, file: a.pt}
                          - {name: v0, file: nowhere.pt}
                        inputs: digits
                        search:
                          - {name: q, optimizer: fast}
                          - {name: q, tolerance: -1}
                        """);
        assertEquals(4, problems.size(), String.join("\n", problems));
        var all = String.join("\n", problems);
        assertTrue(all.contains("study.yaml:3: Duplicate model 'v0'"), all);
        assertTrue(all.contains("study.yaml:7: Duplicate search 'q'"), all);
    }

    @Test
    void allMistakesAreReportedAtOnceWithLineAndLikelyKey() throws IOException {
        var text = """
                modles: []
                models:
                  - name: a b
                    file: a.pt
                  - name: two
                    file: a.ptt
                    layout: chanels-last
                  - file: b.onnx
                    means: [x]
                    std: [0]
                inputs: {path: digit, limit: 0}
                measures: []
                search:
                  optimzer: fast
                  iterations: many
                  tolerance: 2
                  norm: inf
                  fake-relu: yes
                repeats: 0
                repeats: 1
                reduce: sum
                pairs: some
                """;
        var problems = problems(text);
        var expected = List.of(
                "study.yaml:1: There is no key 'modles' in an experiment: is it 'models'?",
                "study.yaml:3: 'a b' can't be a name",
                "study.yaml:6: There is no file or folder 'a.ptt': is it 'a.pt'?",
                "study.yaml:7: There is no layout 'chanels-last'",
                "study.yaml:8: This model has no 'name'",
                "study.yaml:8: The standard deviation must be above 0",
                "study.yaml:9: There is no key 'means' in a model: is it 'mean'?",
                "study.yaml:11: limit: 0 leaves no inputs",
                "study.yaml:11: There is no file or folder 'digit': is it 'digits'?",
                "study.yaml:12: 'measures' is an empty list",
                "study.yaml:14: There is no key 'optimzer' in a search: is it" + " 'optimizer'?",
                "study.yaml:15: iterations: 'many' is not an integer between",
                "study.yaml:16: tolerance: The tolerance is a relative distance from 0 to" + " below 1, not 2.0.",
                "study.yaml:18: fake-relu: 'yes' is not true or false.",
                "study.yaml:19: The inversion can't be repeated 0 times",
                "study.yaml:20: The key 'repeats' is there twice.",
                "study.yaml:21: There is no reduction 'sum'",
                "study.yaml:22: pairs: 'some' is unknown");
        assertEquals(expected.size(), problems.size(), String.join("\n", problems));
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(problems.get(i).startsWith(expected.get(i)), problems.get(i) + " is not " + expected.get(i));
        }
        var refusal = assertThrows(UsageException.class, () -> read(text).experiment());
        assertEquals(expected.size(), refusal.getMessage().lines().count());
    }

    @Test
    void twoOfANameAreAMistakeOfTheSecond() throws IOException {
        assertEquals(
                List.of(
                        "study.yaml:3: Duplicate model 'a': names must be unique.",
                        "study.yaml:5: The measure 'cca' is there twice.",
                        "study.yaml:6: Duplicate search 'thorough': give each a unique 'name'."),
                problems("""
                        models:
                          - {name: a, file: a.pt}
                          - {name: a, file: b.onnx}
                        inputs: digits
                        measures: [cca, cca]
                        search: [{iterations: 5}, {iterations: 6}]
                        """));
    }

    @Test
    void invalidYamlIsReportedWithItsLine() throws IOException {
        var problems = problems("models:\n  - name: a\n   file: [\n");
        assertEquals(1, problems.size());
        assertTrue(problems.get(0).matches("study.yaml:3: This is not YAML: .*"), problems.get(0));
        assertTrue(problems("").get(0).startsWith("study.yaml:1: The file is empty"));
        assertTrue(problems("- a\n").get(0).contains("a section with keys (models, inputs"));
    }

    @Test
    void repeatsOfASeedThatIsNotRandomAreRefused() throws IOException {
        var problems = problems("""
                        models: [{name: a, file: a.pt}]
                        inputs: digits
                        search: {seed: black}
                        repeats: 2
                        """);
        assertEquals(1, problems.size());
        assertTrue(problems.get(0).startsWith("study.yaml:4: The seed black is the same in every"), problems.get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"flow", "block", "map"})
    void nestedLevelsBeyondTheBudgetAreRefused(String form) throws IOException {
        int levels = form.equals("block") ? 1000 : 3000; // of at most 2 MB
        var text = new StringBuilder("models: ");
        for (int level = 0; level < levels; level++) {
            text.append(
                    switch (form) {
                        case "flow" -> "[";
                        case "map" -> "{a: ";
                        default -> "\n" + " ".repeat(level + 1) + "a:";
                    });
        }
        text.append(form.equals("flow") ? "]".repeat(levels) : "");
        text.append(form.equals("map") ? "}".repeat(levels) : " 1\n");
        assertEquals(
                List.of("study.yaml:1: This is not an experiment: it is nested deeper than 100 levels."),
                problems(text.toString()));
    }

    @Test
    void aFileOfTwentyMegabytesIsRefused() {
        var notes = "notes: |\n" + "  a line of notes\n".repeat(1_200_000);
        var refusal = assertThrows(UsageException.class, () -> read(notes));
        assertTrue(refusal.getMessage().contains("is larger than 2 MB"), refusal.getMessage());
    }

    @Test
    void tenThousandModelsAreRefused() throws IOException {
        var text = new StringBuilder("inputs: digits\nmodels:\n");
        for (int i = 0; i < 10_000; i++) {
            text.append("  - {name: m%d, file: a.pt}\n".formatted(i));
        }
        assertEquals(
                List.of("study.yaml:3: An experiment has at most 1000 models, and this one has 10000: divide it."),
                problems(text.toString()));
    }

    @Test
    void namesThatNoFileCanHaveAreRefused() throws IOException {
        assertEquals(
                List.of("study.yaml:1: 'file' is not the name of a file or folder."),
                problems("models: [{name: a, file: \"a\\0.pt\"}]\ninputs: digits\n"));
        assertEquals(
                List.of("study.yaml:2: 'inputs' is not the name of a file or folder."),
                problems("models: [{name: a, file: a.pt}]\ninputs: \"di\\0gits\"\n"));
    }

    @Test
    void aFolderIsNotAnExperiment() {
        var refusal = assertThrows(UsageException.class, () -> ExperimentFile.read(folder));
        assertEquals(folder + " is a folder: specify the experiment file.", refusal.getMessage());
    }
}
