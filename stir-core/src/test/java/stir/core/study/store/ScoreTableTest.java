package stir.core.study.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static stir.core.score.ScoreFixture.PARTLY;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import stir.api.Scale;
import stir.core.io.files.Table;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;
import stir.core.math.statistics.PermutationFloor;
import stir.core.math.statistics.Replicates;
import stir.core.score.DirectedScore;
import stir.core.score.MeasureScore;
import stir.core.score.Quantity;
import stir.core.score.ScoreFixture;
import stir.core.score.StudiedLayer;
import stir.core.study.results.StudySimilarity;

class ScoreTableTest {
    private static final List<String> COLUMNS = List.of(
            "target",
            "target_layer",
            "reference",
            "reference_layer",
            "search",
            "repeat",
            "measure",
            "verdict",
            "gap",
            "reason",
            "stir",
            "low",
            "high",
            "prediction_low",
            "prediction_high",
            "p",
            "p_corrected",
            "p_max",
            "floor",
            "similarity",
            "similarity_low",
            "similarity_high",
            "ceiling",
            "seed_floor",
            "permutation_floor",
            "input_similarity",
            "corrected",
            "corrected_low",
            "corrected_high",
            "converged_only",
            "shared_metamers",
            "shared_metamers_low",
            "shared_metamers_high",
            "shared_metamers_floor",
            "target_moved",
            "target_moved_in_units",
            "inputs",
            "accepted",
            "converged",
            "residual",
            "distance_from_input",
            "moved");

    private static final double[] PARTS = {0.4, 0.5, 0.6, 0.5, 0.4, 0.6};
    private static final Estimate WITH_INTERVALS =
            Estimate.of(Replicates.of(Replicates.Scheme.GROUPS, 0.5, PARTS, PARTS.length, 7), Scale.UNIT);

    /** A distance, of which less is more similar. */
    private static final MeasureScore DISTANCE = MeasureScore.of(Quantity.STIR, Estimate.of(0.2))
            .with(Quantity.SEED_FLOOR, Estimate.of(0.7))
            .with(Quantity.PERMUTATION_FLOOR, Estimate.of(0.6))
            .withTest(new PermutationFloor(0.6, 0.1, 0.25, 200))
            .with(Quantity.CONVERGED_ONLY, Estimate.undefined("All rows are alike."));

    private static final Map<String, Scale> SCALES = scales();

    private static Map<String, Scale> scales() {
        var scales = new LinkedHashMap<String, Scale>();
        scales.put("distance", Scale.distance(2));
        scales.put(ScoreFixture.MEASURE, Scale.UNIT);
        return scales;
    }

    private static DirectedScore score(String target, String reference) {
        return PARTLY.with(Quantity.STIR, WITH_INTERVALS)
                .with(Quantity.SIMILARITY, ScoreFixture.estimate(0.3, 0.2, 0.4))
                .with(Quantity.SEED_FLOOR, Estimate.of(0.15))
                .with(Quantity.INPUT_SIMILARITY, Estimate.of(0.25))
                .score(target, reference, Map.of("distance", DISTANCE), List.of());
    }

    private static Map<String, String> row(List<List<String>> table, int number) {
        var row = new LinkedHashMap<String, String>();
        for (int i = 0; i < COLUMNS.size(); i++) {
            row.put(table.get(0).get(i), table.get(number).get(i));
        }
        return row;
    }

    private static List<List<String>> table(List<DirectedScore> scores, List<StudySimilarity> similarities) {
        return Table.parse(ScoreTable.of(scores, similarities, SCALES).csv());
    }

    @Test
    void columnsHaveTheseNamesInThisOrder() {
        assertEquals(COLUMNS, ScoreTable.of(List.of(), List.of(), SCALES).names());
        for (var quantity : Quantity.values()) {
            assertEquals(1, COLUMNS.stream().filter(quantity.key()::equals).count());
        }
    }

    @Test
    void aScoreHasARowPerMeasure() {
        var table = table(List.of(score("a", "b"), score("b", "a")), List.of());
        assertEquals(COLUMNS, table.get(0));
        assertEquals(1 + 2 * 2, table.size());
        assertEquals(
                List.of("a distance", "a " + ScoreFixture.MEASURE, "b distance"),
                List.of(1, 2, 3).stream()
                        .map(number -> row(table, number))
                        .map(row -> row.get("target") + " " + row.get("measure"))
                        .toList());
    }

