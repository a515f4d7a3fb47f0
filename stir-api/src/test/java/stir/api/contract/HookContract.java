package stir.api.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import stir.api.BackendProvider;
import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.DataException;
import stir.api.Device;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Model;
import stir.api.ModelOptions;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.StirException;

/** The contract of a model's hooks at layers, a part of {@link BackendContract}. */
abstract class HookContract {
    /**
     * Returns the folder into which the backend may unpack its native libraries; shared by all
     * tests of a build.
     */
    protected Path cache() {
        return Path.of("target", "native-cache").toAbsolutePath();
    }

    /** Returns the provider under test, as {@link ServiceLoader} would create it. */
    protected abstract BackendProvider provider();

    /** Returns a small model of this backend. */
    protected abstract Path model();

    /** Returns the shape of one of its inputs. */
    protected abstract Shape inputShape();

    /** Returns the layer to measure; by default the one that the model proposes. */
    protected String layer(Model model) {
        return model.defaultLayer().orElseThrow();
    }

    ModelOptions options() {
        return new ModelOptions(Device.CPU, 1, cache(), Map.of());
    }

    Model open() {
        return provider().open(model(), options());
    }

    static void assertOneSentence(StirException e) {
        var message = e.getMessage();
        assertFalse(message.contains("\n"), "more than one line: " + message);
        assertTrue(message.length() < 500, "too long: " + message);
    }

    /** The number of rows of a pass, unless the model fixes it. */
    private static final int ROWS = 5;

    private LayerHook hook(Model model) {
        return model.hook(layer(model), new HookOptions(inputShape()));
    }

    /** Returns random numbers; those of neighbouring seeds of Random begin alike. */
    private static Random random(long seed) {
        return new Random(seed * 0x9e3779b97f4a7c15L);
    }

    /** Returns inputs in [0,1], with one black and one white pixel in ten. */
    private Batch inputs(int rows, long seed) {
        var random = random(seed);
        var batch = Batch.allocate(rows, inputShape());
        var values = batch.buffer();
        for (int i = 0; i < values.limit(); i++) {
            int kind = random.nextInt(10);
            values.put(i, kind < 2 ? kind : 0.1f + 0.8f * random.nextFloat());
        }
        return batch;
    }

    /** Returns memory like that of a batch, filled with NaN, which a pass overwrites. */
    private static Batch unwritten(Batch like) {
        var memory = Batch.allocate(like.rows(), like.rowShape());
        fill(memory, Float.NaN);
        return memory;
    }

    private static void assertWritten(Batch values, String what) {
        for (int i = 0; i < values.buffer().limit(); i++) {
            assertTrue(
                    Float.isFinite(values.buffer().get(i)),
                    "%s: value %d is NaN, infinite, or was not written".formatted(what, i));
        }
    }

    private static int rows(LayerHook hook) {
        return hook.batch().orElse(ROWS);
    }

    private static Batch like(LayerHook hook, int rows) {
        return unwritten(Batch.allocate(rows, hook.layer().shape()));
    }

