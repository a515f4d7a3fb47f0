package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stir.api.Batch;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inputs.ValueRange;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.Preprocessing;
import stir.core.runtime.progress.ProgressListener;

/** The relative distance of invariant inputs from their inputs. */
class DistanceFromInputTest {
    private static final Shape SHAPE = Shape.of(1, 4, 4);

    /** Returns the distance of an invariant input from its input of {@link SearchFixture.Noise}. */
    static double distance(Inversion inversion, int index, Shape shape) {
        var input = new SearchFixture.Noise(index + 1, shape).read(index, 1);
        var invariant = inversion.invariantInputs().read(index, 1);
        double squares = 0;
        double norm = 0;
        for (int i = 0; i < shape.size(); i++) {
            squares += Math.pow((double) invariant.get(0, i) - input.get(0, i), 2);
            norm += Math.pow(input.get(0, i), 2);
        }
        return Math.sqrt(squares / norm);
    }

    private static Inversion invert(
            InversionSettings settings, DenseNetwork model, Inputs inputs, Preprocessing given) {
        var spec = NetworkSpec.of(Path.of("dense")).withThreads(1).withPreprocessing(given);
        try (var network = Network.of("dense", "", "test", model, spec);
                var searched = SearchedNetworks.of(network, inputs, 7, settings, SearchedObjectives.NO_NETWORKS)) {
            return new Inverter(settings, searched, inputs).invert(ProgressListener.SILENT);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PUBLISHED", "FAST", "THOROUGH"})
    void itIsTheDistanceInPixelsDividedByTheNormOfTheInput(Optimizer optimizer) {
        var settings =
                InversionSettings.of(optimizer.method()).withIterations(60).withRngSeed(5);
        var inputs = new SearchFixture.Noise(9, SHAPE);
        var inversion = invert(settings, new DenseNetwork(1, SHAPE, 6), inputs, Preprocessing.NONE);
        double sum = 0;
        for (int i = 0; i < 9; i++) {
            double expected = distance(inversion, i, SHAPE);
            assertEquals(expected, inversion.distanceFromInput(i).orElseThrow(), 1e-12);
            sum += expected;
        }
        assertEquals(sum / 9, inversion.meanDistanceFromInput().orElseThrow(), 1e-12);
        assertFalse(inversion.ignoresNothing(settings));
    }

    @Test
    void restartsAndPassesDoNotEnterIt() {
        var settings =
                InversionSettings.of(Optimizer.THOROUGH.method()).withRngSeed(5).with(SearchOption.SEED, "black");
        var inputs = new SearchFixture.Noise(9, SHAPE);
        var model = new DenseNetwork(4, SHAPE, 12);
        for (int iterations : new int[] {3, 40, 300}) {
            var some = settings.withIterations(iterations);
            var inversion = invert(some, model, inputs, Preprocessing.NONE);
            for (int i = 0; i < 9; i++) {
                assertEquals(
                        distance(inversion, i, SHAPE),
                        inversion.distanceFromInput(i).orElseThrow(),
                        1e-12);
            }
        }
    }

    @Test
    void aLinearLayerOfFullRankIgnoresNothing() {
        var settings = InversionSettings.of(Optimizer.THOROUGH.method()).withRngSeed(5);
        var inputs = new SearchFixture.Noise(9, SHAPE);
        var wide = invert(settings, DenseNetwork.linear(1, SHAPE, 24), inputs, Preprocessing.NONE);
        assertTrue(wide.ignoresNothing(settings), "distance " + wide.meanDistanceFromInput());
        assertTrue(wide.meanMoved() > 0.5, "moved " + wide.meanMoved());
        var narrow = invert(settings, DenseNetwork.linear(1, SHAPE, 6), inputs, Preprocessing.NONE);
        assertFalse(narrow.ignoresNothing(settings), "distance " + narrow.meanDistanceFromInput());
    }

    @Test
    void itIsUnknownForAnInputOfZeros() {
        var pixels = new SearchFixture.Noise(3, SHAPE).read(0, 3);
        for (int i = 0; i < pixels.rowSize(); i++) {
            pixels.set(1, i, 0);
        }
        var shifted = new Preprocessing(List.of(0.3), List.of(1.0), Optional.empty());
        for (var optimizer : Optimizer.values()) {
            var inversion = invert(
                    InversionSettings.of(optimizer.method()),
                    new DenseNetwork(1, SHAPE, 6),
                    Inputs.of(pixels),
                    shifted);
            assertEquals(OptionalDouble.empty(), inversion.distanceFromInput(1), optimizer.name());
            double known = inversion.distanceFromInput(0).orElseThrow()
                    + inversion.distanceFromInput(2).orElseThrow();
            assertEquals(known / 2, inversion.meanDistanceFromInput().orElseThrow(), 1e-15);
        }
    }

    @Test
    void itIsKeptWithTheOutcomeOfARow() {
        var outcomes = new RowOutcomes(new RowLayout(2, SHAPE, CheckpointSchedule.at(new int[0]), ValueRange.UNIT));
        outcomes.set(0, new RowOutcome(0.5, 3, 1.5, 0.25));
        outcomes.set(1, new RowOutcome(0.5, 3, 1.5, Double.NaN));
        assertEquals(0.25, outcomes.get(0).row().distance());
        assertEquals(0.25, outcomes.distance().orElseThrow().max());
        var zeros = Inputs.of(Batch.allocate(2, SHAPE));
        var inversion = outcomes.with(zeros, new RunMetadata(false, Map.of()));
        assertEquals(OptionalDouble.of(0.25), inversion.meanDistanceFromInput());
        assertEquals(OptionalDouble.empty(), inversion.distanceFromInput(1));
    }
}
