package stir.core.study.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import stir.api.Caution;
import stir.api.Scale;
import stir.core.math.statistics.Estimate;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.StudiedLayer;

import java.util.List;
import java.util.Map;

class AssemblyTest {
    private static final StudiedLayer A = new StudiedLayer("a", "relu");
    private static final StudiedLayer B = new StudiedLayer("b", "relu");

    @Test
    void cautionsOfMeasuresThatAreNotAskedForAreLeftOutWhateverTheySay() {
        var general = Caution.of(" cca: few", Map.of("models", "cca: x"));
        var asked = general.about("linear-cka");
        var other = Caution.of("linear-cka: few", Map.of()).about("cca");
        var block =
                new ScoreBlock(
                        "a",
                        "b",
                        List.of(),
                        List.of(
                                new ScoreBlock.Similarity(
                                        B,
                                        A,
                                        "0".repeat(64),
                                        Map.of(
                                                "linear-cka",
                                                Estimate.of(0.5),
                                                "cca",
                                                Estimate.of(0.5)),
                                        List.of(general, asked, other))),
                        List.of(),
                        List.of(),
                        List.of());
        var assembly = new Assembly(Map.of("linear-cka", Scale.UNIT), (target, reference) -> block);
        assertEquals(
                List.of(general, asked),
                assembly.similarity(new PlannedPair(B, A)).orElseThrow().cautions());
    }

    @Test
    void cautionsOfTwoRunsAreMergedByValue() {
        var stored = Caution.of("few", Map.of("inputs", 4));
        var other = stored.about("cca");
        assertEquals(
                List.of(stored, other),
                ScoreBlock.merged(
                        List.of(stored), List.of(Caution.of("few", Map.of("inputs", 4L)), other)));
    }
}
