package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.backend.tf.Refusals.assertContains;
import static stir.backend.tf.Refusals.sentence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import stir.api.BackendException;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.ModelOptions;
import stir.api.Shape;
import stir.api.UsageException;
import stir.backend.tf.run.TfNatives;

/** Unsupported models and requests are refused in one sentence. */
class UnsuitableModelTest {
    private static final Shape DIGIT = Shape.of(28, 28, 1);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "signature, nope, 'fixed, looped'",
        "tags, train, serve",
        "input, nope, ''",
    })
    void meaninglessSettings(String setting, String value, String known) {
        var e = assertThrows(
                UsageException.class,
                () -> Models.open(Resources.path(setting.equals("input") ? "tf_vgg0" : "odd"), Map.of(setting, value)));
        assertContains(sentence(e), value);
        for (String name : known.split(", ", -1)) {
            assertContains(e.getMessage(), name);
        }
    }

    @Test
    void severalSignatures() {
        var e = assertThrows(UsageException.class, () -> Models.open(Resources.path("odd")));
        assertContains(sentence(e), "fixed", "sorted", "setting 'signature'");
    }

    @ParameterizedTest
    @CsvSource({"strings, strings", "bytes, uint8 values"})
    void inputsThatAreNotImages(String signature, String words) {
        var e = assertThrows(
                DataException.class, () -> Models.open(Resources.path("odd"), Map.of("signature", signature)));
        assertContains(sentence(e), words);
    }

    @Test
    void severalInputsOfWhichNoneIsGiven() {
        var e = assertThrows(
                UsageException.class, () -> Models.open(Resources.path("odd"), Map.of("signature", "two")));
        assertContains(sentence(e), "2 inputs", "choose the searched input");
    }

    @ParameterizedTest
    @CsvSource({
        "28x28",
        "28x28x3",
        "1x28x28",
        "27x28x1",
        "28x28x1x1",
        "784",
    })
    void inputsOfAnotherShape(String shape) {
        try (var model = Models.open(Resources.path("tf_vgg0"))) {
            var e = assertThrows(DataException.class, () -> model.hook("relu1", new HookOptions(Shape.parse(shape))));
            assertContains(sentence(e), "28x28x1", shape);
            assertThrows(DataException.class, () -> model.layers(Shape.parse(shape)));
        }
    }

    @Test
    void inputsOfAnotherShapeThanAnUnstatedOne() throws IOException {
        var graph = GraphDef.parseFrom(Files.readAllBytes(Resources.path("adv0.frozen.pb")));
        var builder = graph.toBuilder();
        for (var node : builder.getNodeBuilderList()) {
            if (node.getOp().equals("Placeholder")) {
                node.removeAttr("shape");
            }
        }
        var file = Files.write(folder.resolve("open.pb"), builder.build().toByteArray());
        try (var model = Models.open(file)) {
            assertEquals(0, model.input().shape().rank());
            assertTrue(model.defaultLayer().isEmpty());
            for (String shape : new String[] {"28x28", "28x28x3", "784", "20x28x1"}) {
                var e = assertThrows(
                        DataException.class, () -> model.hook("relu1", new HookOptions(Shape.parse(shape))));
                assertContains(sentence(e), "does not accept inputs of this shape");
            }
            try (var hook = model.hook("relu1", new HookOptions(DIGIT))) {
                assertEquals(Shape.of(128), hook.layer().shape());
            }
        }
    }

    @Test
    void gpuWithoutGpuLibrary() {
        var device = Device.parse("cuda:1");
        var e = assertThrows(
                UsageException.class,
                () -> new TfBackendProvider()
                        .open(Resources.path("tf_vgg0"), new ModelOptions(device, 1, Models.cache(), Map.of())));
        assertContains(sentence(e), "cuda:1", "linux-x86_64-gpu");
    }

    @Test
    void aSmallerBatchIsAdvisedOnlyWhereMemoryRunsOut() throws IOException {
        TfNatives.load(Models.cache());
        try (var graph = new Graph()) {
            var tf = Ops.create(graph);
            var x = tf.placeholder(TFloat32.class, Placeholder.shape(org.tensorflow.ndarray.Shape.of(-1, 4)));
            var infinite = tf.math.div(x, tf.math.sub(x, x));
            tf.withName("checked").debugging.checkNumerics(infinite, "no numbers");
            var zero = tf.math.mul(tf.max(x, tf.array(0, 1)), tf.constant(0f));
            var times = tf.math.add(tf.array(1f, 0x1p44f), zero);
            var vast = tf.tile(x, tf.dtypes.cast(times, TInt64.class));
            tf.withName("vast").max(vast, tf.constant(new int[] {1}));
            Files.write(folder.resolve("failing.pb"), graph.toGraphDef().toByteArray());
        }
        try (var model = Models.open(folder.resolve("failing.pb"))) {
            var options = HookOptions.withoutGradients(Shape.of(4));
            var failed = assertThrows(BackendException.class, () -> model.hook("checked", options));
            assertContains(sentence(failed), "no numbers", "choose an earlier layer");
            var full = assertThrows(BackendException.class, () -> model.hook("vast", options));
            assertContains(sentence(full), "ran out of memory", "use a smaller batch size");
        }
    }

    @Test
    void layersAfterAnOperationWithoutGradient() {
        var settings = Map.of("signature", "sorted");
        try (var model = Models.open(Resources.path("odd"), settings)) {
            var layers = model.layers(Shape.of(8));
            var last = layers.get(layers.size() - 1);
            assertContains(last.obstacle().orElseThrow(), "TopKV2", "top");
            var e = assertThrows(DataException.class, () -> model.hook("after", new HookOptions(Shape.of(8))));
            assertContains(sentence(e), "TopKV2", "before");
            var inputs = Batch.allocate(2, Shape.of(8));
            inputs.set(1, 0, 1);
            try (var hook = model.hook("after", HookOptions.withoutGradients(Shape.of(8)))) {
                var found = Batch.allocate(2, hook.layer().shape());
                hook.represent(inputs, found);
                assertFalse(Arrays.equals(
                        found.slice(0, 1).toArray(), found.slice(1, 2).toArray()));
                assertThrows(IllegalStateException.class, () -> hook.pullback(inputs, found, inputs));
            }
            model.hook("before", new HookOptions(Shape.of(8))).close();
        }
    }

    @Test
    void layersAfterControlFlowOnValues() {
        var settings = Map.of("signature", "looped");
        try (var model = Models.open(Resources.path("odd"), settings)) {
            var last = model.layers(Shape.of(8));
            var obstacle = last.get(last.size() - 1).obstacle().orElseThrow();
            assertContains(obstacle, "control flow", "While");
            model.hook("before", new HookOptions(Shape.of(8))).close();
        }
    }
}
