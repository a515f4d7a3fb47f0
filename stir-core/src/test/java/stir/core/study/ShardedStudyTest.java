package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.inversion.search.SearchFixture;
import stir.core.io.arrays.NpyWriter;
import stir.core.score.Quantity;
import stir.core.score.Values;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.Shard;
import stir.core.study.plan.Stage;
import stir.core.study.plan.Unit;

/** Studies that many processes do, each a fixed share of a stage. */
@Tag("slow")
class ShardedStudyTest {
    private static final int IMAGES = 60;
    private static final String SEARCHES = """
            search:
              - {name: published, optimizer: published, iterations: 3}
              - {name: quick, optimizer: fast, iterations: 2}
            repeats: 2
            """;

    /** A study that one process did, for all tests that compare bytes. */
    @TempDir
    static Path common;

    private static Map<String, Object> values = Map.of();
    private static Map<String, String> bytes = Map.of();

    @TempDir
    Path folder;

    @BeforeAll
    static void runInOneProcess() throws IOException {
        var study = StudyFixture.in(common, IMAGES);
        values = StudyFixture.values(study.run(2, SEARCHES, "whole"));
        bytes = study.bytes("whole");
    }

    private StudyFixture study() throws IOException {
        return StudyFixture.in(folder, IMAGES);
    }

    private static CheckedExperiment check(Path folder) {
        return Stir.load().check(ExperimentFile.read(folder.resolve("study.yaml")));
    }

    private List<Shard> shards(int count, Random random) {
        var shards = new ArrayList<>(
                IntStream.range(0, count).mapToObj(i -> new Shard(i, count)).toList());
        shards.add(new Shard(random.nextInt(count), count)); // one is started twice
        Collections.shuffle(shards, random);
        return shards;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 3", "40, 5"})
    void anyNumberOfShardsInAnyOrderGivesTheBytesOfOneProcess(int count, long seed) throws IOException {
        var study = new StudyFixture(common);
        var out = "shards-" + count;
        var random = new Random(seed);
        var shared = common.resolve(out);
        for (var shard : shards(count, random)) {
            try (var checked = check(common)) {
                var outcome = checked.sharded().search(shared, shard, RunOptions.DEFAULT, StudyListener.SILENT);
                assertTrue(outcome.isComplete(), outcome::sentence);
            }
        }
        for (var shard : shards(count, random)) {
            try (var checked = check(common)) {
                var outcome = checked.sharded().score(shared, shard, RunOptions.DEFAULT, StudyListener.SILENT);
                assertTrue(outcome.isComplete(), outcome::sentence);
            }
        }
        try (var checked = check(common)) {
            assertEquals(List.of(), checked.sharded().missing(shared, RunOptions.DEFAULT));
        }
        var results = study.run(2, SEARCHES, out);
        assertEquals(0, results.work().inversions());
        assertEquals(0, results.work().comparisons());
        StudyFixture.assertSame(values, StudyFixture.values(results));
        StudyFixture.assertSame(bytes, study.bytes(out));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 16, 100})
    void sharesAreAllOfTheWorkAndNoneTwice(int count) throws IOException {
        study().experiment(2, SEARCHES);
        try (var checked = check(folder)) {
            var plan = checked.plan();
            for (var stage : List.of(Stage.SEARCH, Stage.SCORE)) {
                var dealt = new ArrayList<Unit>();
                for (int i = 0; i < count; i++) {
                    var share = plan.share(stage, new Shard(i, count));
                    assertEquals(share, plan.share(stage, new Shard(i, count)));
                    dealt.addAll(share);
                }
                assertEquals(dealt.size(), new HashSet<>(dealt).size());
                if (stage == Stage.SCORE) {
                    assertEquals(new HashSet<>(plan.units(stage)), new HashSet<>(dealt));
                } else {
                    int inputs = dealt.stream()
                            .map(Unit.Search.class::cast)
                            .mapToInt(unit -> unit.to() - unit.from())
                            .sum();
                    assertEquals(plan.inversions() * IMAGES, inputs);
                }
            }
        }
    }

