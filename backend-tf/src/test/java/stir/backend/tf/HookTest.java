package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.backend.tf.Refusals.assertContains;
import static stir.backend.tf.Refusals.sentence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.contract.ExtendedUnits;
import stir.api.contract.Numerical;
import stir.backend.tf.run.TfNatives;

/** Properties of TensorFlow's hooks beyond the contract. */
@Numerical
class HookTest {
    private static final Shape DIGIT = Shape.of(28, 28, 1);
    private static final String INPUT_NODE = "serving_default_input";
    private static final CotangentRule ONES = (found, cotangents) -> {
        for (int i = 0; i < cotangents.buffer().limit(); i++) {
            cotangents.buffer().put(i, 1);
        }
    };

    private static Batch random(int rows, Shape shape, long seed) {
        var random = new Random(seed);
        var batch = Batch.allocate(rows, shape);
        for (int i = 0; i < batch.buffer().limit(); i++) {
            batch.buffer().put(i, random.nextFloat());
        }
        return batch;
    }

    @ParameterizedTest
    @ValueSource(strings = {"relu1", "pool3", "flatten"})
    void fakeReluKeepsTheValueAndPassesTheGradient(String layer) {
        try (var model = Models.open(Resources.path("tf_vgg0"));
                var plain = model.hook(layer, new HookOptions(DIGIT));
                var open = model.hook(layer, new HookOptions(DIGIT, FakeRelu.BEFORE_LAYER))) {
            assertFalse(plain.fakeRelu());
            assertTrue(open.fakeRelu());
            var inputs = random(4, DIGIT, 1);
            var values = Batch.allocate(4, plain.layer().shape());
            var same = Batch.allocate(4, plain.layer().shape());
            plain.represent(inputs, values);
            open.represent(inputs, same);
            Errors.assertSame(values, same);

            // a ReLU with output 0 blocks the gradient unless it is fake
            var cotangents = Batch.allocate(4, plain.layer().shape());
            for (int i = 0; i < cotangents.buffer().limit(); i++) {
                cotangents.buffer().put(i, values.buffer().get(i) == 0 ? 1 : 0);
            }
            var blocked = Batch.allocate(4, DIGIT);
            var passed = Batch.allocate(4, DIGIT);
            plain.pullback(inputs, cotangents, blocked);
            open.pullback(inputs, cotangents, passed);
            assertArrayEquals(new float[4 * DIGIT.size()], blocked.toArray());
            assertNotEquals(0, passed.toArray()[14 * 28 + 14]);
        }
    }

    @Test
    void fakeReluPassesTheGradientOfItsInput() {
        try (var model = Models.open(Resources.path("tf_vgg0"));
                var before = model.hook("fc1", new HookOptions(DIGIT));
                var open = model.hook("relu1", new HookOptions(DIGIT, FakeRelu.BEFORE_LAYER))) {
            var inputs = random(3, DIGIT, 2);
            var cotangents = random(3, Shape.of(128), 3);
            var expected = Batch.allocate(3, DIGIT);
            var found = Batch.allocate(3, DIGIT);
            before.pullback(inputs, cotangents, expected);
            open.pullback(inputs, cotangents, found);
            Errors.assertSame(expected, found);
        }
    }

