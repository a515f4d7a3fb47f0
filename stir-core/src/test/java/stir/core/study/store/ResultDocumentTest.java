package stir.core.study.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.core.score.ScoreFixture.PARTLY;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import stir.api.Caution;
import stir.api.Scale;
import stir.core.io.files.JsonFile;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Replicates;
import stir.core.score.DirectedScore;
import stir.core.score.MeasureScore;
import stir.core.score.Quantity;
import stir.core.score.RepeatedScore;
import stir.core.score.ScoreFixture;
import stir.core.score.StudiedLayer;
import stir.core.study.results.BestScores;
import stir.core.study.results.StudyDifferences;
import stir.core.study.results.StudyGroups;
import stir.core.study.results.StudySimilarity;

/** The document of scores. */
class ResultDocumentTest {
    private static final Path STORED = Path.of("src", "test", "resources", "stored", "study");

    private static Estimate estimate(double value, double... parts) {
        return Estimate.of(Replicates.of(Replicates.Scheme.GROUPS, value, parts, parts.length, 7), Scale.UNIT);
    }

    private static DirectedScore score(String target, String reference, Estimate stir) {
        var score = PARTLY.with(Quantity.STIR, stir).p(0.4).corrected(-0.52, 0.41);
        var repeated = RepeatedScore.of(List.of(0.5, 0.6), Scale.UNIT);
        return score.values(score.values().withRepeats(repeated))
                .score(
                        target,
                        reference,
                        Map.of("cca", MeasureScore.of(Quantity.STIR, Estimate.undefined("All rows are alike."))),
                        List.of(Caution.of("near-inputs", Map.of("near_in_percent", 5.0))));
    }

    private static ResultDocument document(List<DirectedScore> scores, List<StudySimilarity> similarities) {
        return ResultDocument.of(
                new StudyFolder(STORED).stored().orElseThrow(),
                scores,
                similarities,
                StudyDifferences.of(scores, Map.of(ScoreFixture.MEASURE, Scale.UNIT)),
                BestScores.of(scores, Map.of(ScoreFixture.MEASURE, Scale.UNIT)),
                StudyGroups.NONE);
    }

    private static ResultDocument document() {
        return document(
                List.of(
                        // The pairs of a study are in the order of their references.
                        score("b", "a", estimate(0.375, 0.4, 0.3, 0.4, 0.4, 0.4, 0.35)),
                        score("a", "b", estimate(0.5, 0.4, 0.5, 0.6, 0.5, 0.4, 0.6))),
                List.of());
    }

