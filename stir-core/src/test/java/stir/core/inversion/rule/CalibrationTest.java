package stir.core.inversion.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import stir.api.Shape;
import stir.core.inversion.Seed;
import stir.core.inversion.search.DenseNetwork;
import stir.core.inversion.search.SearchTest;
import stir.core.inversion.start.SeedSource;
import stir.core.linalg.Vectors;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.pass.CutNetwork;
import stir.core.progress.ProgressListener;

import java.nio.file.Path;

class CalibrationTest {
    private static final Shape SHAPE = Shape.of(1, 4, 4);

    private static Calibration calibrate(
            DenseNetwork model, int count, int batchSize, int threads) {
        var inputs = new SearchTest.Noise(count, SHAPE);
        var spec = NetworkSpec.of(Path.of("dense")).withThreads(threads);
        try (var network = Network.of("dense", "", "test", model, spec);
                var hooked = CutNetwork.of(network, network.layer(), SHAPE, batchSize, false)) {
            var seeds = new SeedSource(Seed.parse("super-noise"), 3, inputs);
            return Calibration.of(hooked, inputs, seeds, 3, ProgressListener.SILENT);
        }
    }

    /** The Jacobian of a linear network is the same everywhere, and so is its mean. */
    @Test
    void ofALinearNetworkTheMeanIsAllThereIs() {
        var found = calibrate(DenseNetwork.linear(1, SHAPE, 6), 9, 25, 1);
        assertEquals(6, found.mean().count());
        for (int pair = 0; pair < 6; pair++) {
            assertEquals(0, found.mean().ridge(pair), 1e-6);
            assertEquals(
                    1, Vectors.dot(found.mean().gradient(pair), found.mean().gradient(pair)), 1e-5);
        }
        assertEquals(8 * 6 + 4 * 6, found.passes());
    }

    /** Where J x = m(x), the length is ||J x|| over the root of the mean squared row of J. */
    @Test
    void theLengthOfAWideRepresentationIsEstimated() {
        int width = Calibration.MOST_WIDTH;
        var whole = calibrate(DenseNetwork.linear(1, SHAPE, width), 8, 25, 1);
        var estimated = calibrate(DenseNetwork.linear(1, SHAPE, width + 1), 8, 25, 1);
        assertEquals(8 * width + 4 * MeanJacobian.MOST_PAIRS, whole.passes());
        assertEquals(8, estimated.passes());
        assertEquals(0, estimated.mean().count());
        assertTrue(
                Math.abs(estimated.length() / whole.length() - 1) < 0.2,
                estimated.length() + " against " + whole.length());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 2", "100, 3"})
    void theSameForAnyBatchSizeAndThreads(int batchSize, int threads) {
        var expected = calibrate(new DenseNetwork(1, SHAPE, 6), 9, 1000, 1);
        var found = calibrate(new DenseNetwork(1, SHAPE, 6), 12, batchSize, threads);
        assertEquals(expected.length(), found.length());
        assertEquals(expected.mean().count(), found.mean().count());
        for (int pair = 0; pair < found.mean().count(); pair++) {
            assertEquals(expected.mean().ridge(pair), found.mean().ridge(pair));
        }
    }
}
