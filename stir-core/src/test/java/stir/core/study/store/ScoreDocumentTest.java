package stir.core.study.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import stir.core.Seeded;
import stir.core.io.files.JsonFile;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.PermutationFloor;
import stir.core.score.InputOutcome;
import stir.core.score.InputOutcomes;
import stir.core.score.compute.ShuffledFloors;
import stir.core.study.plan.StudiedLayer;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

class ScoreDocumentTest {
    @TestFactory
    Stream<DynamicTest> aDocumentOfAllInputsTogetherHasNoAcceptanceOfEach() {
        return Seeded.tests(
                20,
                random -> {
                    var acceptance = new ScoreGenerator(random).acceptance();
                    assertEquals(
                            Optional.of(acceptance),
                            AcceptanceDocument.of(acceptance).acceptance());
                    assertEquals(
                            Optional.empty(), AcceptanceDocument.ofAll(acceptance).acceptance());
                });
    }

    @TestFactory
    Stream<DynamicTest> aBlockIsReadAsItWasWritten() {
        return Seeded.tests(
                60,
                random -> {
                    var block = new ScoreGenerator(random).block();
                    var text = JsonFile.text(ScoreDocument.of(block));
                    var read = JsonFile.parse(text, ScoreDocument.class).block();
                    assertEquals(block, read);
                    assertEquals(text, JsonFile.text(ScoreDocument.of(read)));
                });
    }

    @Test
    void classesThatAreNotKnownStayUnknown() throws IOException {
        var score =
                new ScoreBlock.Score(
                        new StudiedLayer("a", "1"),
                        new StudiedLayer("b", "2"),
                        "fast",
                        1,
                        7,
                        "ef".repeat(32),
                        Map.of("linear-cka", Estimate.of(0.25)),
                        new ShuffledFloors(Map.of(), Map.of()),
                        Optional.empty(),
                        new InputOutcomes(
                                List.of(
                                        new InputOutcome(
                                                OptionalDouble.of(0.5),
                                                OptionalInt.empty(),
                                                OptionalInt.empty())),
                                Optional.empty()),
                        List.of());
        var block =
                new ScoreBlock(
                        "b", "a", List.of(), List.of(), List.of(), List.of(), List.of(score));
        var text = JsonFile.text(ScoreDocument.of(block));
        assertEquals(block, JsonFile.parse(text, ScoreDocument.class).block());
    }

    @Test
    void theFloorsOfMeasuresThatComeLaterAreAdded() {
        var floor = new PermutationFloor(0.2, 0.01, 0.001, 1000);
        var other = new PermutationFloor(0.3, 0.02, 0.01, 100);
        var older =
                new ShuffledFloors(
                        Map.of("cca", Estimate.of(0.2), "linear-cka", Estimate.of(0.9)),
                        Map.of("cca", floor, "linear-cka", floor));
        var newer =
                new ShuffledFloors(
                        Map.of("linear-cka", Estimate.of(0.3), "pwcca", Estimate.of(0.3)),
                        Map.of("pwcca", other));
        assertEquals(
                new ShuffledFloors(
                        Map.of(
                                "cca",
                                Estimate.of(0.2),
                                "linear-cka",
                                Estimate.of(0.3),
                                "pwcca",
                                Estimate.of(0.3)),
                        Map.of("cca", floor, "pwcca", other)),
                ScoreBlock.merged(List.of("linear-cka", "cca", "pwcca"), older, newer));
    }

    @Test
    void whatIsNotDefinedIsNullWithItsReason() {
        var node = JsonFile.tree(EstimateDocument.of(Estimate.undefined("All rows are alike.")));
        assertTrue(node.path("value").isNull());
        assertEquals("All rows are alike.", node.path("undefined").asText());
        assertFalse(node.has("ci"));
        assertFalse(JsonFile.tree(EstimateDocument.of(Estimate.of(0.5))).has("undefined"));
    }

    @Test
    void measuresAreMergedAndStoredValuesStay() {
        var older = Map.of("a", Estimate.of(1), "c", Estimate.of(3));
        var newer = Map.of("a", Estimate.of(9), "b", Estimate.of(2));
        var merged = ScoreBlock.merged(List.of("b", "a"), older, newer);
        assertEquals(Map.of("a", Estimate.of(9), "b", Estimate.of(2), "c", Estimate.of(3)), merged);
        assertEquals(List.of("b", "a", "c"), List.copyOf(merged.keySet()));
    }
}
