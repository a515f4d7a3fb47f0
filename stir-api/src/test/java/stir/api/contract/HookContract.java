package stir.api.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

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

    /** Returns inputs well inside [0,1]. */
    private Batch inputs(int rows, long seed) {
        var random = new Random(seed);
        var batch = Batch.allocate(rows, inputShape());
        var values = batch.buffer();
        for (int i = 0; i < values.limit(); i++) {
            values.put(i, 0.1f + 0.8f * random.nextFloat());
        }
        return batch;
    }

    private static int rows(LayerHook hook) {
        return hook.batch().orElse(ROWS);
    }

    private static Batch like(LayerHook hook, int rows) {
        return Batch.allocate(rows, hook.layer().shape());
    }

    private static void assertClose(
            float[] expected, float[] actual, double tolerance, String what) {
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
                var before =
                        model.hook(layer, new HookOptions(inputShape(), FakeRelu.BEFORE_LAYER));
                var leaky = model.hook(layer, new HookOptions(inputShape(), FakeRelu.LEAKY));
                var extended =
                        model.hook(layer, new HookOptions(inputShape(), FakeRelu.EXTENDED))) {
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
            var refusal =
                    assertThrows(
                            DataException.class,
                            () -> model.hook(layer(model), new HookOptions(shape)));
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

    @Test
    void gradientAgreesWithFiniteDifferences() {
        try (var model = open();
                var hook = hook(model)) {
            int rows = rows(hook);
            var inputs = inputs(rows, 11);
            var cotangents = like(hook, rows);
            var random = new Random(12);
            for (int i = 0; i < cotangents.buffer().limit(); i++) {
                cotangents.buffer().put(i, (float) random.nextGaussian());
            }
            var gradients = inputs.copy();
            hook.pullback(inputs, cotangents, gradients);
            var errors = new double[rows];
            for (int row = 0; row < rows; row++) {
                double norm = 0;
                for (int i = 0; i < inputs.rowSize(); i++) {
                    norm += Math.pow(gradients.get(row, i), 2);
                }
                norm = Math.sqrt(norm);
                assertTrue(norm > 0, "no gradient in row " + row);
                double best =
                        Double.POSITIVE_INFINITY; // kinks and rounding require different step sizes
                for (double step : new double[] {1e-1, 3e-2, 1e-2, 3e-3}) {
                    var forward = inputs.copy();
                    var backward = inputs.copy();
                    for (int i = 0; i < inputs.rowSize(); i++) {
                        float move = (float) (step * gradients.get(row, i) / norm);
                        forward.set(row, i, inputs.get(row, i) + move);
                        backward.set(row, i, inputs.get(row, i) - move);
                    }
                    double slope =
                            (project(hook, forward, cotangents, row)
                                            - project(hook, backward, cotangents, row))
                                    / (2 * step);
                    best = Math.min(best, Math.abs(slope - norm) / norm);
                }
                errors[row] = best;
            }
            Arrays.sort(errors);
            assertTrue(errors[rows / 2] < 1e-2, "median relative error " + errors[rows / 2]);
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
    void rowsAreIndependent() {
        try (var model = open();
                var hook = hook(model)) {
            int rows = rows(hook);
            var inputs = inputs(rows, 21);
            var targets = like(hook, rows);
            hook.represent(inputs(rows, 22), targets);
            var together = inputs.copy();
            var distances = new double[rows];
            hook.distance(inputs, targets, Norm.L2, distances, together);
            for (int row = 0; row < rows; row++) {
                var others = inputs(rows, 23 + row);
                others.copyRow(inputs, row, row);
                var gradients = others.copy();
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
                assertClose(
                        together.slice(0, rows).toArray(), found.toArray(), 1e-4, rows + " rows");
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
                var expectedGradients = inputs.copy();
                hook.pullback(
                        inputs,
                        (found, cotangents) ->
                                norm.derivatives(found, targets, expected, cotangents),
                        like(hook, rows),
                        expectedGradients);
                var distances = new double[rows];
                var gradients = inputs.copy();
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
            var gradients = inputs.copy();
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
            var first = inputs.copy();
            var second = inputs.copy();
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
            var alone = inputs.copy();
            hook.distance(inputs, targets, Norm.L2, new double[rows], alone);
            var threads = Executors.newFixedThreadPool(4);
            try {
                var tasks = new ArrayList<Callable<float[]>>();
                for (int i = 0; i < 16; i++) {
                    tasks.add(
                            () -> {
                                var gradients = inputs.copy();
                                hook.distance(
                                        inputs, targets, Norm.L2, new double[rows], gradients);
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
            var expectedFirst = first.copy();
            var expectedSecond = first.copy();
            hook.pullback(first, ones, like(hook, rows), expectedFirst);
            hook.pullback(second, ones, like(hook, rows), expectedSecond);

            var outer = first.copy();
            var inner = first.copy();
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
            var thrown =
                    assertThrows(
                            UnsupportedOperationException.class,
                            () ->
                                    hook.pullback(
                                            inputs,
                                            (found, cotangents) -> {
                                                throw failure;
                                            },
                                            like(hook, rows),
                                            inputs.copy()));
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
