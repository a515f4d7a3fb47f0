package stir.core.study.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import stir.api.Caution;
import stir.api.Scale;
import stir.core.math.statistics.Estimate;
import stir.core.score.InputOutcomes;
import stir.core.score.MeasureScore;
import stir.core.score.Quantity;
import stir.core.score.ScoreFixture;
import stir.core.score.StudiedLayer;
import stir.core.score.Values;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.SearchRun;

class AssemblyTest {
    private static final StudiedLayer A = new StudiedLayer("a", "relu");
    private static final StudiedLayer B = new StudiedLayer("b", "relu");

    @Test
    void cautionsOfMeasuresThatAreNotAskedForAreLeftOutWhateverTheySay() {
        var general = Caution.of(" cca: few", Map.of("models", "cca: x"));
        var asked = general.about("linear-cka");
        var other = Caution.of("linear-cka: few", Map.of()).about("cca");
        var value = MeasureScore.of(Quantity.SIMILARITY, Estimate.of(0.5));
        var part = new ScoreBlock.Part(
                new ScoreBlock.Place(ScoreBlock.Kind.SIMILARITY, A, B, "", 0),
                "0".repeat(64),
                Map.of("linear-cka", value, "cca", value),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(general, asked, other));
        var block = ScoreBlock.empty("a", "b").with(List.of(part), Map.of());
        var assembly = new Assembly(Map.of("linear-cka", Scale.UNIT), (target, reference) -> block);
        var similarity = assembly.similarity(new PlannedPair(B, A)).orElseThrow();
        assertEquals(List.of(general, asked), similarity.cautions());
        assertEquals(Map.of("linear-cka", value), similarity.measures());
    }

    @Test
    void onlyTheMeasureThatDecidesIsComparedWithTheInputsWhateverAnEarlierStudyStored() {
        var similarity =
                MeasureScore.of(Quantity.INPUT_SIMILARITY, Estimate.of(0.5)).with(Quantity.CEILING, Estimate.of(0.9));
        var block = ScoreBlock.empty("a", "a")
                .with(
                        List.of(
                                part(ScoreBlock.Kind.CEILING, Map.of("cca", similarity, "pwcca", similarity)),
                                part(ScoreBlock.Kind.STIR, Map.of("cca", STIR, "pwcca", STIR))),
                        Map.of());
        for (var deciding : List.of("cca", "pwcca")) {
            var scales = new LinkedHashMap<String, Scale>();
            scales.put(deciding, Scale.UNIT);
            scales.put("cca", Scale.UNIT);
            scales.put("pwcca", Scale.UNIT);
            var assembly = new Assembly(scales, (target, reference) -> block);
            var search = ScoreFixture.PARTLY.search();
            var score = assembly.score(
                            new PlannedPair(A, A), new SearchRun("fast", 1, search.settings()), search.inversion())
                    .orElseThrow();
            assertEquals(deciding, score.measure());
            assertEquals(
                    List.of(deciding),
                    List.copyOf(Values.all(score, Quantity.INPUT_SIMILARITY).keySet()));
            assertEquals(2, Values.all(score, Quantity.CEILING).size());
        }
    }

    private static final MeasureScore STIR = MeasureScore.of(Quantity.STIR, Estimate.of(0.7));

    private static ScoreBlock.Part part(ScoreBlock.Kind kind, Map<String, MeasureScore> measures) {
        return new ScoreBlock.Part(
                new ScoreBlock.Place(kind, A, A, "fast", 1),
                "0".repeat(64),
                measures,
                Optional.empty(),
                Optional.of(new InputOutcomes(
                        List.of(), Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty())),
                Map.of(),
                List.of());
    }

    @Test
    void cautionsOfTwoRunsAreMergedByValue() {
        var stored = Caution.of("few", Map.of("inputs", 4));
        var other = stored.about("cca");
        assertEquals(
                List.of(stored, other),
                ScoreBlock.merged(List.of(stored), List.of(Caution.of("few", Map.of("inputs", 4L)), other)));
    }
}
