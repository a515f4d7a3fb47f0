package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.BackendException;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.extension.Extensions;
import stir.core.extension.catalogue.MeasureCatalogue;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.io.files.Table;
import stir.core.network.open.CacheFolder;
import stir.core.network.open.ModelOpener;
import stir.core.runtime.progress.ProgressListener;
import stir.core.score.Quantity;
import stir.core.score.Values;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.Stage;
import stir.core.study.plan.Unit;
import stir.core.study.results.StudyResults;
import stir.core.study.run.StudyResources;

/** A study cut into units, done in any order, by any number of processes, twice if need be. */
class StudyUnitsTest {
    private static final int IMAGES = 20;
    private static final String SEARCHES = """
            search:
              - {name: published, optimizer: published, iterations: 4}
              - {name: quick, optimizer: fast, iterations: 3}
            repeats: 2
            """;

    /** What one process finds; the study that the others are compared with. */
    @TempDir
    static Path whole;

    private static Optional<Written> written = Optional.empty();

    /** All files and values of a study. */
    private record Written(Map<String, String> files, Map<String, Object> values) {
        void assertSame(Written other) {
            StudyFixture.assertSame(values, other.values);
            StudyFixture.assertSame(files, other.files);
        }
    }

    @TempDir
    Path folder;

    private static synchronized Written whole() throws IOException {
        if (written.isEmpty()) {
            var study = StudyFixture.in(whole, IMAGES);
            var results = study.run(2, SEARCHES, "study");
            written = Optional.of(new Written(study.bytes("study"), StudyFixture.values(results)));
        }
        return written.orElseThrow();
    }

    private Written written(String out, StudyResults results) throws IOException {
        return new Written(new StudyFixture(folder).bytes(out), StudyFixture.values(results));
    }

    /** Ranges of a search that together have all inputs, cut anywhere; some overlap. */
    private static List<Unit> cut(Unit.Search unit, Random random) {
        var borders = new TreeSet<>(List.of(unit.from(), unit.to()));
        for (int i = random.nextInt(4); i > 0; i--) {
            borders.add(unit.from() + random.nextInt(unit.to() - unit.from()));
        }
        var ranges = new ArrayList<Unit>();
        for (int from : borders) {
            var next = borders.higher(from);
            if (next != null) {
                ranges.add(range(unit, from, next));
                if (random.nextInt(5) == 0 && next < unit.to()) {
                    ranges.add(range(unit, from, next + 1));
                }
            }
        }
        return ranges;
    }

    private static Unit range(Unit.Search unit, int from, int to) {
        return new Unit.Search(unit.reference(), unit.search(), unit.repeat(), from, to);
    }

