package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
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
import stir.api.contract.Numerical;
import stir.core.LoadOptions;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inputs.Rows;
import stir.core.inputs.ValueRange;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.optimizer.reference.NormalisedGradientDescent;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.pass.Evaluator;
import stir.core.network.pass.HookEvaluator;
import stir.core.network.pass.PixelTransform;
import stir.core.representation.MatrixFile;
import stir.core.runtime.progress.ProgressListener;
import stir.core.runtime.work.SearchProgress;

/**
 * The published code's own iterates, run through libtorch. The files in {@code steps} hold 8
 * digits, the seed of each, the points after each of 20 steps of the authors' code, and the best of
 * them; {@code src/test/python/published_steps.py} writes them.
 *
 * <p>Each step begins at the published point: over many steps a difference in the last bit, which
 * another processor makes, decides on which side of a ReLU's kink a point lies.
 */
@Numerical
class PublishedAlgorithmTest {
    private static final Path MODELS =
            Path.of("..", "backend-djl", "src", "test", "resources", "stir", "backend", "djl");
    private static final Path FILES = Path.of("src", "test", "resources", "steps");
    private static final int ROWS = 8;
    private static final int STEPS = 20;

    private static final double LENGTH_OF_STEP = 0.5;

    /** Some ten times the rounding of a step that was seen: 7e-7, for pixels up to 1. */
    private static final double ROUNDING = 1e-5;

    private static final Shape DIGIT = Shape.of(1, 28, 28);

    private static Network open(String network) {
        var cache = Path.of("target", "native-cache").toAbsolutePath();
        return Stir.load(LoadOptions.DEFAULT.withCache(cache))
                .open(NetworkSpec.of(MODELS.resolve(network + ".script.pt")).withThreads(1));
    }

    private static Evaluator evaluator(Network network, LayerHook hook) {
        var transform = PixelTransform.between(DIGIT, network.input(), network.preprocessing());
        return new HookEvaluator(hook, network, transform, ROWS, false);
    }

    private static Matrix matrix(String steps, String name) {
        return MatrixFile.read(FILES.resolve(steps + ".steps.npz"), Optional.of(name));
    }

    private static Inputs array(String steps, String name) {
        var digits = matrix(steps, name);
        var batch = Batch.of(DIGIT, toFloats(digits.toDoubles()));
        Rows rows = (index, into, row) -> into.copyRow(batch, index, row);
        return Inputs.of(name, batch.rows(), DIGIT, rows); // seeds outside of [0,1] too
    }

    /** A pass at one point per row, and the step that follows it. */
    private static final class Step {
        /** Distances from the targets, relative to the targets' lengths. */
        private final double[] residuals = new double[ROWS];

        /** The points one step later. */
        private final float[][] next = new float[ROWS][];

        Step(Evaluator evaluator, Batch targets, Batch points) {
            var gradients = Batch.allocate(ROWS, DIGIT);
            evaluator.distance(points, new int[ROWS], targets, Norm.L2, residuals, gradients);
            for (int row = 0; row < ROWS; row++) {
                residuals[row] /= length(row(targets, row));
                next[row] = row(points, row);
                new NormalisedGradientDescent()
                        .begin(0, next[row])
                        .step(0, residuals[row], next[row], row(gradients, row));
            }
        }
    }

    private static float[] row(Batch batch, int row) {
        var values = new float[batch.rowSize()];
        batch.buffer().get(row * values.length, values);
        return values;
    }

