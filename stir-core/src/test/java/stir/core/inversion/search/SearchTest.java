package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.Norm;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.inversion.Seed;
import stir.core.inversion.TracePoint;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.runtime.progress.Progress;
import stir.core.runtime.progress.ProgressListener;

class SearchTest {
    private static final Shape SHAPE = Shape.of(1, 4, 4);
    private static final InversionSettings SETTINGS =
            InversionSettings.PUBLISHED.withIterations(60).withRngSeed(5);

    private static float[] pixels(Inversion inversion) {
        return inversion.invariantInputs().read(0, inversion.count()).toArray();
    }

    private static SearchFixture search(InversionSettings settings, int count) {
        return SearchFixture.of(new DenseNetwork(1, SHAPE, 6), SHAPE, settings, count);
    }

    private static SearchedNetworks searched(
            Network network, Inputs inputs, InversionSettings settings, int batchSize) {
        return SearchedNetworks.of(network, inputs, batchSize, settings, SearchedObjectives.NO_NETWORKS);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 1", "7, 2", "100, 1", "100, 2", "100, 3", "3, 4"})
    void resultDoesNotDependOnBatchSizeOrThreads(int batchSize, int threads) {
        var expected = search(SETTINGS, 25).withBatchSize(1000).invert();
        var inversion = search(SETTINGS, 25)
                .withThreads(threads)
                .withBatchSize(batchSize)
                .invert();
        assertArrayEquals(pixels(expected), pixels(inversion));
        for (int i = 0; i < inversion.count(); i++) {
            assertEquals(expected.residual(i), inversion.residual(i));
            assertEquals(expected.passes(i), inversion.passes(i));
            assertEquals(expected.distanceFromInput(i), inversion.distanceFromInput(i));
        }
        assertEquals(expected.trace(), inversion.trace());
    }

    @ParameterizedTest
    @EnumSource(names = {"PUBLISHED", "FAST", "THOROUGH"})
    void resultOfAnInputDoesNotDependOnTheOthers(Optimizer optimizer) {
        var settings = InversionSettings.of(optimizer.method()).withRngSeed(5).withIterations(12);
        var many = search(settings, 25).invert();
        for (int count : new int[] {1, 4, 9}) {
            var few = search(settings, count).invert();
            assertArrayEquals(many.invariantInputs().read(0, count).toArray(), pixels(few));
        }
    }

    @Test
    void anotherRngSeedFindsOthers() {
        var one = pixels(search(SETTINGS, 3).invert());
        var other = pixels(search(SETTINGS.withRngSeed(6), 3).invert());
        assertFalse(Arrays.equals(one, other));
    }

    @Test
    void findsInvariantInputsFarFromTheInputs() {
        var inversion = search(SETTINGS.withIterations(1000), 10).withThreads(2).invert();
        assertTrue(inversion.meanResidual() < 0.2, "residual " + inversion.meanResidual());
        var inputs = new SearchFixture.Noise(10, SHAPE).read(0, 10);
        var invariant = pixels(inversion);
        double squares = 0;
        for (int i = 0; i < inputs.rowSize(); i++) {
            squares += Math.pow(inputs.get(0, i) - invariant[i], 2);
        }
        assertTrue(Math.sqrt(squares) > 0.5, "the inputs themselves were found");
    }

    @Test
    void rowsLeaveAtTheToleranceAndWaitingOnesEnter() {
        var settings = SETTINGS.withIterations(500).with(SearchOption.TOLERANCE, "0.2");
        var inversion = search(settings, 20).withBatchSize(4).invert();
        assertTrue(inversion.converged(0.2) >= 0.5, "converged " + inversion.converged(0.2));
        for (int i = 0; i < inversion.count(); i++) {
            boolean converged = inversion.residual(i) <= 0.2;
            assertEquals(converged, inversion.passes(i) < 501, "input " + i + ": passes " + inversion.passes(i));
        }
        var all = search(settings, 20).withBatchSize(20).invert();
        assertArrayEquals(pixels(all), pixels(inversion));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.2})
    void theTraceIsWhatShorterSearchesEndWith(double tolerance) {
        var settings = SETTINGS.withIterations(40).with(SearchOption.TOLERANCE, String.valueOf(tolerance));
        var trace =
                search(settings, 20).withThreads(2).withBatchSize(4).invert().trace();
        assertEquals(
                List.of(1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 41),
                trace.stream().map(TracePoint::passes).toList());
        for (var point : trace) {
            int iterations = point.passes() - 1;
            if (iterations > 0) {
                var shorter = search(settings.withIterations(iterations), 20).invert();
                assertEquals(shorter.meanResidual(), point.residual().mean(), 1e-6);
                assertEquals(shorter.medianResidual(), point.residual().median(), 1e-6);
                assertEquals(shorter.maxResidual(), point.residual().max(), 1e-6);
            }
        }
    }

