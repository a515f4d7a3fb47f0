package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Model;
import stir.api.Shape;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.network.ForwardingHook;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.runtime.progress.ProgressListener;

/** Searches notice networks that change during them, whatever an earlier check has seen. */
class ChangingNetworkTest {
    private static final Shape SHAPE = Shape.of(1, 4, 4);
    private static final int WIDTH = 6;

    private enum Defect {
        NONE,
        FLIPS_AFTER_FORTY_PASSES,
        SHIFTS_A_FIFTH_OF_THE_PASSES,
        REVERSES_ROWS;
    }

    /** A network that is a function of its input but for a defect. */
    private static final class Flawed implements Model {
        private final DenseNetwork network = new DenseNetwork(1, SHAPE, WIDTH);
        private final Defect defect;
        private final AtomicInteger passes = new AtomicInteger();

        Flawed(Defect defect) {
            this.defect = defect;
        }

        @Override
        public InputSpec input() {
            return network.input();
        }

        @Override
        public List<Layer> layers(Shape input) {
            return network.layers(input);
        }

        @Override
        public Optional<String> defaultLayer() {
            return network.defaultLayer();
        }

        @Override
        public LayerHook hook(String layer, HookOptions options) {
            return new ForwardingHook(network.hook(layer, options)) {
                @Override
                public void represent(Batch inputs, Batch representations) {
                    super.represent(inputs, representations);
                    distort(passes.incrementAndGet(), representations);
                }
            };
        }

        private void distort(int pass, Batch representations) {
            boolean shifts =
                    defect == Defect.SHIFTS_A_FIFTH_OF_THE_PASSES && new Random(pass * 7919L).nextDouble() < 0.2;
            boolean flips = defect == Defect.FLIPS_AFTER_FORTY_PASSES && pass > 40;
            var before = representations.copy();
            for (int row = 0; row < representations.rows(); row++) {
                if (defect == Defect.REVERSES_ROWS) {
                    representations.copyRow(before, representations.rows() - 1 - row, row);
                }
                for (int i = 0; i < representations.rowSize(); i++) {
                    float value = representations.get(row, i);
                    representations.set(row, i, flips ? -value : value + (shifts ? 1 : 0));
                }
            }
        }

        @Override
        public void close() {
            network.close();
        }
    }

    private static InversionSettings settings(Optimizer optimizer) {
        return InversionSettings.of(optimizer.method()).withIterations(100);
    }

    private static SearchedNetworks cut(Flawed model, InversionSettings settings, int threads) {
        var spec = NetworkSpec.of(Path.of("net")).withThreads(threads);
        var network = Network.of("net", "", "test", model, spec);
        var inputs = new SearchFixture.Noise(20, SHAPE);
        return SearchedNetworks.of(network.on(inputs), inputs, 100, settings, SearchedObjectives.NO_NETWORKS);
    }

    private static Inversion invert(SearchedNetworks cut, InversionSettings settings) {
        return new Inverter(settings, cut, new SearchFixture.Noise(20, SHAPE)).invert(ProgressListener.SILENT);
    }

    @ParameterizedTest
    @CsvSource({
        "FLIPS_AFTER_FORTY_PASSES, FAST, 1",
        "FLIPS_AFTER_FORTY_PASSES, FAST, 2",
        "FLIPS_AFTER_FORTY_PASSES, PUBLISHED, 1",
        "SHIFTS_A_FIFTH_OF_THE_PASSES, FAST, 1",
        "SHIFTS_A_FIFTH_OF_THE_PASSES, PUBLISHED, 2",
        "REVERSES_ROWS, FAST, 1",
        "REVERSES_ROWS, PUBLISHED, 1"
    })
    void aSearchRefusesANetworkThatChangesDuringIt(Defect defect, Optimizer optimizer, int threads) {
        var settings = settings(optimizer);
        try (var cut = cut(new Flawed(defect), settings, threads)) {
            var refusal = assertThrows(DataException.class, () -> invert(cut, settings));
            assertTrue(
                    refusal.getMessage().matches("net is not a function .* differs at 'hidden' .*"),
                    refusal.getMessage());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FAST", "PUBLISHED"})
    void passesThatAreComputedAgainAreFewAndChangeNothing(Optimizer optimizer) {
        var settings = settings(optimizer).withIterations(400);
        var watched = new Flawed(Defect.NONE);
        var bare = new Flawed(Defect.NONE);
        try (var cut = cut(watched, settings, 1);
                var other = cut(bare, settings, 1)) {
            other.ignoreChanges();
            var inversion = invert(cut, settings);
            var same = invert(other, settings);
            assertArrayEquals(
                    same.invariantInputs().read(0, 20).toArray(),
                    inversion.invariantInputs().read(0, 20).toArray());
            assertEquals(same.rows(), inversion.rows());
        }
        int passes = bare.passes.get();
        int again = watched.passes.get() - passes;
        assertTrue(again >= 2 && again <= 2 + passes / 100, again + " of " + passes);
    }
}