    /** What a ReLU that leaks passes is between the real gradient and that of the fake ReLU. */
    @ParameterizedTest
    @CsvSource({"pool3, 0.05", "flatten, 0.05", "relu1, 1"})
    void aLeakyReluPassesAShareOfTheGradientThatIsBlocked(String layer, float share) {
        try (var model = Models.open(Resources.path("tf_vgg0"));
                var real = model.hook(layer, new HookOptions(DIGIT));
                var fake = model.hook(layer, new HookOptions(DIGIT, FakeRelu.BEFORE_LAYER));
                var leaky = model.hook(layer, new HookOptions(DIGIT, FakeRelu.LEAKY))) {
            assertTrue(leaky.fakeRelu());
            var inputs = random(3, DIGIT, 4);
            var values = Batch.allocate(3, real.layer().shape());
            var same = Batch.allocate(3, real.layer().shape());
            real.represent(inputs, values);
            leaky.represent(inputs, same);
            Errors.assertSame(values, same);
            var cotangents = random(3, real.layer().shape(), 5);
            var blocked = Batch.allocate(3, DIGIT);
            var expected = Batch.allocate(3, DIGIT);
            var found = Batch.allocate(3, DIGIT);
            real.pullback(inputs, cotangents, blocked);
            fake.pullback(inputs, cotangents, expected);
            leaky.pullback(inputs, cotangents, found);
            var mixed = new double[expected.buffer().limit()];
            for (int i = 0; i < mixed.length; i++) {
                double passed = share * expected.buffer().get(i);
                mixed[i] = passed + (1 - share) * blocked.buffer().get(i);
            }
            Errors.assertClose(mixed, found.toArray(), 1e-5, "gradients");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Relu", "Relu6"})
    void anExtendedReluExtendsUnitsThatAreOffAtAllPositions(String relu, @TempDir Path folder) throws IOException {
        TfNatives.load(Models.cache());
        var file = folder.resolve("pooled.pb");
        var input = Shape.of(6, 6, 4);
        try (var graph = new Graph()) {
            var tools = new OperationCase(graph);
            var any = Placeholder.shape(org.tensorflow.ndarray.Shape.of(-1, 6, 6, 4));
            var x = tools.tf.placeholder(TFloat32.class, any);
            var shifts = tools.tf.constant(new float[] {-3, -0.6f, 0, 4});
            var scaled = tools.tf.math.mul(x, tools.tf.constant(new float[] {1, -1, 2, 4}));
            var z = tools.tf.withName("z").math.add(tools.tf.math.square(scaled), shifts);
            var on = tools.first(tools.op(relu, "on").addInput(z.asOutput()));
            var mean = tools.tf.withName("mean").math.mean(on, tools.tf.array(1, 2));
            tools.tf.withName("result").reshape(mean, tools.tf.array(-1, 4));
            Files.write(file, graph.toGraphDef().toByteArray());
        }
        try (var model = Models.open(file)) {
            float limit = relu.equals("Relu6") ? 6 : Float.POSITIVE_INFINITY;
            ExtendedUnits.check(model, random(5, input, 6), "result", "z", true, limit);
        }
    }

    @ParameterizedTest
    @CsvSource({"relu1, true, true", "pool3, false, true", "flatten, false, true", "fc2, false, false"})
    void fakeReluIsReportedIfThereIsOne(String layer, boolean ofLayer, boolean beforeLayer) {
        try (var model = Models.open(Resources.path("tf_vgg0"))) {
            assertEquals(false, isFakeReluInEffect(model, layer, FakeRelu.NONE));
            assertEquals(ofLayer, isFakeReluInEffect(model, layer, FakeRelu.OF_LAYER));
            assertEquals(beforeLayer, isFakeReluInEffect(model, layer, FakeRelu.BEFORE_LAYER));
        }
    }

    private static boolean isFakeReluInEffect(stir.api.Model model, String layer, FakeRelu wanted) {
        try (var hook = model.hook(layer, new HookOptions(DIGIT, wanted))) {
            return hook.fakeRelu();
        }
    }

    @Test
    void aFixedBatchSizeIsReported() throws IOException {
        var stored = new Npz(Resources.path("odd.ref.npz"));
        var shape = Shape.of(8);
        try (var model = Models.open(Resources.path("odd"), Map.of("signature", "fixed"));
                var hook = model.hook(last(model), new HookOptions(shape))) {
            assertEquals(4, model.input().batch().orElseThrow());
            assertEquals(4, hook.batch().orElseThrow());
            assertEquals(Shape.of(4), hook.layer().shape());
            var targets = Batch.allocate(4, hook.layer().shape());
            hook.represent(four(Batch.of(shape, stored.floats("x"))), targets);
            Errors.assertClose(stored.array("fixed.rep"), targets.slice(0, 3).toArray(), 1e-5, "values");
            var gradients = Batch.allocate(4, shape);
            var moved = four(Batch.of(shape, stored.floats("xp")));
            hook.distance(moved, targets, Norm.L2, new double[4], gradients);
            Errors.assertClose(stored.array("fixed.grad"), gradients.slice(0, 3).toArray(), 1e-5, "gradients");
        }
    }

    /** Returns three rows followed by a copy of the last. */
    private static Batch four(Batch three) {
        var four = Batch.allocate(4, three.rowShape());
        for (int row = 0; row < 4; row++) {
            four.copyRow(three, Math.min(row, 2), row);
        }
        return four;
    }

    private static String last(stir.api.Model model) {
        var layers = model.layers(model.input().shape());
        return layers.get(layers.size() - 1).name();
    }

    @Test
    void inputsOfDoublePrecisionAreConverted() throws IOException {
        var stored = new Npz(Resources.path("odd.ref.npz"));
        var shape = Shape.of(8);
        try (var model = Models.open(Resources.path("odd"), Map.of("signature", "double"));
                var hook = model.hook(last(model), new HookOptions(shape))) {
            var targets = Batch.allocate(3, hook.layer().shape());
            hook.represent(Batch.of(shape, stored.floats("x")), targets);
            Errors.assertClose(stored.array("fixed.rep"), targets.toArray(), 1e-5, "values");
            var gradients = Batch.allocate(3, shape);
            var moved = Batch.of(shape, stored.floats("xp"));
            hook.distance(moved, targets, Norm.L2, new double[3], gradients);
            Errors.assertClose(stored.array("fixed.grad"), gradients.toArray(), 1e-5, "gradients");
        }
    }

    @Test
    void everyNodeCanBeNamed() {
        try (var model = Models.open(Resources.path("tf_vgg0"));
                var scope = model.hook("relu1_3", new HookOptions(DIGIT));
                var layer = model.hook("relu1", new HookOptions(DIGIT));
                var node = model.hook("functional_2_1/fc1_1/MatMul", new HookOptions(DIGIT))) {
            var inputs = random(2, DIGIT, 7);
            var a = Batch.allocate(2, Shape.of(128));
            var b = Batch.allocate(2, Shape.of(128));
            scope.represent(inputs, a);
            layer.represent(inputs, b);
            assertArrayEquals(a.toArray(), b.toArray());
            assertEquals("MatMul", node.layer().kind());
        }
    }

    /** Keras's first layer normalisation has the scope that is called as its second. */
    @Test
    void aNameThatCouldMeanTwoLayersIsRefusedWithBothPaths() {
        var options = new HookOptions(Shape.of(12, 12, 3));
        try (var model = Models.open(Resources.path("keras3_subclassed"))) {
            var refusal = assertThrows(UsageException.class, () -> model.hook("layer_normalization_1", options));
            assertContains(
                    sentence(refusal), "matches 2 layers", "mixer/layer_normalization, mixer/layer_normalization_1");
            try (var hook = model.hook("max_pooling2d", options)) {
                assertEquals("stage1/max_pooling2d", hook.layer().name());
            }
        }
    }

    @Test
    void theInputItselfCanBeHooked() {
        try (var model = Models.open(Resources.path("tf_vgg0"));
                var hook = model.hook(INPUT_NODE, new HookOptions(DIGIT))) {
            var inputs = random(2, DIGIT, 7);
            var values = Batch.allocate(2, DIGIT);
            var gradients = Batch.allocate(2, DIGIT);
            hook.pullback(inputs, ONES, values, gradients);
            assertArrayEquals(inputs.toArray(), values.toArray());
        }
    }
}
