package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.contract.Numerical;
import stir.core.LoadOptions;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.network.NetworkSpec;

/** The optimiser {@code fast} on trained networks and digits, next to the published one. */
@Numerical
@Tag("slow")
class FastOnNetworksTest {
    private static final Path DEMO = Path.of("..", "distribution", "src", "demo");
    private static final int ITERATIONS = 60;

    private static Inversion invert(String network, int count, int threads, InversionSettings settings) {
        return invert(network, count, threads, 100, settings);
    }

    private static Inversion invert(String network, int count, int threads, int batchSize, InversionSettings settings) {
        var spec = spec(network).withThreads(threads).withBatchSize(batchSize);
        return invert(spec, count, settings);
    }

    private static NetworkSpec spec(String network) {
        return NetworkSpec.of(DEMO.resolve(network + ".script.pt"));
    }

    private static Inversion invert(NetworkSpec spec, int count, InversionSettings settings) {
        var cache = Path.of("target", "native-cache").toAbsolutePath();
        var stir = Stir.load(LoadOptions.DEFAULT.withCache(cache));
        try (var reference = stir.open(spec)) {
            var digits = Inputs.open(DEMO.resolve("mnist500-images-idx3-ubyte")).limit(count);
            return stir.invert(reference, digits, settings);
        }
    }

    @Tag("once")
    @ParameterizedTest
    @CsvSource({"vgg0, true", "resnet0, false"})
    void leavesLessThanHalfOfTheReferencesResidual(String network, boolean fakeRelu) {
        var published = InversionSettings.PUBLISHED.withIterations(ITERATIONS);
        var slow = invert(network, 8, 1, published);
        var fast = invert(
                network, 8, 1, InversionSettings.of(Optimizer.FAST.method()).withIterations(ITERATIONS));
        assertTrue(
                fast.meanResidual() < slow.meanResidual() / 2, fast.meanResidual() + " against " + slow.meanResidual());
        assertTrue(slow.fakeRelu());
        assertEquals(fakeRelu, fast.fakeRelu());
    }

    /** More units than pixels: the input itself is left. */
    @Tag("once")
    @Test
    void findsTheInputAtAnEarlyLayer() {
        var settings = InversionSettings.of(Optimizer.FAST.method()).withIterations(ITERATIONS);
        var inversion = invert(spec("resnet0").withLayer("layer1"), 4, settings);
        assertTrue(inversion.maxResidual() < 0.01, "residual " + inversion.maxResidual());
        assertTrue(inversion.fakeRelu(), "it ends in a ReLU, whatever it is called");
    }

    @Test
    void theSameForAnyBatchSizeAndThreads() {
        var settings = InversionSettings.of(Optimizer.FAST.method()).withIterations(15);
        var expected =
                invert("resnet0", 8, 1, settings).invariantInputs().read(0, 8).toArray();
        for (int threads = 1; threads <= 2; threads++) {
            for (int batchSize : new int[] {1, 7}) {
                var inversion = invert("resnet0", 8, threads, batchSize, settings);
                assertArrayEquals(
                        expected,
                        inversion.invariantInputs().read(0, 8).toArray(),
                        "batch size " + batchSize + ", threads " + threads);
            }
        }
    }
}
