package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.network.NetworkSpec;
import stir.core.score.DirectedScore;
import stir.core.score.ScoreSettings;
import stir.core.score.StudiedLayer;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.Problem;
import stir.core.study.plan.Shard;
import stir.core.study.results.StudyResults;

/** Studies whose models have heads. */
class StudyHeadsTest extends StudyInFolder {
    @BeforeEach
    void heads() throws IOException {
        study.images(24);
        Files.writeString(folder.resolve("net1.plain"), "1 headed");
        Files.writeString(folder.resolve("net3.plain"), "3 headed");
        Files.writeString(folder.resolve("head1.plain"), "1 head");
        Files.writeString(folder.resolve("head3.plain"), "3 head");
        Files.writeString(folder.resolve("scalar.plain"), "1 scalar");
        Files.writeString(folder.resolve("mixing.plain"), "1 mixing-head");
    }

    private CheckedExperiment check(String head, String layers) throws IOException {
        var text = """
                models:
                  - name: n1
                    file: net1.plain
                    layers: [%s]
                    %s
                  - {name: n2, file: net2.plain, layers: [hidden]}
                inputs: images.npy
                search: {optimizer: published, iterations: 8}
                """.formatted(layers, head);
        return Stir.load().check(ExperimentFile.read(Files.writeString(folder.resolve("heads.yaml"), text)));
    }

    private CheckedExperiment check(String head) throws IOException {
        return check(head, "hidden");
    }

    private StudyResults run(String head, String out) throws IOException {
        try (var checked = check(head)) {
            return checked.study().run(folder.resolve(out), RunOptions.DEFAULT, StudyListener.SILENT);
        }
    }

    private static DirectedScore score(StudyResults results, String target, String reference) {
        return results.score(new StudiedLayer(target, "hidden"), new StudiedLayer(reference, "hidden"))
                .orElseThrow();
    }

    private String table(String out) throws IOException {
        return Files.readString(folder.resolve(out).resolve("results.csv"));
    }

    @Test
    void onlyTargetsWithAHeadAreStitchedAndNothingElseChanges() throws IOException {
        var results = run("head: head1.plain", "out");
        var plain = run("", "plain");
        for (var score : results.scores()) {
            var without = score(plain, score.target().model(), score.reference().model());
            assertEquals(without.measures(), score.measures());
            assertEquals(without.outcomes(), score.outcomes().with(Optional.empty()));
            assertEquals(Optional.empty(), without.outcomes().stitching());
            var stitching = score.outcomes().stitching();
            assertEquals(score.target().model().equals("n1"), stitching.isPresent());
        }
        var own = score(results, "n1", "n1").outcomes().stitching().orElseThrow();
        assertEquals(12, own.fitted());
        assertEquals(12, own.inputs());
        assertEquals(1, own.stitchedAgreement());
        assertTrue(table("out").startsWith(table("plain").lines().findFirst().orElseThrow() + ","));
        assertTrue(
                table("out")
                        .lines()
                        .findFirst()
                        .orElseThrow()
                        .endsWith(",moved,stitched_agreement,stitched_agreement_after"),
                table("out"));
        var document = Files.readString(folder.resolve("out/study.json"));
        assertTrue(document.contains("\"head1.plain\""), document);
        assertFalse(Files.readString(folder.resolve("plain/study.json")).contains("\"head\""));
    }

    @Test
    void storedResultsAndShardsHaveTheSameBytes() throws IOException {
        var results = run("head: head1.plain", "out");
        var bytes = study.bytes("out");
        var again = run("head: head1.plain", "out");
        assertEquals(0, again.work().comparisons());
        StudyFixture.assertSame(StudyFixture.values(results), StudyFixture.values(again));
        try (var stored = check("head: head1.plain")) {
            var inMemory = stored.study().run(RunOptions.DEFAULT, StudyListener.SILENT);
            StudyFixture.assertSame(StudyFixture.values(results), StudyFixture.values(inMemory));
        }
        var shared = folder.resolve("shards");
        for (int stage = 0; stage < 2; stage++) {
            for (int shard = 0; shard < 2; shard++) {
                try (var checked = check("head: head1.plain")) {
                    var part = new Shard(shard, 2);
                    var sharded = checked.sharded();
                    var outcome = stage == 0
                            ? sharded.search(shared, part, RunOptions.DEFAULT, StudyListener.SILENT)
                            : sharded.score(shared, part, RunOptions.DEFAULT, StudyListener.SILENT);
                    assertTrue(outcome.isComplete(), outcome::sentence);
                }
            }
        }
        assertEquals(0, run("head: head1.plain", "shards").work().comparisons());
        StudyFixture.assertSame(bytes, study.bytes("shards"));
    }

    @Test
    void aHeadCanBeAddedAndItsContentIsOfTheScoresIdentity() throws IOException {
        run("", "out");
        var added = run("head: head1.plain", "out");
        assertEquals(0, added.work().inversions());
        assertEquals(2, added.work().comparisons()); // given n1 and n2
        var stitching = score(added, "n1", "n2").outcomes().stitching();
        assertEquals(
                score(run("head: head1.plain", "new"), "n1", "n2").outcomes().stitching(), stitching);
        Files.move(folder.resolve("head1.plain"), folder.resolve("moved.plain"));
        assertEquals(0, run("head: moved.plain", "out").work().comparisons());
        Files.writeString(folder.resolve("moved.plain"), "1 head\n"); // the same network
        assertNotEquals(0, run("head: moved.plain", "out").work().comparisons());
    }

    @Test
    void aComparisonOfTwoNetworksHasHeadsToo() throws IOException {
        var stir = Stir.load();
        var results = run("head: head1.plain", "out");
        try (var a = stir.open(NetworkSpec.of(folder.resolve("net1.plain")));
                var b = stir.open(NetworkSpec.of(folder.resolve("net2.plain")))) {
            var request = CompareRequest.of(a, b, Inputs.open(folder.resolve("images.npy")))
                    .withSettings(ScoreSettings.DEFAULT.withInversion(InversionSettings.PUBLISHED.withIterations(8)))
                    .withHeads(Optional.of(folder.resolve("head1.plain")), Optional.empty());
            var compared = stir.compare(request);
            assertEquals(
                    score(results, "n1", "n2").outcomes().stitching(),
                    compared.aGivenB().outcomes().stitching());
            assertEquals(Optional.empty(), compared.bGivenA().outcomes().stitching());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none.plain   | hidden         | There is no file or folder",
                "head3.plain  | hidden         | differ from the network's at 'block 1/logits' by up to",
                "scalar.plain | hidden         | ends with 1 per input at 'hidden': it needs a vector",
                "mixing.plain | hidden         | mixing.plain is not a function of its input: export it in inference mode",
                "net2.plain   | hidden         | takes inputs of shape 1x4x4, but the layer's values have shape 6",
                "head1.plain  | block 1/logits | takes inputs of shape 6, but the layer's values have shape 3",
                "head1.plain  | \"*\"          | A head belongs to one layer, but 2 layers of",
                "images.npy   | hidden         | No backend recognises"
            })
    void headsThatDoNotFitAreRefusedWithTheirLines(String file, String layer, String sentence) throws IOException {
        try (var checked = check("head: " + file, layer)) {
            var problems = checked.problems().stream().map(Problem::toString).toList();
            assertEquals(1, problems.size(), problems::toString);
            assertTrue(problems.get(0).contains("heads.yaml:5: "), problems.get(0));
            assertTrue(problems.get(0).contains(sentence), problems.get(0));
        }
    }
}