    private static double length(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    private static float[] difference(float[] a, float[] b) {
        var difference = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return difference;
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static Batch targets(Evaluator evaluator, Inputs inputs) {
        var targets = Batch.allocate(ROWS, evaluator.representation());
        evaluator.represent(inputs.read(0, ROWS), new int[ROWS], targets);
        return targets;
    }

    /**
     * Asserts that each step from a published point is the published one within rounding. A point
     * may lie so close to a kink of the network that rounding decides on which side: at most two
     * rows of a step and five of all 160 do, and their direction changes by less than a tenth.
     */
    @ParameterizedTest
    @CsvSource({
        "vgg0, vgg0, NONE",
        "resnet0, resnet0, BEFORE_LAYER",
        "resnet0, resnet0.truegrad, NONE",
        "adv0, adv0, NONE",
        "vit0, vit0, BEFORE_LAYER"
    })
    void eachStepIsThePublishedOne(String name, String published, FakeRelu fakeRelu) {
        var iterates = array(published, "iterates");
        var losses = matrix(published, "losses");
        try (var network = open(name);
                var hook = network.model().hook(network.layer(), new HookOptions(DIGIT, fakeRelu))) {
            var evaluator = evaluator(network, hook);
            var targets = targets(evaluator, array(published, "x"));
            assertTrue(largest(difference(toFloats(matrix(published, "target").toDoubles()), targets.toArray()))
                    < 1e-4);
            int atKinks = 0;
            for (int step = 0; step < STEPS; step++) {
                var points = iterates.read(step * ROWS, ROWS);
                var expected = iterates.read((step + 1) * ROWS, ROWS);
                var ours = new Step(evaluator, targets, points);
                double loss = Arrays.stream(ours.residuals).average().orElseThrow();
                assertEquals(losses.get(step, 0), loss, 1e-5 * loss);
                int rowsAtKinks = 0;
                for (int row = 0; row < ROWS; row++) {
                    var difference = difference(row(expected, row), ours.next[row]);
                    if (!(largest(difference) <= ROUNDING)) { // NaN is far, too
                        rowsAtKinks++;
                        assertTrue(
                                length(difference) < 0.1 * LENGTH_OF_STEP,
                                published + ": step " + (step + 1) + " of row " + row);
                    }
                }
                assertTrue(rowsAtKinks <= 2, published + ": step " + (step + 1));
                atKinks += rowsAtKinks;
            }
            assertTrue(atKinks <= 5, published + ": at kinks " + atKinks);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "vgg0, vgg0, NONE",
        "resnet0, resnet0, BEFORE_LAYER",
        "resnet0, resnet0.truegrad, NONE",
        "adv0, adv0, NONE",
        "vit0, vit0, BEFORE_LAYER"
    })
    void thePublishedBestIsTheIterateOfLeastDistance(String name, String published, FakeRelu fakeRelu) {
        var iterates = array(published, "iterates");
        try (var network = open(name);
                var hook = network.model().hook(network.layer(), new HookOptions(DIGIT, fakeRelu))) {
            var evaluator = evaluator(network, hook);
            var targets = targets(evaluator, array(published, "x"));
            var best = new Step(evaluator, targets, array(published, "best").read(0, ROWS));
            var least = new float[ROWS][];
            var residuals = new double[ROWS];
            Arrays.fill(residuals, Double.POSITIVE_INFINITY);
            for (int step = 0; step <= STEPS; step++) {
                var points = iterates.read(step * ROWS, ROWS);
                keepLeast(new Step(evaluator, targets, points).residuals, points, residuals, least);
            }
            assertArrayEquals(residuals, best.residuals, 1e-5);
        }
    }

    private static void keepLeast(double[] candidates, Batch points, double[] residuals, float[][] least) {
        for (int row = 0; row < ROWS; row++) {
            if (candidates[row] < residuals[row]) {
                residuals[row] = candidates[row];
                least[row] = row(points, row);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "vgg0, vgg0, NONE",
        "resnet0, resnet0, BEFORE_LAYER",
        "resnet0, resnet0.truegrad, NONE",
        "adv0, adv0, NONE",
        "vit0, vit0, BEFORE_LAYER"
    })
    void aSearchKeepsTheBestOfItsIterates(String name, String published, FakeRelu fakeRelu) {
        var inputs = array(published, "x");
        var seeds = array(published, "iterates");
        var settings = InversionSettings.PUBLISHED.withIterations(STEPS);
        try (var network = open(name);
                var hook = network.model().hook(network.layer(), new HookOptions(DIGIT, fakeRelu))) {
            var evaluator = evaluator(network, hook);
            var targets = targets(evaluator, inputs);
            var least = new float[ROWS][];
            var residuals = new double[ROWS];
            Arrays.fill(residuals, Double.POSITIVE_INFINITY);
            var points = seeds.read(0, ROWS);
            for (int step = 0; step <= STEPS; step++) {
                var next = new Step(evaluator, targets, points);
                keepLeast(next.residuals, points, residuals, least);
                points = Batch.allocate(ROWS, DIGIT);
                for (int row = 0; row < ROWS; row++) {
                    points.buffer().put(row * DIGIT.size(), next.next[row]);
                }
            }
            var waiting = new InputQueue(
                    inputs, 0, inputs.count(), new BitSet(), hook.layer().shape(), settings.norm(), ROWS);
            var progress = new SearchProgress("test", 1, ProgressListener.SILENT);
            var place = new SearchInMemory(
                    new RowLayout(inputs.count(), DIGIT, CheckpointSchedule.of(settings), ValueRange.UNIT));
            var circumstances = new RunMetadata(hook.fakeRelu(), Map.of());
            var store = place.open(0, inputs.count(), circumstances, note -> {});
            new Search(settings, waiting, seeds, Optional.empty(), store, progress)
                    .work(evaluator, new NormalisedGradientDescent(), ROWS);
            Inversion inversion = place.gather();
            var kept = inversion.invariantInputs().read(0, ROWS);
            for (int row = 0; row < ROWS; row++) {
                assertArrayEquals(clamped(least[row]), row(kept, row), name + ", row " + row);
                assertEquals(residuals[row], inversion.residual(row), 1e-6 * residuals[row]);
            }
            assertEquals(fakeRelu == FakeRelu.BEFORE_LAYER && name.startsWith("resnet"), inversion.fakeRelu());
        }
    }

    private static float[] clamped(float[] values) {
        var clamped = values.clone();
        for (int i = 0; i < values.length; i++) {
            clamped[i] = Math.min(1, Math.max(0, values[i]));
        }
        return clamped;
    }

    private static float[] toFloats(double[] values) {
        var floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @Test
    void theSameForAnyBatchSizeAndThreads() {
        var cache = Path.of("target", "native-cache").toAbsolutePath();
        var stir = Stir.load(LoadOptions.DEFAULT.withCache(cache));
        var inputs = array("resnet0", "x");
        var settings = InversionSettings.PUBLISHED.withIterations(15);
        float[] expected = null;
        for (int threads : new int[] {1, 2, 4}) {
            for (int batchSize : new int[] {1, 7, 100}) {
                var spec = NetworkSpec.of(MODELS.resolve("resnet0.script.pt"))
                        .withThreads(threads)
                        .withBatchSize(batchSize);
                try (var network = stir.open(spec)) {
                    var inversion = stir.invert(network, inputs, settings)
                            .invariantInputs()
                            .read(0, inputs.count())
                            .toArray();
                    expected = expected == null ? inversion : expected;
                    assertArrayEquals(expected, inversion, "batch size " + batchSize + ", threads " + threads);
                }
            }
        }
    }
}
