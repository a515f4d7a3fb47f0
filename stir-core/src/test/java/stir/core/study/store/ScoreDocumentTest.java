package stir.core.study.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;

import stir.api.Caution;
import stir.core.io.files.JsonFile;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;
import stir.core.math.statistics.PermutationFloor;
import stir.core.math.statistics.Quantiles;
import stir.core.math.statistics.Replicates;
import stir.core.score.Acceptance;
import stir.core.score.ConvergedScore;
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

class ScoreDocumentTest {
    @Provide
    Arbitrary<Estimate> estimates() {
        var numbers = Arbitraries.doubles();
        var intervals =
                Combinators.combine(numbers, numbers)
                        .as((a, b) -> new Interval(Math.min(a, b), Math.max(a, b), Estimate.LEVEL))
                        .optional();
        var groups =
                Combinators.combine(
                                numbers,
                                Arbitraries.of(Replicates.Scheme.class),
                                numbers.array(double[].class).ofSize(6),
                                Arbitraries.longs())
                        .as(
                                (value, scheme, parts, seed) ->
                                        Replicates.of(scheme, value, parts, 12, seed));
        return Arbitraries.oneOf(
                Combinators.combine(numbers, intervals).as(Estimate::of),
                groups.map(
                        all ->
                                new Estimate(
                                        OptionalDouble.of(all.value()),
                                        Optional.empty(),
                                        Optional.of(new Interval(0.1, 0.5, Estimate.LEVEL)),
                                        Optional.of(all),
                                        Optional.empty())),
                Arbitraries.of("All rows are \"alike\".", "Zu wenige, 層").map(Estimate::undefined));
    }

    @Provide
    Arbitrary<Map<String, Estimate>> values() {
        return Arbitraries.maps(
                        Arbitraries.of("linear-cka", "svcca?variance=0.9", "procrustes"),
                        estimates())
                .ofMaxSize(3);
    }

    private static Arbitrary<StudiedLayer> layers() {
        return Arbitraries.of(
                new StudiedLayer("a", "relu2"),
                new StudiedLayer("b.2", "block 1/conv"),
                new StudiedLayer("c", "層\"\\"));
    }

    private static Arbitrary<InputOutcomes> outcomes() {
        var classes = Arbitraries.integers().between(0, 9);
        var outcome =
                Combinators.combine(Arbitraries.doubles().between(0, 1e9).optional(), classes)
                        .as(
                                (moved, predicted) ->
                                        new InputOutcome(
                                                moved.map(OptionalDouble::of)
                                                        .orElse(OptionalDouble.empty()),
                                                OptionalInt.of(predicted),
                                                OptionalInt.of(9 - predicted)));
        return outcome.list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(all -> new InputOutcomes(all, Optional.of("logits")));
    }

    private static Arbitrary<Optional<Acceptance>> acceptances() {
        var quantiles =
                Arbitraries.doubles()
                        .between(0, 1e9)
                        .array(double[].class)
                        .ofMinSize(1)
                        .ofMaxSize(9)
                        .map(values -> Quantiles.of(values).orElseThrow());
        var classes = Arbitraries.integers().between(0, 9).optional();
        var outcomes =
                Combinators.combine(
                                Arbitraries.of(true, false),
                                Arbitraries.doubles().between(-1, 1).optional(),
                                classes,
                                classes)
                        .as(
                                (accepted, correlation, before, after) ->
                                        new Acceptance.Outcome(
                                                accepted,
                                                correlation
                                                        .map(OptionalDouble::of)
                                                        .orElse(OptionalDouble.empty()),
                                                before.map(OptionalInt::of)
                                                        .orElse(OptionalInt.empty()),
                                                after.map(OptionalInt::of)
                                                        .orElse(OptionalInt.empty())))
                        .list()
                        .ofMinSize(1)
                        .ofMaxSize(5);
        var different =
                Combinators.combine(quantiles, quantiles.optional(), quantiles.optional())
                        .as(
                                (distance, correlation, sameClass) ->
                                        new Acceptance.DifferentInputs(
                                                5, 20, distance, correlation, sameClass));
        return Combinators.combine(
                        different,
                        Arbitraries.doubles(),
                        Arbitraries.of("logits", "head").optional(),
                        outcomes)
                .as(Acceptance::new)
                .optional();
    }