    private static List<String> names(JsonNode node) {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void addKeys(JsonNode node, Set<String> keys) {
        names(node).forEach(keys::add);
        node.forEach(part -> addKeys(part, keys));
    }

    @Test
    void keysAreWordsJoinedByUnderscoresExceptTheIdsOfMeasures() {
        var keys = new TreeSet<String>();
        addKeys(JsonFile.tree(document()), keys);
        assertTrue(keys.remove(ScoreFixture.MEASURE));
        for (var key : keys) {
            assertTrue(key.matches("[a-z0-9]+(_[a-z0-9]+)*"), key);
        }
        assertTrue(keys.contains("larger_is_more_similar"));
        assertTrue(keys.contains("other_target_layer"));
    }

    @Test
    void aDirectionHasItsVerdictAndItsValuesByMeasure() {
        var direction = JsonFile.tree(document()).at("/directions/0");
        assertEquals("b", direction.path("target").asText());
        assertEquals("relu", direction.path("reference_layer").asText());
        assertEquals(ScoreFixture.MEASURE, direction.path("measure").asText());
        assertEquals(List.of("cca", ScoreFixture.MEASURE), names(direction.path("measures")));
        var score = direction.path("measures").path(ScoreFixture.MEASURE);
        assertEquals(0.4, score.path("p").asDouble());
        assertEquals(0.99, score.at("/ceiling/value").asDouble());
        assertEquals(0.98, score.at("/ceiling/low").asDouble());
        assertEquals(0.1, score.at("/permutation_floor/value").asDouble());
        assertEquals(0.41, score.at("/corrected/high").asDouble());
        assertEquals(0.01, score.at("/permutation_test/standard_deviation").asDouble());
        assertEquals(1000, score.at("/permutation_test/permutations").asInt());
        assertEquals(0.6, score.at("/repeats/values/1").asDouble());
        assertEquals("fast", direction.at("/search/name").asText());
        assertEquals(1, direction.at("/search/accepted").asDouble());
        assertEquals(0.25, direction.at("/search/threshold").asDouble());
        assertEquals(0.5, direction.at("/search/distance_from_input/mean").asDouble());
        assertEquals(0.25, direction.at("/outcomes/target_moved/mean").asDouble());
        assertEquals(1, direction.at("/outcomes/class_agreement").asDouble());
        assertTrue(direction.at("/cautions/0/text").asText().contains("X' lies within 5 % of X"), direction::toString);
    }

    @Test
    void aVerdictHasItsWordGapReasonAndAdvice() {
        var direction = JsonFile.tree(document()).at("/directions/0");
        var verdict = direction.path("verdict");
        assertEquals(List.of("word", "gap", "reason", "advice"), names(verdict));
        assertEquals("INCONCLUSIVE", verdict.path("word").asText());
        assertEquals("wide_interval", verdict.path("gap").asText());
        assertEquals(
                "the corrected interval [-0.52, 0.41] includes both chance and 0.25",
                verdict.path("reason").asText());
        var advice = verdict.at("/advice/0");
        assertEquals(List.of("kind", "amount", "text"), names(advice));
        assertEquals("more_inputs", advice.path("kind").asText());
        assertEquals(47, advice.path("amount").asDouble()); // 20 (0.465 / 0.305)^2 = 46.5
        assertEquals("about 47 inputs", advice.path("text").asText());
    }

    @Test
    void anUndefinedValueIsNullWithItsReason() {
        var stir = JsonFile.tree(document()).at("/directions/0/measures/cca/stir");
        assertEquals(List.of("value", "undefined"), names(stir));
        assertTrue(stir.path("value").isNull());
        assertEquals("All rows are alike.", stir.path("undefined").asText());
    }

    @Test
    void replicatesAreOnlyInWhatAStudyContinuesFrom() {
        assertFalse(JsonFile.text(document()).contains("replicates"));
        var stored = JsonFile.text(JsonFile.writer().withView(Replicates.class), document());
        assertTrue(stored.contains("\"replicates\""), stored);
    }

    @Test
    void theTargetOfTheFirstStirOfADifferenceIsTheEarlierNetwork() {
        var scores = JsonFile.tree(document());
        var difference = scores.at("/differences/0");
        assertEquals(1, scores.path("differences").size());
        assertEquals("a", difference.path("target").asText());
        assertEquals("b", difference.path("other_target").asText());
        assertEquals(0.125, difference.path("difference").asDouble());
        assertTrue(difference.path("low").isNumber(), difference::toString);
        assertTrue(difference.path("p_corrected").isNumber(), difference::toString);
        assertTrue(difference.path("paired").asBoolean(), difference::toString);
        assertEquals(0, scores.path("differences_left_out").asInt());
    }

    @Test
    void similaritiesAreThereOnlyWithoutASearch() {
        assertFalse(JsonFile.tree(document()).has("similarities"));
        var a = new StudiedLayer("a", "relu");
        var b = new StudiedLayer("b", "relu");
        var similarity = new StudySimilarity(
                a, b, Map.of("linear-cka", MeasureScore.of(Quantity.SIMILARITY, Estimate.of(0.3))), List.of());
        var document = JsonFile.tree(document(List.of(), List.of(similarity)));
        var written = document.at("/similarities/0");
        assertEquals("a", written.path("target").asText());
        assertEquals("relu", written.path("reference_layer").asText());
        assertEquals(0.3, written.at("/measures/linear-cka/similarity/value").asDouble());
        assertEquals(0, document.path("directions").size());
    }

    @Test
    void aStudyOfTwoLayersIsAScore() {
        assertEquals("stir-matrix/2", document().schema());
        var plan = new StudyFolder(STORED).stored().orElseThrow();
        var pairs = plan.pairs().stream()
                .filter(pair -> !pair.equals(pair.turned()))
                .toList();
        var two = new PlanDocument(
                plan.schema(),
                plan.about(),
                plan.command(),
                plan.versions(),
                plan.models(),
                plan.inputs(),
                plan.measures(),
                plan.settings(),
                pairs,
                List.of(),
                Map.of());
        assertEquals(2, pairs.size());
        var scores = List.<DirectedScore>of();
        var none = StudyDifferences.of(scores, Map.of());
        var best = BestScores.of(scores, Map.of());
        assertEquals(
                "stir-score/3",
                ResultDocument.of(two, scores, List.of(), none, best, StudyGroups.NONE)
                        .schema());
    }
}
