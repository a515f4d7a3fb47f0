package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import stir.api.Batch;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Matrix;
import stir.api.Norm;
import stir.api.Shape;
import stir.core.Stir;
import stir.core.arrays.NpyReader;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.rule.NormalisedGradient;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.pass.Evaluator;
import stir.core.network.pass.PixelTransform;
import stir.core.progress.ProgressListener;
import stir.core.store.Circumstances;
import stir.core.store.Milestones;
import stir.core.store.RowLayout;
import stir.core.store.SearchInMemory;
import stir.core.study.StudyListener;
import stir.core.work.SearchProgress;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;

/**
 * The published code's own iterates, run through libtorch. The files in {@code steps} hold 8
 * digits, the seed of each, and what the authors' code made of it after 1, 2, 3, 5, 10 and 20
 * steps, with the best of 20.
 */
class PublishedAlgorithmTest {
    private static final Path MODELS =
            Path.of("..", "backend-djl", "src", "test", "resources", "stir", "backend", "djl");
    private static final Path STEPS = Path.of("src", "test", "resources", "steps");
    private static final int ROWS = 8;
    private static final Shape DIGIT = Shape.of(1, 28, 28);

    private static Network open(String network) {
        var cache = Path.of("target", "native-cache").toAbsolutePath();
        return Stir.load(Optional.empty(), cache)
                .open(NetworkSpec.of(MODELS.resolve(network + ".script.pt")).withThreads(1));
    }

    /**
     * Passes of as many rows as the published ones had: with another number the last bits differ,
     * and 20 steps through kinks make more than 1e-3 of them in a pixel or two.
     */
    private static Evaluator evaluator(Network network, LayerHook hook) {
        var transform = PixelTransform.between(DIGIT, network.input(), network.preprocessing());
        return new Evaluator(hook, transform, ROWS);
    }

    private static Matrix matrix(String steps, String name) {
        try (var array = NpyReader.open(STEPS.resolve(steps + ".steps.npz"), name)) {
            return array.matrix();
        }
    }

    private static Inputs array(String steps, String name) {
        var digits = matrix(steps, name);
        return Inputs.of(Batch.of(DIGIT, toFloats(digits.toDoubles())));
    }