    /** The experiment, which all copies read in one place. */
    private static CheckedExperiment check() {
        return Stir.load().check(ExperimentFile.read(whole.resolve("study.yaml")));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void anyCutInAnyOrderIsTheSameBytes(long seed) throws IOException {
        var expected = whole();
        var random = new Random(seed);
        try (var one = check();
                var other = check();
                var first = one.units(folder.resolve("cut"), RunOptions.DEFAULT);
                var second = one.units(folder.resolve("cut"), RunOptions.DEFAULT);
                var third = other.units(folder.resolve("cut"), RunOptions.DEFAULT)) {
            var processes = List.of(first, second, third);
            processes.forEach(StudyUnits::prepare);
            for (var stage : Stage.values()) {
                var units = new ArrayList<Unit>();
                for (var unit : first.plan().units(stage)) {
                    var parts = unit instanceof Unit.Search search ? cut(search, random) : List.of(unit);
                    for (var part : parts) {
                        units.add(part);
                        if (random.nextInt(3) == 0) {
                            units.add(part);
                        }
                    }
                }
                Collections.shuffle(units, random);
                for (var unit : units) {
                    processes
                            .get(random.nextInt(processes.size()))
                            .run(Unit.parse(unit.toString()), ProgressListener.SILENT);
                }
            }
            expected.assertSame(written("cut", second.finish()));
        }
    }

    @Test
    void unitsThatAreMissingAreListedStageByStage() throws IOException {
        whole();
        try (var checked = check();
                var units = checked.units(folder.resolve("study"), RunOptions.DEFAULT)) {
            units.prepare();
            assertEquals(2 * 2 * 2 * 2, units.missing(Stage.SEARCH).size());
            assertEquals(2 * 2 * 2 * 2, units.missing(Stage.GATHER).size());
            assertEquals(2 * 2, units.missing(Stage.SCORE).size());
            var refusal = assertThrows(UsageException.class, units::finish);
            assertTrue(
                    refusal.getMessage().startsWith("20 units of work are missing, first of all gather/n1/hidd"),
                    refusal.getMessage());
            for (var stage : Stage.values()) {
                for (var unit : units.missing(stage)) {
                    assertTrue(units.isMissing(unit));
                    units.run(unit, ProgressListener.SILENT);
                    assertFalse(units.isMissing(unit), unit::toString);
                }
                assertEquals(List.of(), units.missing(stage));
            }
            whole().assertSame(written("study", units.finish()));
        }
    }

    @Test
    void aLateAttemptHarmsNothing() throws IOException {
        var expected = whole();
        try (var checked = check();
                var late = check();
                var units = checked.units(folder.resolve("study"), RunOptions.DEFAULT);
                var attempt = late.units(folder.resolve("study"), RunOptions.DEFAULT)) {
            units.prepare();
            attempt.prepare();
            for (var stage : Stage.values()) {
                for (var unit : units.missing(stage)) {
                    units.run(unit, ProgressListener.SILENT);
                }
            }
            var results = units.finish();
            for (var stage : List.of(Stage.SEARCH, Stage.SCORE, Stage.GATHER)) {
                attempt.run(attempt.plan().units(stage).get(1), ProgressListener.SILENT);
            }
            attempt.run(attempt.plan().units(Stage.SEARCH).get(3), ProgressListener.SILENT);
            StudyFixture.assertSame(StudyFixture.values(results), StudyFixture.values(units.finish()));
            expected.assertSame(written("study", attempt.finish()));
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 2", "50, 1"})
    void batchSizeAndThreadsChangeNoByte(int batchSize, int threads) throws IOException {
        var expected = whole();
        var text = Files.readString(whole.resolve("study.yaml"));
        var file = Files.writeString(
                whole.resolve("threads.yaml"), text + "threads: %d\nbatch-size: %d\n".formatted(threads, batchSize));
        try (var checked = Stir.load().check(ExperimentFile.read(file))) {
            var results = checked.study().run(folder.resolve("study"), RunOptions.DEFAULT, StudyListener.SILENT);
            expected.assertSame(written("study", results));
        }
    }

    @Test
    void anotherLimitOfMemoryScoresAgainButDoesNotSearch() throws IOException {
        var study = StudyFixture.in(folder, IMAGES);
        var more = "search: {optimizer: published, iterations: 4}\nmeasures: [linear-cka, rsa-pearson]\nmemory: %s\n";
        var roomy = study.run(2, more.formatted("500m"), "study");
        // 20 rows of 2 x 6 features take 3,840 bytes.
        var tight = study.run(2, more.formatted("3k"), "study");
        assertEquals(0, tight.work().inversions());
        assertEquals(roomy.work().comparisons(), tight.work().comparisons());
        int refused = 0;
        for (int i = 0; i < tight.scores().size(); i++) {
            var before = roomy.scores().get(i);
            var after = tight.scores().get(i);
            var rsa = Values.get(after, "rsa-pearson", Quantity.STIR);
            boolean fits = after.target().layer().equals(PlainBackend.LOGITS);
            assertEquals(fits, rsa.isDefined());
            if (!fits) {
                refused++;
                assertTrue(rsa.undefined().orElseThrow().contains("and the memory limit is"), rsa::toString);
                assertNotEquals(Values.all(before, Quantity.STIR), Values.all(after, Quantity.STIR));
            }
            assertEquals(before.inversion().meanResidual(), after.inversion().meanResidual());
        }
        assertTrue(refused > 0);
        assertEquals(3000, StoredStudy.open(folder.resolve("study")).memory());
        var again = study.run(2, more.formatted("500m"), "study");
        StudyFixture.assertSame(StudyFixture.values(roomy), StudyFixture.values(again));
    }

    private StudyResults runWithOwnMeasures(StudyFixture study, String more) throws IOException {
        var loaded = Stir.load().extensions();
        var measures = new TreeMap<String, SimilarityMeasure>(loaded.measures());
        for (var own : List.of(new FeatureByFeature(false), new FeatureByFeature(true))) {
            measures.put(own.id(), own);
        }
        var extensions = new Extensions(measures, loaded.terms(), loaded.code(), loaded::all);
        var opener = new ModelOpener(extensions, CacheFolder.of(System.getenv()));
        var file = ExperimentFile.read(study.experiment(2, more));
        var resources =
                new StudyResources(opener::open, new MeasureCatalogue(extensions), new TermCatalogue(extensions));
        try (var checked = CheckedExperiment.of(resources, file)) {
            return checked.study().run(folder.resolve("study"), RunOptions.DEFAULT, StudyListener.SILENT);
        }
    }

    /** How near single features are, which needs as many of them; or a defect. */
    private record FeatureByFeature(boolean fails) implements SimilarityMeasure {
        @Override
        public String id() {
            return fails ? "failing" : "feature-by-feature";
        }

        @Override
        public String description() {
            return "One over one and the mean distance of single features";
        }

        @Override
        public Scale scale() {
            return Scale.UNIT;
        }

        @Override
        public boolean needsEqualWidths() {
            return !fails;
        }

        @Override
        public double compare(Matrix a, Matrix b) {
            if (fails) {
                throw new BackendException("The measure failed.");
            }
            double sum = 0;
            for (int row = 0; row < a.rows(); row++) {
                for (int column = 0; column < a.columns(); column++) {
                    sum += Math.abs(a.get(row, column) - b.get(row, column));
                }
            }
            return 1 / (1 + sum / a.rows());
        }
    }

    @Test
    void undefinedScoresLeaveTheRestAlone() throws IOException {
        var study = StudyFixture.in(folder, IMAGES);
        var more =
                "search: {optimizer: published, iterations: 4, seed: white}\nmeasures: [linear-cka, feature-by-feature, failing]\n";
        var results = runWithOwnMeasures(study, more);
        for (var score : results.scores()) {
            var stir = Values.get(score, "linear-cka", Quantity.STIR);
            assertTrue(stir.isDefined() && stir.interval().isPresent());
            var floor = Values.get(score, "linear-cka", Quantity.SEED_FLOOR);
            assertTrue(floor.value().isEmpty(), "all seeds are the same");
            assertFalse(floor.undefined().orElseThrow().isBlank());
            assertTrue(
                    Values.get(score, "linear-cka", Quantity.PERMUTATION_FLOOR).isDefined());
            assertTrue(Values.get(score, "linear-cka", Quantity.CEILING).isDefined());
            assertTrue(Values.get(score, "feature-by-feature", Quantity.STIR).isDefined());
            var failed = Values.get(score, "failing", Quantity.STIR);
            assertEquals("The measure failed.", failed.undefined().orElseThrow());
            var corrected = Values.get(score, "failing", Quantity.CORRECTED);
            assertEquals("The score is not defined.", corrected.undefined().orElseThrow());
        }
        int unlike = 0;
        for (var similarity : results.similarities()) {
            assertTrue(Values.get(similarity.measures(), "linear-cka", Quantity.SIMILARITY)
                    .isDefined());
            var widths = Values.get(similarity.measures(), "feature-by-feature", Quantity.SIMILARITY);
            boolean alike =
                    similarity.reference().layer().equals(similarity.target().layer());
            assertEquals(alike, widths.isDefined());
            if (!alike) {
                unlike++;
                assertTrue(widths.undefined().orElseThrow().contains("of one width"));
            }
        }
        assertEquals(2 * 2 * 2, unlike);
        var stored = StoredStudy.open(folder.resolve("study"));
        for (var score : results.scores()) {
            var again = stored.score(
                            new PlannedPair(score.reference(), score.target()),
                            new StoredStudy.Run(
                                    score.search().name(), score.search().repeat()))
                    .orElseThrow();
            assertEquals(score.measures(), again.measures());
        }
        assertEquals(0, runWithOwnMeasures(study, more).work().comparisons(), "known as undefined");
        var table = Table.parse(Files.readString(folder.resolve("study/results.csv")));
        int floor = table.get(0).indexOf("seed_floor");
        int inputs = table.get(0).indexOf("inputs");
        for (var row : table.subList(1, table.size())) {
            assertEquals("", row.get(floor), row::toString);
            assertEquals("20", row.get(inputs), row::toString);
        }
    }
}
