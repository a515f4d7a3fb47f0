package stir.core.score.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import stir.api.Caution;
import stir.api.Layout;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.search.MapNetwork;
import stir.core.inversion.search.SearchFixture;
import stir.core.math.statistics.Estimate;
import stir.core.measure.LinearCka;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.representation.RepresentationReduction;
import stir.core.score.Quantity;
import stir.core.score.ScoreSettings;
import stir.core.score.Values;
import stir.core.study.results.Comparison;

/** What measures see of representations with positions. */
class ScoreReductionTest {
    private static final Shape PIXELS = Shape.of(1, 4, 4);
    private static final SearchFixture.Noise INPUTS = new SearchFixture.Noise(20, PIXELS);

    /** The representation of {@link MapNetwork}: two channels of 2 x 2 pixels. */
    private static final Shape MAP = Shape.of(2, 2, 2);

    private static Comparison compare(RepresentationReduction reduction, Shape ofB) {
        var settings = ScoreSettings.PUBLISHED
                .withInversion(InversionSettings.PUBLISHED.withIterations(20))
                .withReduction(reduction);
        var spec = NetworkSpec.of(Path.of("map")).withBatchSize(6);
        return Stir.load()
                .compare(
                        Network.of("a", "", "test", new MapNetwork(1, PIXELS, MAP), spec),
                        Network.of("b", "", "test", new MapNetwork(2, PIXELS, ofB), spec),
                        INPUTS,
                        settings);
    }

    private static Estimate stir(Comparison comparison) {
        return Values.get(comparison.aGivenB(), "linear-cka", Quantity.STIR);
    }

    @Test
    void measuresSeeTheReducedRepresentations() {
        for (var reduction : new RepresentationReduction[] {
            RepresentationReduction.FLATTEN, RepresentationReduction.SPATIAL_MEAN, RepresentationReduction.PER_POSITION
        }) {
            var comparison = compare(reduction, MAP);
            var score = comparison.aGivenB();
            var model = new MapNetwork(1, PIXELS, MAP);
            var before = model.represent(INPUTS.read(0, INPUTS.count()));
            var after = model.represent(score.inversion().invariantInputs().read(0, INPUTS.count()));
            assertEquals(
                    new LinearCka()
                            .compare(
                                    reduction.apply(before, Layout.CHANNELS_FIRST),
                                    reduction.apply(after, Layout.CHANNELS_FIRST)),
                    stir(comparison).value().orElseThrow(),
                    1e-12,
                    reduction.word());
        }
    }

    @Test
    void theSearchIsTheSame() {
        var flat = compare(RepresentationReduction.FLATTEN, MAP);
        var mean = compare(RepresentationReduction.SPATIAL_MEAN, MAP);
        assertEquals(
                flat.aGivenB().inversion().meanResidual(),
                mean.aGivenB().inversion().meanResidual());
        assertNotEquals(stir(flat).value(), stir(mean).value());
    }

    @Test
    void positionsOfAnInputAreNotTakenForInputs() {
        assertTrue(
                stir(compare(RepresentationReduction.FLATTEN, MAP)).interval().isPresent());
        var comparison = compare(RepresentationReduction.PER_POSITION, MAP);
        assertEquals(INPUTS.count(), stir(comparison).groups().orElseThrow().rows(), "whole inputs");
        assertTrue(
                comparison.cautions().contains(Caution.of("dependent-positions", Map.of("positions", 4))),
                comparison.cautions()::toString);
    }

    @Test
    void unlikeNumbersOfPositionsLeaveThePlainSimilarityAloneUndefined() {
        var comparison = compare(RepresentationReduction.PER_POSITION, Shape.of(2, 2, 4));
        var plain = Values.get(comparison.aGivenB(), "linear-cka", Quantity.SIMILARITY);
        assertTrue(plain.value().isEmpty());
        assertTrue(plain.undefined().orElseThrow().contains("per-position"), plain::toString);
        assertTrue(stir(comparison).isDefined(), "of one layer, whose positions are as many");
    }

    @Test
    void reductionsThatDoNotFitAreRefused() {
        assertThrows(UsageException.class, () -> compare(RepresentationReduction.CLASS_TOKEN, MAP));
        assertTrue(Double.isFinite(stir(compare(RepresentationReduction.SPATIAL_MEAN, Shape.of(3, 2, 4)))
                .value()
                .orElseThrow()));
    }
}