    private static void assertClose(float[] expected, float[] actual, double tolerance, String what) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow((double) expected[i] - actual[i], 2);
            size += Math.pow(expected[i], 2);
        }
        double error = Math.sqrt(difference / Math.max(size, 1e-30));
        assertTrue(error <= tolerance, what + ": relative error " + error);
    }

    @Test
    void everyListedLayerHasTheListedShape() {
        try (var model = open()) {
            for (var layer : model.layers(inputShape())) {
                if (layer.obstacle().isEmpty()) {
                    try (var hook = model.hook(layer.name(), new HookOptions(inputShape()))) {
                        assertEquals(layer.shape(), hook.layer().shape(), layer.name());
                        int rows = hook.batch().orElse(2);
                        hook.represent(inputs(rows, 3), like(hook, rows));
                    }
                }
            }
        }
    }

    /**
     * The forward values of a fake ReLU are the ReLU's, but below 0 those of an extended one; that
     * of the layer computes all its values.
     */
    @Tag("once")
    @Test
    void aFakeReluIsReportedAndChangesNoValue() {
        try (var model = open()) {
            for (var layer : model.layers(inputShape())) {
                if (layer.obstacle().isEmpty()) {
                    aFakeReluIsReportedAndChangesNoValue(model, layer.name());
                }
            }
        }
    }

    /** Returns what two graphs of the same network may differ by: they may run other kernels. */
    private static float rounding(Batch values) {
        float largest = 0;
        for (float value : values.toArray()) {
            largest = Math.max(largest, Math.abs(value));
        }
        return Math.max(1e-5f * largest, Float.MIN_NORMAL);
    }

    private void aFakeReluIsReportedAndChangesNoValue(Model model, String layer) {
        try (var none = model.hook(layer, new HookOptions(inputShape()));
                var ofLayer = model.hook(layer, new HookOptions(inputShape(), FakeRelu.OF_LAYER));
                var before = model.hook(layer, new HookOptions(inputShape(), FakeRelu.BEFORE_LAYER));
                var leaky = model.hook(layer, new HookOptions(inputShape(), FakeRelu.LEAKY));
                var extended = model.hook(layer, new HookOptions(inputShape(), FakeRelu.EXTENDED))) {
            assertFalse(none.fakeRelu(), layer);
            assertTrue(before.fakeRelu() || !ofLayer.fakeRelu(), layer);
            assertTrue(leaky.fakeRelu() || !ofLayer.fakeRelu(), layer);
            assertTrue(extended.fakeRelu() || !ofLayer.fakeRelu(), layer);
            int rows = none.batch().orElse(2);
            var values = like(none, rows);
            none.represent(inputs(rows, 3), values);
            for (var fake : List.of(ofLayer, before, leaky, extended)) {
                var same = like(fake, rows);
                fake.represent(inputs(rows, 3), same);
                for (int i = 0;
                        fake == extended && fake.fakeRelu() && i < same.buffer().limit();
                        i++) {
                    same.buffer().put(i, Math.max(0, same.buffer().get(i)));
                }
                assertArrayEquals(values.toArray(), same.toArray(), rounding(values), layer);
            }
            if (ofLayer.fakeRelu()) {
                for (float value : values.toArray()) {
                    assertTrue(value >= 0, layer + " is not the value of a ReLU: " + value);
                }
            }
        }
    }

    @Test
    void refusesInputsOfAnotherShape() {
        try (var model = open()) {
            var shape = Shape.of(1, 2, 3, 5, 7);
            var refusal = assertThrows(DataException.class, () -> model.hook(layer(model), new HookOptions(shape)));
            assertOneSentence(refusal);
        }
    }

    @Test
    void hooksAcceptTheFixedNumberOfRowsOrAny() {
        try (var model = open();
                var hook = hook(model)) {
            assertEquals(inputShape(), hook.inputShape());
            assertTrue(
                    hook.batch().isEmpty() || hook.batch().equals(model.input().batch()),
                    hook.batch() + " of a model that takes " + model.input().batch());
        }
    }

    /** The single pixels along which the gradient of a row is compared. */
    private static final int PIXELS = 8;

    /** The largest median error, which rounding and kinks explain. */
    private static final double GRADIENT_ERROR = 1e-2;

    /**
     * The directions are not those of the gradient under test alone, which a gradient that is 0 for
     * some pixels passes; nor random ones alone, in which errors of many pixels cancel.
     */
    @Test
    void gradientAgreesWithFiniteDifferences() {
        try (var model = open();
                var hook = hook(model)) {
            int rows = rows(hook);
            var inputs = inputs(rows, 11);
            var cotangents = like(hook, rows);
            var random = random(12);
            for (int i = 0; i < cotangents.buffer().limit(); i++) {
                cotangents.buffer().put(i, (float) random.nextGaussian());
            }
            var gradients = unwritten(inputs);
            hook.pullback(inputs, cotangents, gradients);
            var alongRandom = new double[2 * rows];
            var alongPixels = new double[PIXELS * rows];
            for (int row = 0; row < rows; row++) {
                var gradient = gradients.slice(row, row + 1).toArray();
                double norm = norm(gradient);
                assertTrue(norm > 0, "no gradient, or NaN, in row " + row);
                var check = new Slopes(hook, inputs, cotangents, row, gradient);
                for (int i = 0; i < 2; i++) {
                    var direction = new float[gradient.length];
                    for (int at = 0; at < direction.length; at++) {
                        direction[at] = (float) random.nextGaussian();
                    }
                    double length = norm(direction);
                    for (int at = 0; at < direction.length; at++) {
                        direction[at] = (float) (direction[at] / length + gradient[at] / norm);
                    }
                    alongRandom[2 * row + i] = check.error(direction);
                }
                for (int i = 0; i < PIXELS; i++) {
                    int pixel = random.nextInt(gradient.length);
                    for (int more = 0; more < 20 && Math.abs(gradient[pixel]) * 28 < norm; more++) {
                        pixel = random.nextInt(gradient.length); // its slope would be rounding
                    }
                    var direction = new float[gradient.length];
                    direction[pixel] = 1;
                    alongPixels[PIXELS * row + i] = check.error(direction);
                }
            }
            assertSmall(alongRandom, "gradient plus a random direction");
            assertSmall(alongPixels, "single pixels");
        }
    }

    private static void assertSmall(double[] errors, String directions) {
        Arrays.sort(errors);
        double median = errors[errors.length / 2];
        assertTrue(
                median < GRADIENT_ERROR, "gradient along %s: median relative error %s".formatted(directions, median));
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    /** The slopes of a row's representation, by finite differences and by a gradient. */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Slopes(LayerHook hook, Batch inputs, Batch cotangents, int row, float[] gradient) {
        /** Returns the relative error in a direction. */
        double error(float[] direction) {
            double expected = 0;
            for (int i = 0; i < direction.length; i++) {
                expected += (double) gradient[i] * direction[i];
            }
            double best = Double.POSITIVE_INFINITY; // kinks and rounding require other steps
            for (double step : new double[] {3e-1, 1e-1, 3e-2, 1e-2, 3e-3}) {
                double slope = (at(direction, step) - at(direction, -step)) / (2 * step);
                double size = Math.max(Math.abs(slope), Math.abs(expected));
                best = Math.min(best, size == 0 ? 0 : Math.abs(slope - expected) / size);
            }
            return best;
        }

        private double at(float[] direction, double step) {
            var moved = inputs.copy();
            for (int i = 0; i < direction.length; i++) {
                moved.set(row, i, (float) (inputs.get(row, i) + step * direction[i]));
            }
            return project(hook, moved, cotangents, row);
        }
    }

    private static double project(LayerHook hook, Batch inputs, Batch cotangents, int row) {
        var representations = like(hook, inputs.rows());
        hook.represent(inputs, representations);
        double sum = 0;
        for (int i = 0; i < cotangents.rowSize(); i++) {
            sum += (double) representations.get(row, i) * cotangents.get(row, i);
        }
        return sum;
    }

    @Test
    void valuesAreWrittenAndFinite() {
        try (var model = open();
                var hook = hook(model)) {
            int rows = rows(hook);
            var inputs = inputs(rows, 95);
            var found = like(hook, rows);
            hook.represent(inputs, found);
            assertWritten(found, "representations");
            var again = like(hook, rows);
            var gradients = unwritten(inputs);
            CotangentRule ones = (values, cotangents) -> fill(cotangents, 1);
            hook.pullback(inputs, ones, again, gradients);
            assertWritten(again, "representations of a pullback");
            assertWritten(gradients, "gradients");
        }
    }

    @Test
    void inputsAreNotWritten() {
        try (var model = open();
                var hook = hook(model)) {
            int rows = rows(hook);
            var inputs = inputs(rows, 91);
            var before = inputs.toArray();
            var found = like(hook, rows);
            hook.represent(inputs, found);
            assertArrayEquals(before, inputs.toArray(), "represent wrote into its inputs");
            var cotangents = found.copy();
            hook.pullback(inputs, cotangents, unwritten(inputs));
            assertArrayEquals(before, inputs.toArray(), "pullback wrote into its inputs");
            assertArrayEquals(found.toArray(), cotangents.toArray(), "pullback wrote into its cotangents");
            hook.distance(inputs, found, Norm.L2, new double[rows], unwritten(inputs));
            assertArrayEquals(before, inputs.toArray(), "distance wrote into its inputs");
        }
    }

    @Test
    void rowsAreIndependent() {
        try (var model = open();
                var hook = hook(model)) {
            int rows = rows(hook);
            var inputs = inputs(rows, 21);
            var targets = like(hook, rows);
            hook.represent(inputs(rows, 22), targets);
            var together = unwritten(inputs);
            var distances = new double[rows];
            hook.distance(inputs, targets, Norm.L2, distances, together);
            for (int row = 0; row < rows; row++) {
                var others = inputs(rows, 23 + row);
                others.copyRow(inputs, row, row);
                var gradients = unwritten(others);
                var found = new double[rows];
                hook.distance(others, targets, Norm.L2, found, gradients);
                assertEquals(distances[row], found[row], 1e-4 * distances[row], "row " + row);
                assertClose(
                        together.slice(row, row + 1).toArray(),
                        gradients.slice(row, row + 1).toArray(),
                        1e-3,
                        "gradient of row " + row);
            }
        }
    }

    @Test
    void anyNumberOfRowsIsAcceptedUnlessItIsFixed() {
        try (var model = open();
                var hook = hook(model)) {
            int most = hook.batch().isPresent() ? 0 : ROWS;
            var inputs = inputs(ROWS, 25);
            var together = like(hook, ROWS);
            for (int rows = most; rows > 0; rows--) {
                var found = like(hook, rows);
                hook.represent(inputs.slice(0, rows), found);
                if (rows == ROWS) {
                    together = found;
                }
                assertClose(together.slice(0, rows).toArray(), found.toArray(), 1e-4, rows + " rows");
            }
            assertEquals(ROWS, together.rows());
        }
    }

    @Test
    void distanceAgreesWithItsDefinition() {
        try (var model = open();
                var hook = hook(model)) {
            int rows = rows(hook);
            var inputs = inputs(rows, 31);
            var targets = like(hook, rows);
            hook.represent(inputs(rows, 32), targets);
            for (var norm : List.of(Norm.L1, Norm.L2, Norm.LINF, new Norm(3))) {
                var expected = new double[rows];
                var expectedGradients = unwritten(inputs);
                hook.pullback(
                        inputs,
                        (found, cotangents) -> norm.derivatives(found, targets, expected, cotangents),
                        like(hook, rows),
                        expectedGradients);
                var distances = new double[rows];
                var gradients = unwritten(inputs);
                hook.distance(inputs, targets, norm, distances, gradients);
                assertArrayEquals(expected, distances, 1e-4 * (1 + expected[0]), "norm " + norm);
                assertClose(expectedGradients.toArray(), gradients.toArray(), 1e-3, "norm " + norm);
            }
        }
    }

    @Test
    void anExactMatchHasZeroDistanceAndGradient() {
        try (var model = open();
                var hook = hook(model)) {
            int rows = rows(hook);
            var inputs = inputs(rows, 41);
            var targets = like(hook, rows);
            hook.represent(inputs, targets);
            var distances = new double[rows];
            var gradients = unwritten(inputs);
            hook.distance(inputs, targets, Norm.L2, distances, gradients);
            assertTrue(gradients.buffer().limit() > 0);
            for (int row = 0; row < rows; row++) {
                assertEquals(0, distances[row], 1e-4, "distance of row " + row);
                for (int i = 0; i < gradients.rowSize(); i++) {
                    assertFalse(Float.isNaN(gradients.get(row, i)), "NaN in row " + row);
                }
            }
        }
    }

    @Test
    void repeatsItselfBitForBit() {
        try (var model = open();
                var hook = hook(model)) {
            int rows = rows(hook);
            var inputs = inputs(rows, 51);
            var targets = like(hook, rows);
            hook.represent(inputs(rows, 52), targets);
            var first = unwritten(inputs);
            var second = unwritten(inputs);
            hook.distance(inputs, targets, Norm.L2, new double[rows], first);
            hook.represent(inputs, like(hook, rows));
            hook.distance(inputs, targets, Norm.L2, new double[rows], second);
            assertArrayEquals(first.toArray(), second.toArray());
        }
    }

    @Test
    void severalThreadsGetTheResultsOfOne() throws Exception {
        try (var model = open();
                var hook = hook(model)) {
            int rows = rows(hook);
            var inputs = inputs(rows, 61);
            var targets = like(hook, rows);
            hook.represent(inputs(rows, 62), targets);
            var alone = unwritten(inputs);
            hook.distance(inputs, targets, Norm.L2, new double[rows], alone);
            var threads = Executors.newFixedThreadPool(4);
            try {
                var tasks = new ArrayList<Callable<float[]>>();
                for (int i = 0; i < 16; i++) {
                    tasks.add(() -> {
                        var gradients = unwritten(inputs);
                        hook.distance(inputs, targets, Norm.L2, new double[rows], gradients);
                        return gradients.toArray();
                    });
                }
                for (var task : threads.invokeAll(tasks)) {
                    assertClose(alone.toArray(), task.get(), 1e-5, "a thread's gradient");
                }
            } finally {
                threads.shutdown();
            }
        }
    }

    @Test
    void aRuleMayUseTheHook() {
        try (var model = open();
                var hook = hook(model)) {
            int rows = rows(hook);
            CotangentRule ones = (found, cotangents) -> fill(cotangents, 1);
            var first = inputs(rows, 71);
            var second = inputs(rows, 72);
            var expectedFirst = unwritten(first);
            var expectedSecond = unwritten(first);
            hook.pullback(first, ones, like(hook, rows), expectedFirst);
            hook.pullback(second, ones, like(hook, rows), expectedSecond);

            var outer = unwritten(first);
            var inner = unwritten(first);
            hook.pullback(
                    first,
                    (found, cotangents) -> {
                        hook.pullback(second, ones, like(hook, rows), inner);
                        fill(cotangents, 1);
                    },
                    like(hook, rows),
                    outer);
            assertArrayEquals(expectedSecond.toArray(), inner.toArray());
            assertArrayEquals(expectedFirst.toArray(), outer.toArray());
        }
    }

    private static void fill(Batch batch, float value) {
        for (int i = 0; i < batch.buffer().limit(); i++) {
            batch.buffer().put(i, value);
        }
    }

    @Test
    void aFailureOfARuleIsThrownAndLeavesTheHookIntact() {
        try (var model = open();
                var hook = hook(model)) {
            int rows = rows(hook);
            var inputs = inputs(rows, 75);
            var before = like(hook, rows);
            hook.represent(inputs, before);
            var failure = new UnsupportedOperationException("the rule's own");
            var thrown = assertThrows(
                    UnsupportedOperationException.class,
                    () -> hook.pullback(
                            inputs,
                            (found, cotangents) -> {
                                throw failure;
                            },
                            like(hook, rows),
                            unwritten(inputs)));
            assertSame(failure, thrown);
            var after = like(hook, rows);
            hook.represent(inputs, after);
            assertArrayEquals(before.toArray(), after.toArray());
        }
    }

    @Test
    void hooksAreOpenedAndClosedWhileTheModelIsOpen() {
        try (var model = open()) {
            var found = new ArrayList<float[]>();
            for (int i = 0; i < 3; i++) {
                try (var hook = hook(model)) {
                    var representations = like(hook, rows(hook));
                    hook.represent(inputs(rows(hook), 81), representations);
                    found.add(representations.toArray());
                }
            }
            assertArrayEquals(found.get(0), found.get(1));
            assertArrayEquals(found.get(0), found.get(2));
        }
    }
}
