package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.score.DirectedScore;
import stir.core.score.StudiedLayer;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.Problem;
import stir.core.study.results.StudyResults;

/** Experiments with lists of references. */
class SeveralReferencesStudyTest {
    private static final StudiedLayer HELD_OUT = new StudiedLayer("n3", "hidden");
    private static final StudiedLayer BOTH = new StudiedLayer("n1+n2", "hidden");

    @TempDir
    Path folder;

    private StudyFixture study = new StudyFixture(Path.of(""));

    @BeforeEach
    void files() throws IOException {
        study = StudyFixture.in(folder, 12);
    }

    private CheckedExperiment check(String pairs, String search) throws IOException {
        var text = """
                models:
                  - {name: n1, file: net1.plain, layers: [hidden]}
                  - {name: n2, file: net2.plain, layers: [hidden]}
                  - {name: n3, file: net3.plain}
                inputs: images.npy
                search: %s
                pairs:
                %s
                """.formatted(search, pairs.indent(2));
        return Stir.load().check(ExperimentFile.read(Files.writeString(folder.resolve("refs.yaml"), text)));
    }

    private StudyResults run(String pairs, String out) throws IOException {
        try (var checked = check(pairs, "{optimizer: fast, iterations: 60}")) {
            return checked.study().run(folder.resolve(out), RunOptions.DEFAULT, StudyListener.SILENT);
        }
    }

    private static DirectedScore score(StudyResults results, StudiedLayer target, StudiedLayer of) {
        return results.scores().stream()
                .filter(score ->
                        score.target().equals(target) && score.reference().equals(of))
                .findFirst()
                .orElseThrow();
    }

    private static double moved(StudyResults results, String target) {
        var score = score(results, new StudiedLayer(target, "hidden"), BOTH);
        return score.outcomes().targetMoved().orElseThrow().mean();
    }

    @Test
    void aListOfReferencesIsMatchedTogetherAndIsNotATarget() throws IOException {
        var results = run("""
                        - {reference: [n1, n2], target: "*"}
                        - {reference: n1, target: "*"}
                        """, "both");
        var targets = results.scores().stream()
                .filter(score -> score.reference().equals(BOTH))
                .map(score -> score.target().model())
                .toList();
        assertEquals(List.of("n1", "n2", "n3"), targets);
        assertTrue(moved(results, "n1") < 0.05, "n1 is not matched");
        assertTrue(moved(results, "n2") < 0.05, "n2 is not matched");
        assertTrue(moved(results, "n3") > 0.2, "n3 is matched without being asked");
        var alone = score(results, new StudiedLayer("n2", "hidden"), new StudiedLayer("n1", "hidden"));
        assertTrue(alone.outcomes().targetMoved().orElseThrow().mean() > 0.2, "n1 alone matches n2");
        assertFalse(score(results, HELD_OUT, BOTH).search().acceptance().isPresent());
        for (var score : results.scores()) {
            assertEquals(
                    score.reference().equals(BOTH) && !score.target().equals(HELD_OUT),
                    score.cautions().stream().anyMatch(caution -> caution.kind().equals("matched-target")),
                    score.target() + " given " + score.reference());
        }
        var document = Files.readString(folder.resolve("both/study.json"));
        assertTrue(document.contains("\"references\""), document);
        var again = run("- {reference: [n1, n2], target: n3}", "both");
        assertEquals(1, again.work().inversionsReused());
    }

    @Test
    void theFilesWeightsAndLayersOfReferencesAreOfTheSearchesIdentity() throws IOException {
        run("- {reference: [n1, n2], target: n3}", "kept");
        var equal = "- {reference: [n1, n2], reference-weights: [2, 2], target: n3}";
        assertEquals(1, run(equal, "kept").work().inversionsReused());
        for (var other : List.of(
                "- {reference: [n1, n2], reference-weights: [1, 2], target: n3}",
                "- {reference: [n1, n2], reference-layer: [hidden, block 1/logits], target: n3}")) {
            refusesToContinue(other);
        }
        study.network(2, 7);
        refusesToContinue("- {reference: [n1, n2], target: n3}");
    }

    @Test
    void aSearchWithOtherWeightsIsNotReusedWhereResultsAreReplaced() throws IOException {
        run("- {reference: [n1, n2], target: n3}", "replaced");
        var other = "- {reference: [n1, n2], reference-weights: [1, 3], target: n3}";
        try (var checked = check(other, "{optimizer: fast, iterations: 60}")) {
            var options = RunOptions.DEFAULT.replacing(true);
            var results = checked.study().run(folder.resolve("replaced"), options, StudyListener.SILENT);
            assertEquals(0, results.work().inversionsReused());
            assertEquals(1, results.work().inversions());
        }
    }

    private void refusesToContinue(String pairs) {
        var refusal = assertThrows(UsageException.class, () -> run(pairs, "kept"));
        assertTrue(refusal.getMessage().contains("n1+n2: references was "), refusal.getMessage());
    }

    @Test
    void listsThatCannotBeMatchedAreRefusedWithTheirLines() throws IOException {
        refuses("[n1, n1], target: n3", "A list of references names two or more, each once.");
        refuses("[n1, n9], target: n3", "There is no model 'n9'");
        refuses("[n1, n2], reference-weights: [1], target: n3", "There are 1 weights for 2 references");
        refuses(
                "[n1, n2], reference-weights: [1, 0], target: n3",
                "The weight of the reference net2.plain must be above 0, not 0.0.");
        refuses("[n1, n2], reference-layer: [hidden], target: n3", "There are 1 layers for 2");
        refuses("[n1, n2], reference-layer: [hidden, none], target: n3", "There is no layer 'none'");
        refuses("n1, reference-weights: [1, 2], target: n3", "'reference-weights' require a list");
        refuses("[n1, n2], target: n3", "none", "Several references require a search");
        refuses(
                "[n1, n2], target: n3",
                "{optimizer: candidates}",
                "The optimiser candidates supports only one reference");
    }

    private void refuses(String pair, String sentence) throws IOException {
        refuses(pair, "{optimizer: fast, iterations: 5}", sentence);
    }

    private void refuses(String pair, String search, String sentence) throws IOException {
        try (var checked = check("- {reference: " + pair + "}", search)) {
            var problems = checked.problems().stream()
                    .map(Problem::toString)
                    .map(line -> line.replace(folder + "/", ""))
                    .toList();
            assertEquals(1, problems.size(), problems::toString);
            assertTrue(problems.get(0).startsWith("refs.yaml:8: "), problems.get(0));
            assertTrue(problems.get(0).contains(sentence), problems.get(0));
        }
    }
}