    @Test
    void everyValueIsUnderItsName() {
        var table = table(List.of(score("a", "b")), List.of());
        var interval = WITH_INTERVALS.interval().orElseThrow();
        var prediction = WITH_INTERVALS.prediction().orElseThrow();
        var expected = new LinkedHashMap<String, Object>();
        expected.put("target", "a");
        expected.put("target_layer", "relu");
        expected.put("reference", "b");
        expected.put("reference_layer", "relu");
        expected.put("search", "fast");
        expected.put("repeat", 1);
        expected.put("measure", ScoreFixture.MEASURE);
        expected.put("verdict", "INCONCLUSIVE");
        expected.put("gap", "near_inputs");
        expected.put("reason", "not clearly more similar than X and X' themselves, S(X, X') 0.25");
        expected.put("stir", 0.5);
        expected.put("low", interval.low());
        expected.put("high", interval.high());
        expected.put("prediction_low", prediction.low());
        expected.put("prediction_high", prediction.high());
        expected.put("p", 0.001);
        expected.put("p_corrected", "");
        expected.put("p_max", "");
        expected.put("floor", 0.15);
        expected.put("similarity", 0.3);
        expected.put("similarity_low", 0.2);
        expected.put("similarity_high", 0.4);
        expected.put("ceiling", 0.99);
        expected.put("seed_floor", 0.15);
        expected.put("permutation_floor", 0.1);
        expected.put("input_similarity", 0.25);
        expected.put("corrected", 0.5);
        expected.put("corrected_low", 0.4);
        expected.put("corrected_high", 0.6);
        expected.put("converged_only", "");
        expected.put("shared_metamers", 1.0);
        expected.put("shared_metamers_low", Interval.ofShare(1, 1).low());
        expected.put("shared_metamers_high", 1.0);
        expected.put("shared_metamers_floor", 0.05);
        expected.put("target_moved", 0.25);
        expected.put("target_moved_in_units", 0.5);
        expected.put("inputs", 20);
        expected.put("accepted", 1.0);
        expected.put("converged", 1.0);
        expected.put("residual", 0.0);
        expected.put("distance_from_input", 0.5);
        expected.put("moved", 0.8);
        assertEquals(COLUMNS, List.copyOf(expected.keySet()));
        expected.forEach(
                (name, value) -> assertEquals(value.toString(), row(table, 2).get(name), name));
    }

    @Test
    void valuesThatAreUnknownOrUndefinedAreEmptyAndDistancesHaveTheSmallerFloor() {
        var row = row(table(List.of(score("a", "b")), List.of()), 1);
        assertEquals("0.6", row.get("floor"));
        assertEquals("0.25", row.get("p"));
        assertEquals("0.2", row.get("stir"));
        for (var name : List.of("low", "high", "prediction_low", "ceiling", "corrected_low", "verdict")) {
            assertEquals("", row.get(name), name);
        }
        assertEquals("", row.get("converged_only"));
        assertEquals("20", row.get("inputs"));
    }

    @Test
    void ofAStudyWithoutASearchTheSimilaritiesAreTheRows() {
        var a = new StudiedLayer("a", "relu");
        var b = new StudiedLayer("b", "relu");
        var similarity = new StudySimilarity(
                a,
                b,
                Map.of("linear-cka", MeasureScore.of(Quantity.SIMILARITY, ScoreFixture.estimate(0.3, 0.2, 0.4))),
                List.of());
        var table = table(List.of(), List.of(similarity, similarity));
        assertEquals(1 + 2, table.size());
        var row = row(table, 1);
        var given = Map.of(
                "target", "a",
                "target_layer", "relu",
                "reference", "b",
                "reference_layer", "relu",
                "measure", "linear-cka",
                "similarity", "0.3",
                "similarity_low", "0.2",
                "similarity_high", "0.4");
        row.forEach((name, value) -> assertEquals(given.getOrDefault(name, ""), value, name));
        assertEquals(
                table(List.of(score("a", "b")), List.of()),
                table(List.of(score("a", "b")), List.of(similarity)),
                "scores hold the similarities of their pairs");
    }
}