    @Test
    void sharesAreAboutAsLarge() throws IOException {
        study().experiment(5, "search: {optimizer: published, iterations: 3}\nrepeats: 4\n");
        try (var checked = check(folder)) {
            var inputs = IntStream.range(0, 8)
                    .map(i -> checked.plan().share(Stage.SEARCH, new Shard(i, 8)).stream()
                            .map(Unit.Search.class::cast)
                            .mapToInt(unit -> unit.to() - unit.from())
                            .sum())
                    .summaryStatistics();
            // 40 searches of 60 inputs; a unit has at most 75.
            assertEquals(2400, inputs.getSum());
            assertTrue(inputs.getMax() - inputs.getMin() <= 75, inputs::toString);
        }
    }

    @Test
    void scoresWaitForTheirSearchesAndSayWhich() throws IOException {
        study().experiment(2, SEARCHES);
        var shared = folder.resolve("shared");
        try (var checked = check(folder)) {
            var sharded = checked.sharded();
            var unseen = assertThrows(
                    UsageException.class,
                    () -> sharded.score(shared, Shard.WHOLE, RunOptions.DEFAULT, StudyListener.SILENT));
            assertTrue(unseen.getMessage().contains("does not see the searches in "));
            assertFalse(Files.exists(shared));
            sharded.search(shared, new Shard(0, 3), RunOptions.DEFAULT, StudyListener.SILENT);
            var outcome = sharded.score(shared, Shard.WHOLE, RunOptions.DEFAULT, StudyListener.SILENT);
            assertFalse(outcome.isComplete());
            assertEquals(List.of(), outcome.failed());
            assertFalse(outcome.missing().isEmpty());
            assertTrue(outcome.missing().stream().allMatch(unit -> unit.stage() == Stage.GATHER));
            var missing = sharded.missing(shared, RunOptions.DEFAULT);
            assertEquals(Stage.SEARCH, missing.get(0).stage());
            assertEquals(Stage.SCORE, missing.get(missing.size() - 1).stage());
        }
    }

    @Test
    void aMachineThatDoesNotSeeTheFolderIsNamed() throws IOException {
        study().experiment(2, SEARCHES);
        try (var checked = check(folder)) {
            var failure = assertThrows(
                    UsageException.class,
                    () -> checked.sharded()
                            .search(
                                    folder.resolve("not/mounted"),
                                    Shard.WHOLE,
                                    RunOptions.DEFAULT,
                                    StudyListener.SILENT));
            assertTrue(
                    failure.getMessage().matches("Host .* does not see .*all machines share\\."), failure.getMessage());
            assertFalse(Files.exists(folder.resolve("not")));
        }
    }

    @Test
    void anotherModelUnderTheSameNameIsRefused() throws IOException {
        var study = study();
        study.experiment(2, SEARCHES);
        var shared = folder.resolve("shared");
        try (var checked = check(folder)) {
            checked.sharded().prepare(shared, RunOptions.DEFAULT, StudyListener.SILENT);
        }
        study.network(2, 77);
        try (var checked = check(folder)) {
            var failure = assertThrows(
                    UsageException.class,
                    () -> checked.sharded().search(shared, Shard.WHOLE, RunOptions.DEFAULT, StudyListener.SILENT));
            assertTrue(failure.getMessage().contains("n2: sha256 was "), failure.getMessage());
        }
    }

    @Test
    void unitsThatDataMakeImpossibleAreReportedAndTheRestIsDone() throws IOException {
        study().experiment(2, "search: {optimizer: published, iterations: 2}\n");
        var images = new SearchFixture.Noise(IMAGES, PlainBackend.INPUT).read(0, IMAGES);
        for (int i = 0; i < images.rowSize(); i++) {
            images.buffer().put((IMAGES - 1) * images.rowSize() + i, 0); // represented as zero
        }
        NpyWriter.write(folder.resolve("images.npy"), images);
        var shared = folder.resolve("shared");
        try (var checked = check(folder)) {
            var outcome = checked.sharded().search(shared, Shard.WHOLE, RunOptions.DEFAULT, StudyListener.SILENT);
            assertEquals(outcome.units(), outcome.done() + outcome.failed().size());
            assertTrue(outcome.done() > 0, outcome::sentence);
            assertFalse(outcome.failed().isEmpty());
            for (var failure : outcome.failed()) {
                assertTrue(failure.unit().toString().endsWith("-60"), failure::toString);
                assertTrue(failure.reason().contains("is zero"), failure::toString);
            }
        }
    }

