package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.core.study.StudyFixture.LAYERS;
import static stir.core.study.StudyFixture.SHORT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.BackendException;
import stir.api.Batch;
import stir.api.Caution;
import stir.api.DataException;
import stir.api.Scale;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.io.arrays.NpyReader;
import stir.core.io.arrays.NpyWriter;
import stir.core.math.statistics.Corrections;
import stir.core.math.statistics.Difference;
import stir.core.math.statistics.Estimate;
import stir.core.network.Inconsistency;
import stir.core.network.NetworkSpec;
import stir.core.representation.RepresentationReduction;
import stir.core.representation.file.RepresentationFile;
import stir.core.runtime.progress.ProgressListener;
import stir.core.score.DirectedScore;
import stir.core.score.Quantity;
import stir.core.score.ScoreSettings;
import stir.core.score.SearchQuality;
import stir.core.score.StudiedLayer;
import stir.core.score.Values;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.Unit;
import stir.core.study.results.StudyDifference;
import stir.core.study.results.StudyDifferences;
import stir.core.study.results.StudyResults;

class StudyTest extends StudyInFolder {
    @Test
    void aStudyFindsWhatAComparisonFindsInMemoryAndInAFolder() throws IOException {
        var more = "measures: [linear-cka, procrustes]\n" + SHORT;
        var results = study.run(2, more, "out");
        assertEquals(2 * LAYERS, results.work().inversions());
        assertEquals(16, results.scores().size());
        try (var checked = study.check(2, more)) {
            var inMemory = checked.study().run(RunOptions.DEFAULT, StudyListener.SILENT);
            StudyFixture.assertSame(StudyFixture.values(results), StudyFixture.values(inMemory));
        }
        var settings = ScoreSettings.DEFAULT
                .withInversion(InversionSettings.PUBLISHED.withIterations(8))
                .withMeasures("linear-cka", "procrustes");
        var ofPair = results.score(
                        new StudiedLayer("n2", PlainBackend.HIDDEN), new StudiedLayer("n1", PlainBackend.HIDDEN))
                .orElseThrow();
        var stir = Stir.load();
        try (var a = stir.open(NetworkSpec.of(folder.resolve("net1.plain")));
                var b = stir.open(NetworkSpec.of(folder.resolve("net2.plain")))) {
            var inputs = Inputs.open(folder.resolve("images.npy"));
            var inMemory = stir.compare(a, b, inputs, settings).bGivenA();
            var stored = stir.compare(CompareRequest.of(a, b, inputs)
                            .withSettings(settings)
                            .withFolder(folder.resolve("pair")))
                    .bGivenA();
            for (var score : List.of(inMemory, stored)) {
                assertEquals(score.measures(), ofPair.measures());
                for (var quantity : List.of(
                        Quantity.STIR,
                        Quantity.CEILING,
                        Quantity.SEED_FLOOR,
                        Quantity.PERMUTATION_FLOOR,
                        Quantity.CORRECTED)) {
                    assertEquals(
                            List.of("linear-cka", "procrustes"),
                            List.copyOf(Values.all(ofPair, quantity).keySet()));
                }
                assertEquals(score.outcomes(), ofPair.outcomes());
                assertEquals(Optional.of(PlainBackend.LOGITS), ofPair.outcomes().classLayer());
            }
        }
        var rows = Files.readAllLines(folder.resolve("out/results.csv"));
        assertTrue(rows.get(0).startsWith("target,target_layer,reference,reference_layer,search,"));
        assertEquals(1 + 16 * 2, rows.size(), "a row for each pair and measure");
        try (var pixels = NpyReader.open(folder.resolve("out/searches/n1/hidden/published/repeat-1/invariant.npy"))) {
            assertEquals(List.of(IMAGES, 1, 4, 4), boxed(pixels.shape()));
        }
        assertFalse(Files.exists(folder.resolve("out/representations")));
    }

