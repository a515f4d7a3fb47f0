package stir.core.study.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import stir.api.Scale;
import stir.core.Seeded;
import stir.core.io.files.JsonFile;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.PermutationFloor;
import stir.core.math.statistics.Replicates;
import stir.core.score.InputOutcome;
import stir.core.score.InputOutcomes;
import stir.core.score.MeasureScore;
import stir.core.score.Quantity;
import stir.core.score.StudiedLayer;

class ScoreBlockTest {
    /** Returns the text of a block as the folder of a study has it. */
    private static String stored(ScoreBlock block) {
        var writer = JsonFile.writer().withView(Replicates.class).withDefaultPrettyPrinter();
        return JsonFile.text(writer, block);
    }

    @TestFactory
    Stream<DynamicTest> aBlockIsReadAsItWasWritten() {
        return Seeded.tests(60, random -> {
            var block = new ScoreGenerator(random).block();
            var text = stored(block);
            var read = JsonFile.parse(text, ScoreBlock.class);
            assertEquals(block, read);
            assertEquals(text, stored(read));
        });
    }

    private static final StudiedLayer A = new StudiedLayer("a", "1");
    private static final StudiedLayer B = new StudiedLayer("b", "2");

    private static ScoreBlock.Part part(Map<String, MeasureScore> measures, String cacheKey) {
        return new ScoreBlock.Part(
                new ScoreBlock.Place(ScoreBlock.Kind.STIR, B, A, "fast", 1),
                cacheKey,
                measures,
                Optional.empty(),
                Optional.of(new InputOutcomes(
                        List.of(new InputOutcome(
                                OptionalDouble.of(0.5),
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                OptionalDouble.empty())),
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())),
                Map.of(),
                List.of());
    }

    private static MeasureScore stir(double value) {
        return MeasureScore.of(Quantity.STIR, Estimate.of(value));
    }

    @Test
    void classesThatAreNotKnownStayUnknown() throws IOException {
        var block = ScoreBlock.empty("b", "a").with(List.of(part(Map.of("linear-cka", stir(0.25)), "ef")), Map.of());
        var read = JsonFile.parse(stored(block), ScoreBlock.class);
        assertEquals(block, read);
        var outcomes = read.parts().get(0).outcomes().orElseThrow();
        assertEquals(OptionalInt.empty(), outcomes.inputs().get(0).classBefore());
        assertEquals(Optional.empty(), outcomes.classLayer());
    }

    @Test
    void theFloorsOfMeasuresThatComeLaterAreAdded() {
        var floor = new PermutationFloor(0.2, 0.01, 0.001, 1000);
        var other = new PermutationFloor(0.3, 0.02, 0.01, 100);
        var older = Map.of(
                "cca", permuted(0.2).withTest(floor),
                "linear-cka", permuted(0.9).withTest(floor));
        var newer = Map.of(
                "linear-cka", permuted(0.3),
                "pwcca", permuted(0.3).withTest(other));
        assertEquals(
                Map.of(
                        "cca", permuted(0.2).withTest(floor),
                        "linear-cka", permuted(0.3),
                        "pwcca", permuted(0.3).withTest(other)),
                part(older, "ef")
                        .with(part(newer, "ef"), List.of("linear-cka", "cca", "pwcca"))
                        .measures());
    }

    private static MeasureScore permuted(double value) {
        return MeasureScore.of(Quantity.PERMUTATION_FLOOR, Estimate.of(value));
    }

    @Test
    void measuresAreMergedAndStoredValuesStay() {
        var older = part(Map.of("a", stir(1), "c", stir(3)), "ef");
        var newer = part(Map.of("a", stir(9), "b", stir(2)), "ef");
        var merged = older.with(newer, List.of("b", "a")).measures();
        assertEquals(Map.of("a", stir(9), "b", stir(2), "c", stir(3)), merged);
        assertEquals(List.of("b", "a", "c"), List.copyOf(merged.keySet()));
        var ceiling = MeasureScore.of(Quantity.CEILING, Estimate.of(0.9));
        assertEquals(
                stir(1).with(Quantity.CEILING, Estimate.of(0.9)),
                older.with(part(Map.of("a", ceiling), "ef"), List.of("a"))
                        .measures()
                        .get("a"));
    }

    @Test
    void aPartTakesThePlaceOfTheOneWithAnotherCacheKeyAndOthersStay() {
        var machine = Map.of("cpu", "avx2");
        var plain = new ScoreBlock.Part(
                new ScoreBlock.Place(ScoreBlock.Kind.SIMILARITY, B, A, "", 0),
                "01",
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of());
        var older = part(Map.of("a", stir(1)), "02");
        var newer = part(Map.of("a", stir(2)), "03");
        var block = ScoreBlock.empty("b", "a").with(List.of(plain, older), machine);
        assertEquals(Optional.of(older), block.find(older.place(), "02"));
        assertEquals(Optional.empty(), block.find(older.place(), "03"));
        var replaced = block.with(List.of(newer), machine);
        assertEquals(List.of(newer, plain), replaced.parts());
        assertEquals(Optional.of(newer), replaced.find(older.place()));
        assertEquals(List.of(machine), replaced.machines());
        assertEquals(
                2, replaced.with(List.of(), Map.of("cpu", "avx512")).machines().size());
    }

    @Test
    void onlyWhatAStudyContinuesFromHoldsReplicates() {
        var parts = new double[] {0.4, 0.5, 0.6, 0.5, 0.4, 0.6};
        var groups = Replicates.of(Replicates.Scheme.GROUPS, 0.5, parts, 6, 7);
        var score = MeasureScore.of(Quantity.STIR, Estimate.of(groups, Scale.UNIT));
        var block = ScoreBlock.empty("b", "a").with(List.of(part(Map.of("linear-cka", score), "ef")), Map.of());
        assertTrue(stored(block).contains("\"replicates\""), stored(block));
        assertFalse(JsonFile.text(block).contains("\"replicates\""), JsonFile.text(block));
        var read = JsonFile.tree(block).at("/parts/0/measures/linear-cka/stir");
        assertEquals(0.5, read.path("value").asDouble());
        assertEquals(List.of("value", "low", "high", "prediction_low", "prediction_high"), names(read));
    }

    private static List<String> names(JsonNode node) {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void undefinedValuesAreNullWithTheirReason() {
        var node = JsonFile.tree(Estimate.undefined("All rows are alike."));
        assertTrue(node.path("value").isNull());
        assertEquals("All rows are alike.", node.path("undefined").asText());
        assertFalse(node.has("low"));
        assertFalse(JsonFile.tree(Estimate.of(0.5)).has("undefined"));
    }
}