    @Test
    void anInterruptedShardIsGoneOnWith() throws IOException {
        var study = new StudyFixture(common);
        var shared = common.resolve("interrupted");
        var interrupts = new StudyListener() {
            private int left = 3;

            @Override
            public void step(String line) {
                if (line.startsWith("search/") && left-- == 0) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        try (var checked = check(common)) {
            assertThrows(
                    CancellationException.class,
                    () -> checked.sharded().search(shared, Shard.WHOLE, RunOptions.DEFAULT, interrupts));
            assertTrue(Thread.interrupted());
            var outcome = checked.sharded().search(shared, Shard.WHOLE, RunOptions.DEFAULT, StudyListener.SILENT);
            assertTrue(outcome.isComplete() && outcome.done() < outcome.units());
        }
        study.run(2, SEARCHES, "interrupted");
        StudyFixture.assertSame(bytes, study.bytes("interrupted"));
    }

    @Test
    void manyInputsAreSummedInBlocks() throws IOException {
        var study = StudyFixture.in(folder, 16_384 + 500);
        var more = """
                search: {optimizer: published, iterations: 1}
                pairs: [{reference-layer: hidden, target-layer: hidden}]
                measures: [linear-cka, linear-cka-debiased]
                memory: 2500k
                """;
        var expected = study.run(1, more, "whole");
        var shared = folder.resolve("shared");
        try (var checked = check(folder)) {
            var sharded = checked.sharded();
            sharded.search(shared, Shard.WHOLE, RunOptions.DEFAULT, StudyListener.SILENT);
            for (int shard : List.of(1, 0, 1)) {
                var outcome = sharded.score(shared, new Shard(shard, 2), RunOptions.DEFAULT, StudyListener.SILENT);
                assertTrue(outcome.isComplete(), outcome::sentence);
            }
            assertEquals(List.of(), sharded.missing(shared, RunOptions.DEFAULT));
        }
        var results = study.run(1, more, "shared");
        assertEquals(0, results.work().comparisons(), "computed by the shards");
        for (var similarity : results.similarities()) {
            assertTrue(
                    similarity.cautions().stream()
                            .anyMatch(caution -> caution.kind().equals("rows-exceed-memory")),
                    similarity::toString);
        }
        StudyFixture.assertSame(StudyFixture.values(expected), StudyFixture.values(results));
        StudyFixture.assertSame(study.bytes("whole"), study.bytes("shared"));
        for (var score : results.scores()) {
            Values.all(score, Quantity.STIR).forEach((measure, value) -> assertTrue(value.isDefined(), measure));
            // The sums of 30 groups fit into the memory for linear CKA alone.
            assertTrue(score.of("linear-cka").stir().interval().isPresent());
        }

        // In the folder of one process, whose searches are kept.
        var roomy = study.run(1, more.replace("2500k", "1g"), "whole");
        for (int i = 0; i < roomy.scores().size(); i++) {
            var ofAll = Values.all(roomy.scores().get(i), Quantity.STIR);
            var ofSums = results.scores().get(i).measures();
            ofAll.forEach((measure, value) -> {
                var other = Values.get(ofSums, measure, Quantity.STIR);
                assertEquals(value.value().getAsDouble(), other.value().getAsDouble(), 1e-9, measure);
                other.interval()
                        .ifPresent(interval ->
                                assertEquals(value.interval().orElseThrow().low(), interval.low(), 1e-9, measure));
            });
        }
    }

    @Test
    void aMeasureThatNeedsAllOfTooManyInputsIsRefusedBeforeTheWork() throws IOException {
        var study = StudyFixture.in(folder, 3000);
        study.experiment(1, "search: {optimizer: published, iterations: 1}\nmeasures: [rsa-pearson]\nmemory: 200k\n");
        try (var checked = check(folder)) {
            assertEquals(1, checked.problems().size());
            var sentence = checked.problems().get(0).sentence();
            assertTrue(sentence.contains("'rsa-pearson' of 3000 inputs exceeds the memory limit"), sentence);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"16/16", "3", "a/b", "-1/4", "0/0", "5/4"})
    void anythingButAShardIsRefused(String text) {
        var failure = assertThrows(UsageException.class, () -> Shard.parse(text));
        assertTrue(failure.getMessage().contains("shard"), failure.getMessage());
    }
}