    @Test
    void theResidualIsThatOfTheInvariantInput() {
        var inversion = search(SETTINGS, 5).invert();
        var inputs = new SearchFixture.Noise(5, SHAPE).read(0, 5);
        try (var network = new DenseNetwork(1, SHAPE, 6);
                var hook = network.hook("hidden", new HookOptions(SHAPE))) {
            var targets = Batch.allocate(5, Shape.of(6));
            var represented = Batch.allocate(5, Shape.of(6));
            hook.represent(inputs, targets);
            hook.represent(inversion.invariantInputs().read(0, 5), represented);
            var distances = new double[5];
            var norms = new double[5];
            Norm.L2.distances(represented, targets, distances);
            Norm.L2.norms(targets, norms);
            for (int i = 0; i < 5; i++) {
                assertEquals(distances[i] / norms[i], inversion.residual(i), 1e-6);
            }
        }
    }

    /** The seed of an input, or from 1 on that of a restart. */
    private static float[] seed(SeedSource seeds, int index, int restart) {
        var row = Batch.allocate(1, SHAPE);
        if (restart == 0) {
            seeds.write(index, row, 0);
        } else {
            seeds.writeAgain(index, restart, row, 0);
        }
        return row.toArray();
    }

    @Test
    void everyKindOfSeedIsWritten() {
        var inputs = new SearchFixture.Noise(9, SHAPE);
        for (var kind : Seed.KINDS) {
            var seeds = new SeedSource(Seed.parse(kind), 3, inputs);
            var first = seed(seeds, 4, 0);
            assertArrayEquals(first, seed(seeds, 4, 0), kind);
            boolean shared =
                    List.of("one-noise", "one-uniform", "white", "black").contains(kind);
            assertEquals(shared, Arrays.equals(first, seed(seeds, 5, 0)), kind);
        }
    }

    @Test
    void allKindsOfSeedsComeInTurn() {
        var inputs = new SearchFixture.Noise(9, SHAPE);
        var seeds = new SeedSource(Seed.Kind.ALL_KINDS, 3, inputs);
        var kinds = List.<Seed>of(Seed.Kind.ONE_NOISE, new Seed.Constant(1), new Seed.Constant(0));
        for (int i = 0; i < inputs.count(); i++) {
            var alone = new SeedSource(kinds.get(i % 3), 3, inputs);
            assertArrayEquals(seed(alone, i, 0), seed(seeds, i, 0));
        }
    }

    @Test
    void oneUniformImageIsOfUniformValues() {
        var values = seed(new SeedSource(Seed.Kind.ONE_UNIFORM, 3, new SearchFixture.Noise(9, SHAPE)), 4, 0);
        Arrays.sort(values);
        assertTrue(values[0] >= 0 && values[0] < 0.3, "smallest " + values[0]);
        assertTrue(values[values.length - 1] > 0.7 && values[values.length - 1] <= 1);
    }

