package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static stir.core.study.StudyFixture.LAYERS;
import static stir.core.study.StudyFixture.SHORT;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import stir.api.BackendException;
import stir.api.Batch;
import stir.api.Caution;
import stir.api.DataException;
import stir.api.Scale;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.io.arrays.NpyReader;
import stir.core.io.arrays.NpyWriter;
import stir.core.io.files.FolderLock;
import stir.core.math.statistics.Difference;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.HolmCorrection;
import stir.core.network.Inconsistency;
import stir.core.network.NetworkSpec;
import stir.core.representation.RepresentationFile;
import stir.core.runtime.progress.Progress;
import stir.core.runtime.progress.ProgressListener;
import stir.core.score.ScoreSettings;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.About;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.Problem;
import stir.core.study.plan.StudiedLayer;
import stir.core.study.plan.Unit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

class StudyTest {
    private static final int IMAGES = 12;

    @TempDir Path folder;
    private StudyFixture study = new StudyFixture(Path.of(""));

    @BeforeEach
    void files() throws IOException {
        study = StudyFixture.in(folder, IMAGES);
    }

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
        var settings =
                ScoreSettings.DEFAULT
                        .withInversion(InversionSettings.REFERENCE.withIterations(8))
                        .withMeasures("linear-cka", "procrustes");
        var found =
                results.score(
                                new StudiedLayer("n2", PlainBackend.HIDDEN),
                                new StudiedLayer("n1", PlainBackend.HIDDEN))
                        .orElseThrow()
                        .score();
        var stir = Stir.load();
        try (var a = stir.open(NetworkSpec.of(folder.resolve("net1.plain")));
                var b = stir.open(NetworkSpec.of(folder.resolve("net2.plain")))) {
            var inputs = Inputs.open(folder.resolve("images.npy"));
            var inMemory = stir.compare(a, b, inputs, settings).bGivenA();
            var stored =
                    stir.compare(
                                    a,
                                    b,
                                    inputs,
                                    settings,
                                    List.of(),
                                    Optional.of(folder.resolve("pair")),
                                    RunOptions.DEFAULT,
                                    StudyListener.SILENT)
                            .get(0)
                            .bGivenA();
            for (var score : List.of(inMemory, stored)) {
                assertEquals(score.stir(), found.stir());
                assertEquals(score.self(), found.self());
                assertEquals(score.seedOnly(), found.seedOnly());
                assertEquals(score.shuffled(), found.shuffled());
                assertEquals(score.baselineCorrected(), found.baselineCorrected());
                assertEquals(score.outcomes(), found.outcomes());
                assertEquals(Optional.of(PlainBackend.LOGITS), found.outcomes().classLayer());
            }
        }
        var rows = Files.readAllLines(folder.resolve("out/results.csv"));
        assertTrue(rows.get(0).startsWith("reference_model,reference_layer,target_model,"));
        assertEquals(
                16 * 2,
                rows.stream().filter(row -> row.contains(",stir,")).count(),
                "a row for each pair and measure");
        try (var pixels =
                NpyReader.open(
                        folder.resolve(
                                "out/searches/n1/hidden/reference/repeat-1/invariant.npy"))) {
            assertEquals(List.of(IMAGES, 1, 4, 4), boxed(pixels.shape()));
        }
        assertFalse(Files.exists(folder.resolve("out/representations")));
    }

    @Test
    void aNamedSearchThatNoLongerNamesItsOptimiserIsRefused() throws IOException {
        study.run(2, "search: {name: main, optimizer: reference, iterations: 8}\n", "out");
        var refusal =
                assertThrows(
                        UsageException.class,
                        () -> study.run(2, "search: {name: main, iterations: 8}\n", "out"));
        assertTrue(
                refusal.getMessage().contains("main: optimizer was reference and is thorough"),
                refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "changing, another representation the second time, changing-network",
        "mixing, depends on the other inputs, mixing-network"
    })
    void networksThatAreNotFunctionsAreRefusedOrNamedInEveryResult(
            String defect, String words, String kind) throws IOException {
        Files.writeString(folder.resolve("net2.plain"), "2 " + defect);
        var refusal = assertThrows(DataException.class, () -> study.run(2, SHORT, "out"));
        assertTrue(refusal.getMessage().contains("net2.plain is not a function of its input"));
        assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
        assertFalse(Files.exists(folder.resolve("out")), "before anything is written");

        var cautions = new ArrayList<Caution>();
        var listener =
                new StudyListener() {
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
            assertEquals(isOfIt, score.score().cautions().contains(expected), score::toString);
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
        var listener =
                new StudyListener() {
                    private boolean isRemoved;

                    @Override
                    public void step(String line) {}

                    @Override
                    public void end(Unit unit) {
                        if (!isRemoved && unit instanceof Unit.Score) {
                            isRemoved = true;
                            try (var files = Files.walk(out)) {
                                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                                    boolean isKept =
                                            file.startsWith(out.resolve("searches"))
                                                    || file.equals(out)
                                                    || (!alsoScores
                                                            && file.startsWith(
                                                                    out.resolve("scores")));
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
        var failure =
                assertThrows(
                        BackendException.class, () -> study.run(1, SHORT, "out", run, listener));
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
        assertEquals(
                "There is no setting of the backend plain 'tags': there are none at all.",
                refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"1,", "2 changing, CHANGING", "2 mixing, MIXING"})
    void savedRepresentationsStateThatANetworkIsNotAFunction(String network, String reason)
            throws IOException {
        var file = Files.writeString(folder.resolve("net2.plain"), network);
        var inputs = Inputs.open(folder.resolve("images.npy"));
        try (var opened = Stir.load().open(NetworkSpec.of(file).withLayer("hidden"))) {
            var saved =
                    new RepresentationFile(opened, inputs, Optional.empty())
                            .write(folder.resolve("x.npy"), false, ProgressListener.SILENT);
            assertEquals(
                    Optional.ofNullable(reason).map(Inconsistency::valueOf), saved.inconsistency());
        }
    }

    @Test
    void comparisonsInJavaRefuseNetworksThatAreNotFunctions() throws IOException {
        Files.writeString(folder.resolve("net2.plain"), "2 mixing");
        var stir = Stir.load();
        var inputs = Inputs.open(folder.resolve("images.npy"));
        var settings = InversionSettings.REFERENCE.withIterations(8);
        try (var a = stir.open(NetworkSpec.of(folder.resolve("net1.plain")));
                var b = stir.open(NetworkSpec.of(folder.resolve("net2.plain")))) {
            var scores = ScoreSettings.DEFAULT.withInversion(settings);
            assertThrows(DataException.class, () -> stir.compare(a, b, inputs, scores));
            assertThrows(
                    DataException.class,
                    () -> stir.invert(b, inputs, settings, StudyListener.SILENT));
        }
    }

    @Test
    void theDefaultSearchIsAddedToAStudyOfThePublishedOne() throws IOException {
        study.run(2, SHORT, "out");
        var results = study.run(2, "search: {iterations: 8}\n", "out");
        assertEquals(2 * LAYERS, results.work().inversions());
        assertEquals("thorough", results.scores().get(0).search());
        assertTrue(Files.exists(folder.resolve("out/searches/n1/hidden/reference")));
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
            var scale =
                    one.measure().equals("procrustes") ? Scale.distance(Math.sqrt(2)) : Scale.UNIT;
            var expected = Difference.paired(first, second, scale).orElseThrow();
            var found = one.difference();
            assertEquals(
                    first.value().orElseThrow() - second.value().orElseThrow(), found.difference());
            assertEquals(expected.interval(), found.interval());
            assertEquals(expected.pValue(), found.pValue());
        }
        for (var measure : List.of("linear-cka", "procrustes")) {
            var ofMeasure =
                    differences.all().stream()
                            .filter(one -> one.measure().equals(measure))
                            .map(StudyDifference::difference)
                            .toList();
            assertArrayEquals(
                    HolmCorrection.of(ofMeasure.stream().mapToDouble(Difference::pValue).toArray()),
                    ofMeasure.stream().mapToDouble(Difference::correctedPValue).toArray());
        }
        var rows = Files.readAllLines(folder.resolve("out/differences.csv"));
        assertEquals(1 + differences.possible(), rows.size());
        assertTrue(rows.get(1).startsWith("linear-cka,reference,1,n1,"), rows.get(1));
        assertEquals(
                differences.all(), StoredStudy.open(folder.resolve("out")).differences().all());
    }

    private static Estimate stir(StudyResults results, PlannedPair pair, String measure) {
        var score = results.score(pair.target(), pair.reference()).orElseThrow().score();
        return StudyFixture.get(score.stir(), measure);
    }

    @Test
    void searchesAtSeveralLayersAreNotJudgedByTheDistancesOfOne() throws IOException {
        var file =
                Files.writeString(
                        folder.resolve("several.yaml"),
                        """
                        models:
                          - {name: n1, file: net1.plain, layers: [hidden], search-layers: [block 1/logits]}
                          - {name: n2, file: net2.plain, layers: [hidden]}
                        inputs: images.npy
                        """
                                + SHORT);
        try (var checked = Stir.load().check(ExperimentFile.read(file))) {
            for (var score :
                    checked.study().run(RunOptions.DEFAULT, StudyListener.SILENT).scores()) {
                assertEquals(
                        score.reference().model().equals("n2"),
                        score.score().acceptance().isPresent(),
                        score.reference().toString());
            }
        }
    }

    @Test
    void tooManyDifferencesAreLeftOut() throws IOException {
        var results = study.run(2, SHORT, "out");
        var repeated = new ArrayList<StudyScore>();
        for (int repeat = 1; repeat <= 1000; repeat++) {
            for (var score : results.scores()) {
                repeated.add(
                        new StudyScore(
                                score.reference(),
                                score.target(),
                                score.search(),
                                repeat,
                                score.score()));
            }
        }
        var differences = StudyDifferences.of(repeated, Map.of(), Map.of("linear-cka", Scale.UNIT));
        assertTrue(differences.isTooMany());
        assertEquals(54_000, differences.possible());
        assertEquals(List.of(), differences.all());
    }

    private static List<Integer> boxed(int[] shape) {
        return Arrays.stream(shape).boxed().toList();
    }

    @Test
    void representationsAreKeptIfTheyAreAskedFor() throws IOException {
        study.run(2, SHORT, "plain");
        study.run(
                2,
                SHORT,
                "kept",
                RunOptions.DEFAULT.keepingRepresentations(true),
                StudyListener.SILENT);
        try (var inputs =
                NpyReader.open(folder.resolve("kept/representations/n1/hidden/inputs.npy"))) {
            assertEquals(List.of(IMAGES, PlainBackend.WIDTH), boxed(inputs.shape()));
        }
        var kept = study.bytes("kept");
        assertTrue(kept.keySet().removeIf(name -> name.startsWith("representations/")));
        StudyFixture.assertSame(study.bytes("plain"), kept);
    }

    /** Ends the run as a kill would: nothing after that moment is done. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Dies at the n-th thing that it hears. */
    private static StudyListener mortal(int moment) {
        int[] heard = {0};
        return new StudyListener() {
            @Override
            public void step(String line) {
                count();
            }

            @Override
            public void update(Progress progress) {
                count();
            }

            private void count() {
                if (++heard[0] == moment) {
                    throw new Killed();
                }
            }
        };
    }

    @Test
    void aStudyThatDiesAndGoesOnEndsWithTheSameBytes() throws IOException {
        var more = SHORT + "repeats: 2\n";
        var whole = study.run(4, more, "whole");
        assertEquals(4 * LAYERS * 2, whole.work().inversions());
        for (int moment = 2, deaths = 0; deaths < 9; moment += 7, deaths++) {
            int now = moment;
            assertThrows(
                    Killed.class,
                    () -> study.run(4, more, "broken", RunOptions.DEFAULT, mortal(now)));
        }
        var resumed = study.run(4, more, "broken");
        assertTrue(resumed.work().inversionsReused() > 0, "work of the dead is used");
        assertEquals(
                4 * LAYERS * 2, resumed.work().inversions() + resumed.work().inversionsReused());
        StudyFixture.assertSame(study.bytes("whole"), study.bytes("broken"));
        StudyFixture.assertSame(StudyFixture.values(whole), StudyFixture.values(resumed));
        var log = Files.readString(folder.resolve("whole/logs/run-1.log"));
        assertTrue(log.contains("inversions: 16 of 16 (16 made now, 0 reused)"), log);
    }

    @Test
    void aFifthModelRecomputesNothingOld() throws IOException {
        study.run(4, SHORT, "grown");
        var old = FileTime.fromMillis(1_000_000_000_000L);
        for (var file : study.files("grown")) {
            Files.setLastModifiedTime(file, old);
        }
        var grown = study.run(5, SHORT, "grown");
        assertEquals(LAYERS, grown.work().inversions());
        assertEquals(4 * LAYERS, grown.work().inversionsReused());
        assertEquals(64 + 64, grown.work().comparisonsReused());
        assertEquals(36 + 36, grown.work().comparisons());
        for (var file : study.files("grown")) {
            var name = folder.resolve("grown").relativize(file).toString();
            boolean written = !Files.getLastModifiedTime(file).equals(old);
            boolean isNew =
                    name.contains("n5")
                            || name.equals("results.csv")
                            || name.equals("differences.csv")
                            || name.equals("study.json");
            assertEquals(isNew, written, name);
        }
        study.run(5, SHORT, "fresh");
        StudyFixture.assertSame(study.bytes("fresh"), study.bytes("grown"));
    }

    @Test
    void anotherMeasureIsComputedWithoutASearchAndTheStoredValuesStay() throws IOException {
        var before = study.run(2, "measures: [linear-cka]\n" + SHORT, "measured");
        var searches = study.bytes("measured");
        var more = "measures: [procrustes]\n" + SHORT;
        var after = study.run(2, more, "measured");
        assertEquals(0, after.work().inversions());
        assertEquals(16 + 16, after.work().comparisons());
        searches.keySet().removeIf(name -> !name.startsWith("searches/"));
        var now = study.bytes("measured");
        searches.forEach((name, bytes) -> assertEquals(bytes, now.get(name), name));
        var both = "measures: [linear-cka, procrustes]\n" + SHORT;
        var again = study.run(2, both, "measured");
        assertEquals(0, again.work().inversions());
        assertEquals(0, again.work().comparisons(), "both measures are there");
        for (int i = 0; i < before.scores().size(); i++) {
            assertEquals(
                    before.scores().get(i).score().stir().get("linear-cka"),
                    again.scores().get(i).score().stir().get("linear-cka"));
            assertEquals(
                    after.scores().get(i).score().self().get("procrustes"),
                    again.scores().get(i).score().self().get("procrustes"));
        }
        StudyFixture.assertSame(
                StudyFixture.values(study.run(2, both, "fresh")), StudyFixture.values(again));
    }

    @Test
    void whatIsSaidOfAStudyChangesNoResult() throws IOException {
        study.run(2, SHORT, "said");
        assertEquals(About.NONE, StoredStudy.open(folder.resolve("said")).about());
        var before = study.bytes("said");
        var said = "title: Alike?\nauthors: [A, B]\nnotes: |\n  One.\n  Two.\n" + SHORT;
        var again = study.run(2, said, "said");
        assertEquals(0, again.work().inversions());
        assertEquals(0, again.work().comparisons());
        assertEquals(
                new About(Optional.of("Alike?"), List.of("A", "B"), Optional.of("One.\nTwo.")),
                StoredStudy.open(folder.resolve("said")).about());
        var now = study.bytes("said");
        before.remove("study.json");
        before.forEach((name, bytes) -> assertEquals(bytes, now.get(name), name));
    }

    @Test
    void whatIsNotAskedForAnyMoreStays() throws IOException {
        var both =
                "search: [{name: one, optimizer: reference, iterations: 8}, {name: two, optimizer: reference, iterations: 9}]\n";
        study.run(2, both, "narrowed");
        study.run(
                2,
                "search: [{name: two, optimizer: reference, iterations: 9}]\nmeasures: [rsa-pearson]\n",
                "narrowed");
        var again = study.run(2, both, "narrowed");
        assertEquals(0, again.work().inversions());
        assertEquals(0, again.work().comparisons(), "nothing was thrown away");
    }

    @Test
    void whatWouldMakeTheStoredWrongIsRefusedByName() throws IOException {
        study.run(2, SHORT, "kept");
        var before = study.bytes("kept");
        refuses(
                "(reference: iterations was 8 and is 9): ",
                "search: {optimizer: reference, iterations: 9}\n");
        refuses(
                "(reference: iterations was 8 and is 9; reference: rng-seed was 0 and is 1): ",
                "search: {optimizer: reference, iterations: 9, rng-seed: 1}\n");
        refuses(
                "reference: rng-seed was 0 and is 1",
                "search: {optimizer: reference, iterations: 8, rng-seed: 1}\n");
        study.images(IMAGES - 1);
        refuses("(the inputs: count was 12 and is 11): ", SHORT);
        study.images(IMAGES);
        study.network(2, 77);
        refuses("n2: sha256 was ", SHORT);
        study.network(2, 2);
        StudyFixture.assertSame(before, study.bytes("kept"));
        // Measures can be added.
        var more = study.run(2, "measures: [rsa-pearson]\n" + SHORT, "kept");
        assertEquals(0, more.work().inversions());
    }

    @Test
    void otherInputsOfTheSameNumberAreRefused() throws IOException {
        var fast = "search: {optimizer: fast, iterations: 2}\n";
        study.run(2, fast, "kept");
        var before = study.bytes("kept");
        study.images(IMAGES, rows -> Collections.swap(rows, 0, 1));
        refuses("the inputs: sha256 was ", fast);
        study.images(IMAGES);
        StudyFixture.assertSame(before, study.bytes("kept"));
    }

    private void refuses(String what, String more) {
        var refusal = assertThrows(UsageException.class, () -> study.run(2, more, "kept"));
        assertTrue(refusal.getMessage().contains(what), refusal.getMessage());
        assertTrue(
                refusal.getMessage()
                        .startsWith(
                                folder.resolve("kept")
                                        + " holds results that these settings would make wrong ("),
                refusal.getMessage());
    }

    @Test
    void whatDependsOnOtherSettingsGivesWayIfItIsAskedFor() throws IOException {
        study.run(2, SHORT, "replaced");
        var other = "search: {optimizer: reference, iterations: 9}\n";
        study.run(2, other, "replaced", RunOptions.DEFAULT.replacing(true), StudyListener.SILENT);
        study.run(2, other, "fresh");
        StudyFixture.assertSame(study.bytes("fresh"), study.bytes("replaced"));
        var again =
                study.run(
                        2,
                        other,
                        "replaced",
                        RunOptions.DEFAULT.replacing(true),
                        StudyListener.SILENT);
        assertEquals(0, again.work().inversions(), "what does not differ stays");
    }

    @Test
    void anInterruptionEndsInOrderAndTheRestFollows() throws IOException {
        var steps = new ArrayList<String>();
        assertThrows(
                CancellationException.class,
                () ->
                        study.run(
                                2,
                                SHORT,
                                "stopped",
                                RunOptions.DEFAULT,
                                line -> {
                                    steps.add(line);
                                    if (line.startsWith("search/n2/hidden/")) {
                                        Thread.currentThread().interrupt();
                                    }
                                }));
        assertTrue(Thread.interrupted());
        assertTrue(steps.get(steps.size() - 1).startsWith("search/n2/hidden/"), steps.toString());
        var log = Files.readString(folder.resolve("stopped/logs/run-1.log"));
        assertTrue(log.endsWith(" interrupted: what was done is kept\n"), log);
        assertEquals(2, study.run(2, SHORT, "stopped").work().inversionsReused());
        study.run(2, SHORT, "whole");
        StudyFixture.assertSame(study.bytes("whole"), study.bytes("stopped"));
    }

    @Test
    void twoRunsDoNotWorkInOneFolder() throws IOException {
        try (var lock = FolderLock.of(folder.resolve("held"), false, note -> {})) {
            var refusal = assertThrows(UsageException.class, () -> study.run(2, SHORT, "held"));
            assertTrue(refusal.getMessage().startsWith("Another run is writing into "));
            assertNotEquals(null, lock);
        }
        assertEquals(4, study.run(2, SHORT, "held").work().inversions());
    }

    @Test
    void mistakesOfFileAndModelsAreToldTogether() throws IOException {
        var file =
                Files.writeString(
                        folder.resolve("wrong.yaml"),
                        """
                        models:
                          - name: one
                            file: net1.plain
                            layers: [hiden, "bl*"]
                          - name: two
                            file: net2.plain
                            layers: ["z*"]
                            bakend: plain
                        inputs: images.npy
                        measures: [linear-cak]
                        search: {seed: other-class}
                        pairs:
                          - {reference: one, target: three}
                        """);
        problems(
                file,
                "wrong.yaml:4: net1.plain: There is no layer 'hiden'",
                "wrong.yaml:7: net2.plain: No layer matches 'z*'",
                "wrong.yaml:8: There is no key 'bakend' in a model: is it 'backend'?",
                "wrong.yaml:10: There is no",
                "wrong.yaml:11: The seed other-class needs the inputs' labels",
                "wrong.yaml:13: There is no model 'three'");
    }

    private void problems(Path file, String... expected) {
        try (var checked = Stir.load().check(ExperimentFile.read(file))) {
            var lines =
                    checked.problems().stream()
                            .map(Problem::toString)
                            .map(line -> line.replace(folder + "/", ""))
                            .toList();
            assertEquals(expected.length, lines.size(), lines::toString);
            for (int i = 0; i < expected.length; i++) {
                assertTrue(lines.get(i).startsWith(expected[i]), lines.get(i));
            }
            assertThrows(UsageException.class, checked::plan);
        }
    }

    @Test
    void missingInputsHideNoMistakeOfModels() throws IOException {
        var text =
                """
                inputs: %s
                measures: [linear-cak]
                models:
                  - {name: one, file: net1.plain, layers: [hiden, hidden, "hidden#0", "z*"]}
                  - {name: two, file: net2.plain, threads: 0, layers: [logit]}
                pairs: [{reference: one, target: three}]
                """;
        var models =
                new String[] {
                    "wrong.yaml:2: There is no similarity measure 'linear-cak'",
                    "wrong.yaml:4: net1.plain: There is no layer 'hiden'",
                    "wrong.yaml:4: net1.plain: No layer matches 'z*'",
                    "wrong.yaml:5: ",
                    "wrong.yaml:5: net2.plain: There is no layer 'logit'",
                    "wrong.yaml:6: There is no model 'three'"
                };
        var file = Files.writeString(folder.resolve("wrong.yaml"), text.formatted("none.npy"));
        var all = new ArrayList<>(List.of(models));
        all.add(0, "wrong.yaml:1: There is no file or folder");
        problems(file, all.toArray(String[]::new));
        Files.writeString(folder.resolve("damaged.npy"), "no array");
        Files.writeString(file, text.formatted("damaged.npy"));
        all.set(0, "wrong.yaml:1: ");
        problems(file, all.toArray(String[]::new));
    }

    @Test
    void mistakenModelsHideNoMistakeOfInputs() throws IOException {
        Files.writeString(folder.resolve("damaged.npy"), "no array");
        var file =
                Files.writeString(
                        folder.resolve("wrong.yaml"),
                        """
                        inputs: damaged.npy
                        measures: [linear-cak]
                        models: [{name: one, file: none.plain}]
                        pairs: [{reference: one, target: two}]
                        """);
        problems(
                file,
                "wrong.yaml:1: ",
                "wrong.yaml:2: There is no similarity measure 'linear-cak'",
                "wrong.yaml:3: There is no file or folder",
                "wrong.yaml:4: There is no model 'two'");
    }

    @Test
    void aMistakenModelHidesNoMeasureThatNeedsMoreInputs() throws IOException {
        var file =
                Files.writeString(
                        folder.resolve("wrong.yaml"),
                        """
                        inputs: {path: images.npy, limit: 1}
                        measures: [linear-cka]
                        models:
                          - {name: one, file: net1.plain, layers: [hidden]}
                          - {name: two, file: net2.plain, layers: [logit]}
                        """);
        problems(
                file,
                "wrong.yaml:2: The measure 'linear-cka' needs at least 2 inputs",
                "wrong.yaml:5: net2.plain: There is no layer 'logit'");
    }

    @Test
    void tooFewPairsAreAProblemOfThePlan() throws IOException {
        var file = folder.resolve("pairs.npy");
        NpyWriter.write(file, Batch.allocate(1, PlainBackend.INPUT));
        try (var checked = study.check(2, "search: {pairs: %s}\n".formatted(file))) {
            assertTrue(
                    checked.problems().toString().contains("has 1 inputs, but there are"),
                    checked.problems()::toString);
        }
    }

    @Test
    void aPlanListsTheWorkAndStoresNothing() throws IOException {
        var pairs =
                SHORT
                        + "repeats: 2\n"
                        + "pairs: [{reference: n1, target: \"n%s\"}, {reference: n2, target: n3,"
                        + " target-layer: \"block*\"}]\n";
        try (var refused = study.check(3, pairs.formatted("[23]"))) {
            assertTrue(
                    refused.problems().toString().contains("There is no model 'n[23]'"),
                    refused.problems()::toString);
        }
        try (var checked = study.check(3, pairs.formatted("?"))) {
            var plan = checked.plan();
            assertEquals(2 * LAYERS * 2, plan.inversions());
            int compared = 2 * 6 + 2;
            assertEquals(2 * compared, plan.scores());
            assertEquals(2 * compared + compared, plan.comparisons());
            assertEquals(8 * 12 * 9, plan.searchPasses());
            var cost = checked.cost(System::nanoTime);
            assertTrue(cost.inversionSeconds() > 0);
            assertTrue(cost.comparisonSeconds() > 0);
            assertTrue(cost.diskBytes() > 12 * 16 * 4);
            assertTrue(cost.memoryBytes() > 0);
        }
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void otherMachinesResultsAreRefusedByNameAndMixedIfItIsAllowed() throws IOException {
        for (var name :
                List.of("study.json", "searches/n1/hidden/reference/repeat-1/search.json")) {
            study.run(2, SHORT, "here");
            var file = folder.resolve("here").resolve(name);
            var text = Files.readString(file);
            var fact = "\"architecture\" : \"%s\"";
            var here = fact.formatted(System.getProperty("os.arch"));
            assertTrue(text.contains(here), text);
            Files.writeString(file, text.replaceFirst(here, fact.formatted("pdp11")));
            var refusal = assertThrows(UsageException.class, () -> study.run(2, SHORT, "here"));
            assertTrue(
                    refusal.getMessage().contains("results of another kind of machine (n1"),
                    refusal.getMessage());
            assertTrue(
                    refusal.getMessage()
                            .contains(
                                    "architecture is pdp11 there and %s here"
                                            .formatted(System.getProperty("os.arch"))),
                    refusal.getMessage());
            var mixed = RunOptions.DEFAULT.mixingMachines(true);
            var results = study.run(2, SHORT, "here", mixed, StudyListener.SILENT);
            assertEquals(0, results.work().inversions(), "what was found there is used");
            Files.writeString(file, text);
        }
    }

    @Test
    void foldersOfOtherLayoutsAreRefused() throws IOException {
        study.run(2, SHORT, "old");
        Files.writeString(folder.resolve("old/manifest.txt"), "stir 1\n");
        var manifest = assertThrows(UsageException.class, () -> study.run(2, SHORT, "old"));
        assertEquals(
                "%s was written by an older version of Stir, whose folders had another layout: choose another folder, or remove this one."
                        .formatted(folder.resolve("old")),
                manifest.getMessage());
        Files.delete(folder.resolve("old/manifest.txt"));
        var document = folder.resolve("old/study.json");
        var text = Files.readString(document);
        for (var other : List.of("", "\"schema\" : \"stir-study/99\",")) {
            Files.writeString(document, text.replace("\"schema\" : \"stir-study/1\",", other));
            for (var refusal :
                    List.of(
                            assertThrows(DataException.class, () -> study.run(2, SHORT, "old")),
                            assertThrows(
                                    DataException.class,
                                    () -> StoredStudy.open(folder.resolve("old"))))) {
                assertTrue(
                        refusal.getMessage()
                                .startsWith(
                                        document + " was written by another version of Stir (its"),
                        refusal.getMessage());
            }
        }
        Files.writeString(document, text);
        assertEquals(0, study.run(2, SHORT, "old").work().inversions());
    }

    @Test
    void whatIsStoredIsReadAsItWasFound() throws IOException {
        var more = "measures: [linear-cka, procrustes]\nrepeats: 2\n" + SHORT;
        var results = study.run(2, more, "stored");
        var stored = StoredStudy.open(folder.resolve("stored"));
        var found = new LinkedHashMap<String, Object>();
        for (var pair : stored.pairs()) {
            for (var run : stored.runs()) {
                StudyFixture.put(stored.score(pair, run).orElseThrow(), found);
            }
        }
        for (var pair : stored.pairs()) {
            StudyFixture.put(stored.similarity(pair).orElseThrow(), found);
        }
        StudyFixture.assertSame(StudyFixture.values(results), found);
        assertEquals(results.plan().pairs(), stored.pairs());
        assertEquals(results.plan().fingerprint(), stored.inputFingerprint());
        assertEquals(IMAGES, stored.inputNames().size());
        assertEquals(results.plan().models().get(0).sha256(), stored.models().get(0).sha256());
    }
}