    private static void assertNear(float[] expected, float[] actual, String what) {
        assertEquals(expected.length, actual.length);
        int far = 0;
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs((double) expected[i] - actual[i]);
            assertTrue(error <= 1e-3, what + ": pixel " + i + " is off by " + error);
            far += error > 1e-5 ? 1 : 0;
        }
        assertTrue(
                far <= expected.length / 50,
                what + ": " + far + " of " + expected.length + " pixels are off by more than 1e-5");
    }

    @ParameterizedTest
    @CsvSource({
        "vgg0, vgg0, NONE",
        "resnet0, resnet0, BEFORE_LAYER",
        "resnet0, resnet0.truegrad, NONE",
        "adv0, adv0, NONE",
        "vit0, vit0, BEFORE_LAYER"
    })
    void iteratesAreThePublishedOnes(String name, String steps, FakeRelu fakeRelu) {
        var inputs = array(steps, "x");
        try (var network = open(name);
                var hook =
                        network.model().hook(network.layer(), new HookOptions(DIGIT, fakeRelu))) {
            var evaluator = evaluator(network, hook);
            var targets = Batch.allocate(ROWS, hook.layer().shape());
            evaluator.represent(inputs.read(0, ROWS), targets);
            var published = matrix(steps, "target");
            for (int i = 0; i < ROWS * published.columns(); i++) {
                assertEquals(
                        published.get(i / published.columns(), i % published.columns()),
                        targets.buffer().get(i),
                        1e-4);
            }
            var points = Batch.allocate(ROWS, DIGIT);
            var gradients = Batch.allocate(ROWS, DIGIT);
            for (int i = 0; i < ROWS; i++) {
                array(steps, "seed").read(i, points, i);
            }
            var point = new float[DIGIT.size()];
            var rule = new NormalisedGradient().begin(0, point);
            var gradient = new float[DIGIT.size()];
            for (int step = 1; step <= 20; step++) {
                evaluator.distance(points, targets, Norm.L2, new double[ROWS], gradients);
                for (int i = 0; i < ROWS; i++) {
                    points.buffer().get(i * point.length, point);
                    gradients.buffer().get(i * point.length, gradient);
                    rule.step(step - 1, 0, point, gradient);
                    points.buffer().put(i * point.length, point);
                }
                if (step == 1 || step == 2 || step == 3 || step == 5 || step == 10 || step == 20) {
                    var expected = matrix(steps, "x" + step);
                    assertNear(
                            Batch.of(DIGIT, toFloats(expected.toDoubles())).toArray(),
                            points.slice(0, ROWS).toArray(),
                            name + " after " + step + " steps");
                }
            }
        }
    }

    private static float[] toFloats(double[] values) {
        var floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** The search as users run it: the best of 20 iterates from the published seeds. */
    @ParameterizedTest
    @CsvSource({
        "vgg0, vgg0, NONE",
        "resnet0, resnet0, BEFORE_LAYER",
        "resnet0, resnet0.truegrad, NONE",
        "vit0, vit0, BEFORE_LAYER"
    })
    void theBestIterateIsThePublishedOne(String name, String steps, FakeRelu fakeRelu) {
        var inputs = array(steps, "x");
        var settings = InversionSettings.REFERENCE.withIterations(20);
        try (var network = open(name);
                var hook =
                        network.model().hook(network.layer(), new HookOptions(DIGIT, fakeRelu))) {
            var evaluator = evaluator(network, hook);
            var waiting =
                    new WaitingInputs(
                            inputs,
                            0,
                            inputs.count(),
                            new BitSet(),
                            hook.layer().shape(),
                            settings.norm(),
                            ROWS);
            var progress = new SearchProgress("test", 1, ProgressListener.SILENT);
            var place =
                    new SearchInMemory(
                            new RowLayout(inputs.count(), DIGIT, Milestones.of(settings)));
            var circumstances = new Circumstances(hook.fakeRelu(), Map.of());
            var found = place.open(0, inputs.count(), circumstances, note -> {});
            new Search(
                            settings,
                            waiting,
                            array(steps, "seed")::read,
                            Optional.empty(),
                            found,
                            progress)
                    .work(evaluator, new NormalisedGradient(), ROWS);
            Inversion inversion = place.gather();
            var best = matrix(steps, "best20").toDoubles();
            for (int i = 0; i < best.length; i++) {
                best[i] = Math.min(1, Math.max(0, best[i]));
            }
            assertNear(
                    toFloats(best),
                    inversion.invariantInputs().read(0, ROWS).toArray(),
                    name + ", best of 20");
            assertEquals(
                    fakeRelu == FakeRelu.BEFORE_LAYER && name.startsWith("resnet"),
                    inversion.fakeRelu());
        }
    }

    @Test
    void theSameForAnyBatchSizeAndThreads() {
        var cache = Path.of("target", "native-cache").toAbsolutePath();
        var stir = Stir.load(Optional.empty(), cache);
        var inputs = array("resnet0", "x");
        var settings = InversionSettings.REFERENCE.withIterations(15);
        float[] expected = null;
        for (int threads = 1; threads <= 2; threads++) {
            for (int batchSize : new int[] {1, 7, 100}) {
                var spec =
                        NetworkSpec.of(MODELS.resolve("resnet0.script.pt"))
                                .withThreads(threads)
                                .withBatchSize(batchSize);
                try (var network = stir.open(spec)) {
                    var found =
                            stir.invert(network, inputs, settings, StudyListener.SILENT)
                                    .invariantInputs()
                                    .read(0, inputs.count())
                                    .toArray();
                    expected = expected == null ? found : expected;
                    assertArrayEquals(
                            expected, found, "batch size " + batchSize + ", threads " + threads);
                }
            }
        }
    }
}
