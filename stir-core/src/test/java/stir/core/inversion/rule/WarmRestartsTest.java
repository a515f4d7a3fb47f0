package stir.core.inversion.rule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import stir.api.Shape;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.inversion.search.DenseNetwork;
import stir.core.inversion.search.Inverter;
import stir.core.inversion.search.ObjectivesTest;
import stir.core.inversion.search.SearchTest;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.progress.ProgressListener;

import java.nio.file.Path;

class WarmRestartsTest {
    private static final Shape SHAPE = Shape.of(1, 4, 4);
    private static final int UNITS = 12;
    private static final InversionSettings FAST =
            InversionSettings.of(Optimizer.FAST.method()).withRngSeed(5);
    private static final InversionSettings THOROUGH =
            InversionSettings.of(Optimizer.THOROUGH.method()).withRngSeed(5);

    /** Next to out of reach of single precision, so that inputs get stuck. */
    private static final double TOO_NARROW = 1e-12;

    private static Inversion invert(InversionSettings settings, int count, int threads) {
        return invert(settings, UNITS, count, threads);
    }

    private static Inversion invert(InversionSettings settings, int units, int count, int threads) {
        return invert(settings, units, count, threads, 100);
    }

    private static Inversion invert(
            InversionSettings settings, int units, int count, int threads, int batchSize) {
        var spec = NetworkSpec.of(Path.of("dense")).withThreads(threads);
        var inputs = new SearchTest.Noise(count, SHAPE);
        var model = new DenseNetwork(1, SHAPE, units);
        try (var network = Network.of("dense", "", "test", model, spec);
                var searched =
                        SearchedNetworks.of(
                                network, SHAPE, batchSize, settings, ObjectivesTest.NO_NETWORKS)) {
            return new Inverter(settings, searched, inputs).invert(ProgressListener.SILENT);
        }
    }

    @Test
    void findsMoreThanOneScheduleOfAsManyPasses() {
        var once = invert(FAST.withIterations(1000).with(SearchOption.TOLERANCE, "0.005"), 30, 1);
        var thorough = invert(THOROUGH, 30, 1);
        assertEquals(1, thorough.converged(0.005), "residual " + thorough.maxResidual());
        assertTrue(
                thorough.meanPasses() < once.meanPasses(),
                thorough.meanPasses() + " passes against " + once.meanPasses());
    }

    @Test
    void theFirstCycleIsOneScheduleWithLongMemory() {
        int units = 2 * SHAPE.size(); // too many to be found to the last bit
        var endless = THOROUGH.with(SearchOption.TOLERANCE, "0");
        var cycle = invert(endless.withIterations(WarmRestarts.CYCLE), units, 5, 1);
        var two = invert(endless.withIterations(2 * WarmRestarts.CYCLE), units, 5, 1);
        for (int i = 0; i < cycle.count(); i++) {
            assertEquals(WarmRestarts.CYCLE + 1, cycle.passes(i));
            assertTrue(two.residual(i) <= cycle.residual(i), "a cycle lost what was found");
        }
    }

    @Test
    void stuckInputsBeginAgainAndKeepTheirBest() {
        var few =
                invert(
                        THOROUGH.with(SearchOption.TOLERANCE, String.valueOf(TOO_NARROW))
                                .withIterations(2 * WarmRestarts.CYCLE),
                        6,
                        1);
        var many = invert(THOROUGH.with(SearchOption.TOLERANCE, String.valueOf(TOO_NARROW)), 6, 1);
        assertTrue(many.restarted() > 0, "nothing was stuck");
        for (int i = 0; i < few.count(); i++) {
            assertTrue(many.restarts(i) >= few.restarts(i));
            assertTrue(many.residual(i) <= few.residual(i), "a restart lost what was found");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 2", "100, 2", "3, 4"})
    void resultDoesNotDependOnBatchSizeOrThreads(int batchSize, int threads) {
        var settings =
                THOROUGH.withIterations(3 * WarmRestarts.CYCLE)
                        .with(SearchOption.TOLERANCE, String.valueOf(TOO_NARROW));
        var expected = invert(settings, UNITS, 12, 1, 1000);
        var found = invert(settings, UNITS, 12, threads, batchSize);
        assertArrayEquals(
                expected.invariantInputs().read(0, 12).toArray(),
                found.invariantInputs().read(0, 12).toArray());
        for (int i = 0; i < found.count(); i++) {
            assertEquals(expected.residual(i), found.residual(i));
            assertEquals(expected.passes(i), found.passes(i));
            assertEquals(expected.restarts(i), found.restarts(i));
        }
        assertTrue(found.restarted() > 0, "nothing was stuck");
        assertTrue(found.converged(TOO_NARROW) > 0, "no row left the search early");
    }

    @Test
    void restartsStayInTheBall() {
        var ball = "linf:0.2@input";
        var found =
                invert(
                        THOROUGH.with(SearchOption.TOLERANCE, String.valueOf(TOO_NARROW))
                                .withIterations(3 * WarmRestarts.CYCLE)
                                .with(SearchOption.BALL, ball),
                        6,
                        1);
        assertTrue(found.restarted() > 0, "nothing was stuck");
        var inputs = new SearchTest.Noise(6, SHAPE).read(0, 6).toArray();
        var points = found.invariantInputs().read(0, 6).toArray();
        for (int i = 0; i < inputs.length; i++) {
            assertTrue(Math.abs((double) points[i] - inputs[i]) <= 0.2, "left the ball at " + i);
        }
    }
}
