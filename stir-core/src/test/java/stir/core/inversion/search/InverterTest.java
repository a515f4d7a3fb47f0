package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import stir.api.DataException;
import stir.api.Shape;
import stir.api.contract.Numerical;
import stir.core.inputs.Inputs;
import stir.core.inputs.ValueRange;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.runtime.progress.ProgressListener;

@Numerical
class InverterTest {
    private static final Shape SHAPE = Shape.of(1, 4, 4);
    private static final int COUNT = 205;

    private interface Use<T> {
        T of(Inverter inverter) throws IOException;
    }

    private static <T> T with(InversionSettings settings, Use<T> use) throws IOException {
        var spec = NetworkSpec.of(Path.of("dense")).withThreads(2);
        var inputs = new SearchFixture.Noise(COUNT, SHAPE);
        try (var network = Network.of("dense", "", "test", new DenseNetwork(1, SHAPE, 6), spec);
                var second = Network.of("second", "", "test", new DenseNetwork(9, SHAPE, 7), spec);
                var searched = SearchedNetworks.of(network, inputs, 100, settings, unused -> second)) {
            return use.of(new Inverter(settings, searched, inputs));
        }
    }

    private static SearchInMemory room(InversionSettings settings) {
        return new SearchInMemory(new RowLayout(COUNT, SHAPE, CheckpointSchedule.of(settings), ValueRange.UNIT));
    }

    private static FinishedRows open(SearchInMemory place, int from, int to) {
        return place.open(from, to, new RunMetadata(false, Map.of()), note -> {});
    }

    static Stream<InversionSettings> settings() {
        var reference = InversionSettings.PUBLISHED.withRngSeed(5);
        return Stream.of(
                reference.withIterations(10),
                InversionSettings.of(Optimizer.FAST.method()).withRngSeed(5).withIterations(10),
                InversionSettings.of(Optimizer.THOROUGH.method()).withRngSeed(5).withIterations(20),
                InversionSettings.of(Optimizer.CANDIDATES.method()));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void rangesInAnyOrderFindWhatOneSearchFinds(InversionSettings settings) throws IOException {
        var whole = with(settings, inverter -> inverter.invert(ProgressListener.SILENT));
        var store = room(settings);
        for (int[] range : new int[][] {{60, COUNT}, {0, 60}}) {
            with(settings, inverter -> {
                try (var rows = open(store, range[0], range[1])) {
                    inverter.search(range[0], range[1], rows, ProgressListener.SILENT);
                }
                return store;
            });
        }
        var parts = store.gather();
        assertEquals(whole.fakeRelu(), parts.fakeRelu());
        assertArrayEquals(pixels(whole), pixels(parts));
        for (int i = 0; i < COUNT; i++) {
            assertEquals(whole.residual(i), parts.residual(i));
            assertEquals(whole.passes(i), parts.passes(i));
        }
    }

    private static float[] pixels(Inversion inversion) {
        return inversion.invariantInputs().read(0, COUNT).toArray();
    }

    /** Those that do not step each input have no queue that would find it. */
    @ParameterizedTest
    @MethodSource("settings")
    void aTargetThatIsZeroIsRefusedByEveryMethod(InversionSettings settings) {
        var spec = NetworkSpec.of(Path.of("dense")).withThreads(1);
        var noise = new SearchFixture.Noise(COUNT, SHAPE);
        var inputs = Inputs.of("one black input", COUNT, SHAPE, (index, into, row) -> {
            noise.read(index, into, row);
            for (int i = 0; index == 7 && i < into.rowSize(); i++) {
                into.set(row, i, 0);
            }
        });
        try (var network = Network.of("linear", "", "test", DenseNetwork.linear(1, SHAPE, 6), spec);
                var second = Network.of("second", "", "test", new DenseNetwork(9, SHAPE, 7), spec);
                var searched = SearchedNetworks.of(network, inputs, 100, settings, unused -> second)) {
            var inverter = new Inverter(settings, searched, inputs);
            var refusal = assertThrows(DataException.class, () -> inverter.invert(ProgressListener.SILENT));
            assertTrue(refusal.getMessage().contains("of input 7 (counting from 0) is zero"), refusal.getMessage());
        }
    }
}