    @Test
    void aStuckSearchBeginsAgainFromOtherSeeds() {
        var inputs = new SearchFixture.Noise(9, SHAPE);
        for (var kind : Seed.KINDS) {
            var seeds = new SeedSource(Seed.parse(kind), 3, inputs);
            var first = seed(seeds, 4, 0);
            var second = seed(seeds, 4, 1);
            assertArrayEquals(second, seed(seeds, 4, 1), kind);
            if (!kind.startsWith("other-")) { // these have few others
                assertFalse(Arrays.equals(first, second), kind);
                assertFalse(Arrays.equals(second, seed(seeds, 4, 2)), kind);
            }
        }
    }

    @Test
    void anotherClassIsOfAnotherClass() {
        var inputs = new SearchFixture.Noise(9, SHAPE);
        var seeds = new SeedSource(Seed.Kind.OTHER_CLASS, 3, inputs);
        var row = Batch.allocate(1, SHAPE);
        for (int i = 0; i < 9; i++) {
            seeds.write(i, row, 0);
            int chosen = -1;
            for (int j = 0; j < 9; j++) {
                if (Arrays.equals(inputs.read(j, 1).toArray(), row.toArray())) {
                    chosen = j;
                }
            }
            assertTrue(chosen >= 0 && chosen % 3 != i % 3, i + " got " + chosen);
        }
    }

    @Test
    void superNoiseIsStandardNormal() {
        var seeds = new SeedSource(Seed.Kind.SUPER_NOISE, 0, new SearchFixture.Noise(500, SHAPE));
        var row = Batch.allocate(1, SHAPE);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 500; i++) {
            seeds.write(i, row, 0);
            for (float value : row.toArray()) {
                sum += value;
                squares += value * value;
            }
        }
        assertEquals(0, sum / 8000, 0.05);
        assertEquals(1, squares / 8000, 0.05);
    }

    @Test
    void refusesAZeroRepresentation() {
        var spec = NetworkSpec.of(Path.of("dense")).withThreads(1);
        var black = new SearchFixture.Noise(2, SHAPE);
        try (var network = Network.of("dense", "", "test", new DenseNetwork(1, SHAPE, 6), spec);
                var searched = searched(network, black, SETTINGS, 2)) {
            var zeros = Inputs.of("zeros", 2, SHAPE, (index, into, row) -> {
                if (index == 0) {
                    black.read(0, into, row);
                } else {
                    for (int i = 0; i < into.rowSize(); i++) {
                        into.set(row, i, 0);
                    }
                }
            });
            var refusal = assertThrows(
                    DataException.class, () -> new Inverter(SETTINGS, searched, zeros).invert(ProgressListener.SILENT));
            assertTrue(refusal.getMessage().contains("input 1"), refusal.getMessage());
        }
    }

    @Test
    void progressEndsAtItsTotalWithTheResidualOfTheResult() {
        var seen = new ArrayList<Progress>();
        var inversion = search(SETTINGS.with(SearchOption.TOLERANCE, "0.2"), 12)
                .withThreads(2)
                .withBatchSize(5)
                .withListener(progress -> {
                    if (progress.task().startsWith("Inverting")) {
                        seen.add(progress);
                    }
                })
                .invert();
        var last = seen.get(seen.size() - 1);
        assertEquals(last.total(), last.done());
        assertEquals(inversion.meanResidual(), last.residual(), 1e-12);
        for (int i = 1; i < seen.size(); i++) {
            assertTrue(seen.get(i).done() >= seen.get(i - 1).done());
        }
    }

    @Test
    void anInterruptCancels() throws InterruptedException {
        var failure = new AtomicReference<Throwable>();
        var thread = new Thread(() -> {
            try {
                search(SETTINGS.withIterations(1_000_000), 100).withThreads(2).invert();
            } catch (CancellationException e) {
                failure.set(e);
            }
        });
        thread.start();
        Thread.sleep(100);
        thread.interrupt();
        thread.join(20_000);
        assertFalse(thread.isAlive());
        assertTrue(failure.get() instanceof CancellationException, "ended with " + failure.get());
    }
}