    @Property(tries = 20)
    void aDocumentOfAllInputsTogetherHasNoAcceptanceOfEach(
            @ForAll("acceptance") Acceptance acceptance) {
        assertEquals(Optional.of(acceptance), AcceptanceDocument.of(acceptance).acceptance());
        assertEquals(Optional.empty(), AcceptanceDocument.ofAll(acceptance).acceptance());
    }

    @Provide
    Arbitrary<Acceptance> acceptance() {
        return acceptances().filter(Optional::isPresent).map(Optional::orElseThrow);
    }

    @Provide
    Arbitrary<ScoreBlock> blocks() {
        var hashes = Arbitraries.of("0".repeat(64), "ab".repeat(32));
        var searches = Arbitraries.of("reference", "fast");
        var repeats = Arbitraries.integers().between(1, 3);
        var cautions =
                Arbitraries.of(
                                Caution.of(
                                        "few-inputs",
                                        Map.of("inputs", 4, "share", 2.0, "large", Long.MAX_VALUE)),
                                Caution.of(
                                                "\"quoted\"",
                                                Map.of("models", "a, \"b\"", "x", Double.NaN))
                                        .about("svcca?variance=0.9"))
                        .list()
                        .ofMaxSize(2);
        var similarities =
                Combinators.combine(layers(), layers(), hashes, values(), cautions)
                        .as(ScoreBlock.Similarity::new)
                        .list()
                        .ofMaxSize(2);
        var baselines =
                Combinators.combine(
                                layers(),
                                searches,
                                repeats,
                                hashes,
                                values(),
                                values(),
                                acceptances())
                        .as(ScoreBlock.Baseline::new)
                        .list()
                        .ofMaxSize(2);
        var converged =
                Combinators.combine(
                                Arbitraries.doubles().between(0, 1),
                                Arbitraries.integers().between(1, 9),
                                values())
                        .as(ConvergedScore::new)
                        .optional();
        var permutations =
                Combinators.combine(
                                Arbitraries.doubles(),
                                Arbitraries.doubles().between(0, 1),
                                Arbitraries.integers().between(2, 1000))
                        .as((mean, some, count) -> new PermutationFloor(mean, some, some, count));
        var shuffled =
                Combinators.combine(
                                values(),
                                Arbitraries.maps(
                                                Arbitraries.of("linear-cka", "procrustes"),
                                                permutations)
                                        .ofMaxSize(2))
                        .as(ShuffledFloors::new);
        var found = Combinators.combine(values(), shuffled, converged, outcomes(), cautions);
        var scores =
                found.as(
                                (stir, floor, some, outcomes, sentences) ->
                                        new ScoreBlock.Score(
                                                new StudiedLayer("a", "relu2"),
                                                new StudiedLayer("b.2", "block 1/conv"),
                                                "fast",
                                                2,
                                                Long.MIN_VALUE,
                                                "cd".repeat(32),
                                                stir,
                                                floor,
                                                some,
                                                outcomes,
                                                sentences))
                        .list()
                        .ofMaxSize(2);
        var machines =
                Arbitraries.of(
                        List.<Map<String, String>>of(),
                        List.of(Map.of("cpu", "avx2"), Map.of("cpu", "avx512", "java", "17")));
        return Combinators.combine(machines, similarities, baselines, baselines, scores)
                .as(
                        (facts, plain, ceilings, floors, all) ->
                                new ScoreBlock("b.2", "a", facts, plain, ceilings, floors, all));
    }

    @Property(tries = 60)
    void aBlockIsReadAsItWasWritten(@ForAll("blocks") ScoreBlock block) throws IOException {
        var text = JsonFile.text(ScoreDocument.of(block));
        var read = JsonFile.parse(text, ScoreDocument.class).block();
        assertEquals(block, read);
        assertEquals(text, JsonFile.text(ScoreDocument.of(read)));
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