    @Test
    void aNamedSearchThatNoLongerNamesItsOptimiserIsRefused() throws IOException {
        study.run(2, "search: {name: main, optimizer: published, iterations: 8}\n", "out");
        var refusal =
                assertThrows(UsageException.class, () -> study.run(2, "search: {name: main, iterations: 8}\n", "out"));
        assertTrue(
                refusal.getMessage().contains("main: optimizer was published and is thorough"), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "changing, another representation the second time, changing-network",
        "mixing, depends on the other inputs, mixing-network",
        "drawing, its passes draw random numbers, random-network"
    })
    void networksThatAreNotFunctionsAreRefusedOrNamedInEveryResult(String defect, String words, String kind)
            throws IOException {
        Files.writeString(folder.resolve("net2.plain"), "2 " + defect);
        var refusal = assertThrows(DataException.class, () -> study.run(2, SHORT, "out"));
        assertTrue(refusal.getMessage().contains("net2.plain is not a function of its input"));
        assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
        assertFalse(Files.exists(folder.resolve("out")), "before anything is written");

        var cautions = new ArrayList<Caution>();
        var listener = new StudyListener() {
            @Override
            public void step(String line) {}

            @Override
            public void caution(Caution caution) {
                cautions.add(caution);
            }
        };
        var options = RunOptions.DEFAULT.allowingInconsistent(true);
        var results = study.run(2, SHORT, "out", options, listener);
        var expected = Caution.of(kind, Map.of("models", "n2"));
        assertEquals(List.of(expected), cautions);
        for (var score : results.scores()) {
            boolean isOfIt = (score.target() + " " + score.reference()).contains("n2");
            assertEquals(isOfIt, score.cautions().contains(expected), score::toString);
        }
        for (var pair : results.similarities()) {
            boolean isOfIt = (pair.target() + " " + pair.reference()).contains("n2");
            assertEquals(isOfIt, pair.cautions().contains(expected), pair::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFolderThatIsRemovedDuringARunIsAnError(boolean alsoScores) throws IOException {
        var out = folder.resolve("out");
        var listener = new StudyListener() {
            private boolean isRemoved;

            @Override
            public void step(String line) {}

            @Override
            public void end(Unit unit) {
                if (!isRemoved && unit instanceof Unit.Score) {
                    isRemoved = true;
                    try (var files = Files.walk(out)) {
                        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                            boolean isKept = file.startsWith(out.resolve("searches"))
                                    || file.equals(out)
                                    || (!alsoScores && file.startsWith(out.resolve("scores")));
                            if (!isKept) {
                                Files.delete(file);
                            }
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        };
        var run = RunOptions.DEFAULT;
        var failure = assertThrows(BackendException.class, () -> study.run(1, SHORT, "out", run, listener));
        assertTrue(
                failure.getMessage()
                        .contains(
                                alsoScores
                                        ? "lacks logs/lock: "
                                        : "lacks logs/lock, study.json, inputs.npy, names.csv"),
                failure.getMessage());
    }

    @Test
    void aSettingThatTheBackendDoesNotHaveIsRefused() {
        var spec = NetworkSpec.of(folder.resolve("net1.plain")).withSettings(Map.of("tags", "a"));
        var refusal = assertThrows(UsageException.class, () -> Stir.load().open(spec));
        assertEquals("There is no setting of the backend plain 'tags': there are none at all.", refusal.getMessage());
    }

    @Test
    void aLayerThatTheNetworkDoesNotHaveIsRefusedWhenItIsOpened() {
        var spec = NetworkSpec.of(folder.resolve("net1.plain")).withLayer("hiden");
        var refusal = assertThrows(UsageException.class, () -> Stir.load().open(spec));
        assertTrue(refusal.getMessage().contains("layer 'hiden'"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("hidden"), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"1,", "2 changing, CHANGING", "2 mixing, MIXING", "2 drawing, RANDOM"})
    void savedRepresentationsStateThatANetworkIsNotAFunction(String network, String reason) throws IOException {
        var file = Files.writeString(folder.resolve("net2.plain"), network);
        var inputs = Inputs.open(folder.resolve("images.npy"));
        try (var opened = Stir.load().open(NetworkSpec.of(file).withLayer("hidden"))) {
            var out = folder.resolve("x.npy");
            if (reason != null) {
                var strict = new RepresentationFile(opened, inputs, Optional.empty(), false);
                var refusal =
                        assertThrows(DataException.class, () -> strict.write(out, false, ProgressListener.SILENT));
                assertTrue(
                        refusal.getMessage().startsWith(file + " is not a function of its input"),
                        refusal.getMessage());
                assertFalse(Files.exists(out) || Files.exists(folder.resolve("x.npy.json")));
            }
            var saved = new RepresentationFile(opened, inputs, Optional.empty(), true)
                    .write(out, false, ProgressListener.SILENT);
            var expected = Optional.ofNullable(reason).map(Inconsistency::valueOf);
            assertEquals(expected, saved.inconsistency());
            var again = new RepresentationFile(opened, inputs, Optional.empty(), true)
                    .write(out, false, ProgressListener.SILENT);
            assertEquals(expected, again.inconsistency(), "of a complete file");
            var other = new RepresentationFile(opened, inputs, Optional.of(RepresentationReduction.FLATTEN), false);
            if (reason != null) {
                assertThrows(DataException.class, () -> other.write(out, true, ProgressListener.SILENT));
                assertTrue(Files.exists(out), "the old file is kept");
            }
        }
    }

    @Test
    void aNetworkThatMixesRowsOfNoiseAloneIsNotAFunction() throws IOException {
        var grey = Batch.allocate(4, PlainBackend.INPUT);
        for (int i = 0; i < grey.buffer().limit(); i++) {
            grey.buffer().put(i, 0.1f * Math.floorDiv(i, grey.rowSize()));
        }
        NpyWriter.write(folder.resolve("grey.npy"), grey);
        var inputs = Inputs.open(folder.resolve("grey.npy"));
        for (var network : List.of("1", "1 mixing-noise")) {
            var file = Files.writeString(folder.resolve("net2.plain"), network);
            try (var opened = Stir.load().open(NetworkSpec.of(file).withLayer("hidden"))) {
                var saved = new RepresentationFile(opened, inputs, Optional.empty(), true)
                        .write(folder.resolve("x.npy"), true, ProgressListener.SILENT);
                boolean mixes = saved.inconsistency().equals(Optional.of(Inconsistency.MIXING));
                assertEquals(network.endsWith("noise"), mixes, network);
            }
        }
    }

    @Test
    void networksThatAreOnlyDescribedAreNotHashed() throws IOException {
        var spec = NetworkSpec.of(Files.writeString(folder.resolve("net2.plain"), "1"));
        var stir = Stir.load();
        try (var described = stir.describe(spec);
                var opened = stir.open(spec)) {
            assertEquals("", described.sha256());
            assertEquals(64, opened.sha256().length());
        }
    }

    @Test
    void comparisonsInJavaRefuseNetworksThatAreNotFunctions() throws IOException {
        Files.writeString(folder.resolve("net2.plain"), "2 mixing");
        var stir = Stir.load();
        var inputs = Inputs.open(folder.resolve("images.npy"));
        var settings = InversionSettings.PUBLISHED.withIterations(8);
        try (var a = stir.open(NetworkSpec.of(folder.resolve("net1.plain")));
                var b = stir.open(NetworkSpec.of(folder.resolve("net2.plain")))) {
            var scores = ScoreSettings.DEFAULT.withInversion(settings);
            assertThrows(DataException.class, () -> stir.compare(a, b, inputs, scores));
            assertThrows(DataException.class, () -> stir.invert(b, inputs, settings));
        }
    }

    @Test
    void theDefaultSearchIsAddedToAStudyOfThePublishedOne() throws IOException {
        study.run(2, SHORT, "out");
        var results = study.run(2, "search: {iterations: 8}\n", "out");
        assertEquals(2 * LAYERS, results.work().inversions());
        assertEquals("thorough", results.scores().get(0).search().name());
        assertTrue(Files.exists(folder.resolve("out/searches/n1/hidden/published")));
    }

    @Test
    void differencesAreThoseOfScoresThatShareTheirTargetOrReference() throws IOException {
        var results = study.run(2, "measures: [linear-cka, procrustes]\n" + SHORT, "out");
        var differences = results.differences();
        // For each of 4 targets, and of 4 references, 6 pairs of others; and 6 pairs turned round.
        assertEquals(2 * (24 + 24 + 6), differences.possible());
        assertEquals(differences.possible(), differences.all().size());
        for (var one : differences.all()) {
            var first = stir(results, one.first(), one.measure());
            var second = stir(results, one.second(), one.measure());
            var scale = one.measure().equals("procrustes") ? Scale.distance(Math.sqrt(2)) : Scale.UNIT;
            var expected = Difference.paired(first, second, scale).orElseThrow();
            var difference = one.difference();
            assertEquals(first.value().orElseThrow() - second.value().orElseThrow(), difference.difference());
            assertEquals(expected.interval(), difference.interval());
            assertEquals(expected.pValue(), difference.pValue());
        }
        for (var measure : List.of("linear-cka", "procrustes")) {
            var ofMeasure = differences.all().stream()
                    .filter(one -> one.measure().equals(measure))
                    .map(StudyDifference::difference)
                    .toList();
            assertArrayEquals(
                    Corrections.holm(
                            ofMeasure.stream().mapToDouble(Difference::pValue).toArray()),
                    ofMeasure.stream().mapToDouble(Difference::correctedPValue).toArray());
        }
        var rows = Files.readAllLines(folder.resolve("out/differences.csv"));
        assertEquals(1 + differences.possible(), rows.size());
        assertTrue(rows.get(1).startsWith("linear-cka,published,1,n1,"), rows.get(1));
        assertEquals(
                differences.all(),
                StoredStudy.open(folder.resolve("out")).differences().all());
    }

    private static Estimate stir(StudyResults results, PlannedPair pair, String measure) {
        var score = results.score(pair.target(), pair.reference()).orElseThrow();
        return Values.get(score, measure, Quantity.STIR);
    }

    @Test
    void searchesAtSeveralLayersAreNotJudgedByTheDistancesOfOne() throws IOException {
        var file = Files.writeString(folder.resolve("several.yaml"), """
                        models:
                          - {name: n1, file: net1.plain, layers: [hidden], search-layers: [block 1/logits]}
                          - {name: n2, file: net2.plain, layers: [hidden]}
                        inputs: images.npy
                        """ + SHORT);
        try (var checked = Stir.load().check(ExperimentFile.read(file))) {
            for (var score : checked.study()
                    .run(RunOptions.DEFAULT, StudyListener.SILENT)
                    .scores()) {
                assertEquals(
                        score.reference().model().equals("n2"),
                        score.search().acceptance().isPresent(),
                        score.reference().toString());
            }
        }
    }

    @Test
    void samplesOfUnitsAreLayersOfTheirOwn() throws IOException {
        var file = Files.writeString(folder.resolve("units.yaml"), """
                        models:
                          - {name: whole, file: net1.plain, layers: [hidden]}
                          - {name: half, file: net1.plain, layers: [hidden], units: "random 50 %"}
                        inputs: images.npy
                        """ + SHORT);
        try (var checked = Stir.load().check(ExperimentFile.read(file))) {
            var models = checked.plan().models();
            var whole = models.get(0).layers().get(0);
            var half = models.get(1).layers().get(0);
            assertEquals("hidden@50%", half.name());
            assertEquals(Shape.of((whole.shape().size() + 1) / 2), half.shape());
            assertTrue(whole.classLayer().isPresent());
            assertEquals(Optional.empty(), half.classLayer());
            var results = checked.study().run(RunOptions.DEFAULT, StudyListener.SILENT);
            assertEquals(
                    List.of("half:hidden@50%", "whole:hidden"),
                    results.scores().stream()
                            .map(score -> score.reference().toString())
                            .distinct()
                            .sorted()
                            .toList());
        }
    }

    @Test
    void tooManyDifferencesAreLeftOut() throws IOException {
        var results = study.run(2, SHORT, "out");
        var repeated = new ArrayList<DirectedScore>();
        for (int repeat = 1; repeat <= 1000; repeat++) {
            for (var score : results.scores()) {
                repeated.add(repeated(score, repeat));
            }
        }
        var differences = StudyDifferences.of(repeated, Map.of("linear-cka", Scale.UNIT));
        assertTrue(differences.isTooMany());
        assertEquals(54_000, differences.possible());
        assertEquals(List.of(), differences.all());
    }

    private static DirectedScore repeated(DirectedScore score, int repeat) {
        var search = score.search();
        return new DirectedScore(
                score.target(),
                score.reference(),
                new SearchQuality(search.name(), repeat, search.settings(), search.inversion(), search.acceptance()),
                score.measures(),
                score.verdict(),
                score.outcomes(),
                score.cautions());
    }

    private static List<Integer> boxed(int[] shape) {
        return Arrays.stream(shape).boxed().toList();
    }

    @Test
    void representationsAreKeptIfTheyAreAskedFor() throws IOException {
        study.run(2, SHORT, "plain");
        study.run(2, SHORT, "kept", RunOptions.DEFAULT.keepingRepresentations(true), StudyListener.SILENT);
        try (var inputs = NpyReader.open(folder.resolve("kept/representations/n1/hidden/inputs.npy"))) {
            assertEquals(List.of(IMAGES, PlainBackend.WIDTH), boxed(inputs.shape()));
        }
        var kept = study.bytes("kept");
        assertTrue(kept.keySet().removeIf(name -> name.startsWith("representations/")));
        StudyFixture.assertSame(study.bytes("plain"), kept);
    }
}
