package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Model;
import stir.api.Norm;
import stir.api.contract.Numerical;

/** Hooks of all kinds of models agree with Python's TensorFlow ({@code make_fixtures.py}). */
@Numerical
@Tag("slow")
class PythonGradientTest {
    private static final int ROWS = 3;

    @ParameterizedTest
    @CsvSource({
        "keras3_small, conv2d conv2d_1 gelu encoder mha gap out",
        "keras3_augmented, moved conv gap",
        "keras3_subclassed, stage2/block_2/conv2d_4 stage2/block_2 mixer/layer_normalization mixer/layer_normalization_1 mixer_1/layer_normalization_2 head",
        "keras2_small, conv2d_1 gap probs",
        "tf1_reference, embedding",
        "tf1_resource, embedding",
    })
    void equalsPython(String name, String layers) throws IOException {
        var stored = new Npz(Resources.path(name + ".ref.npz"));
        try (var model = Models.open(Resources.path(name), Map.of("signature", "serving_default"))) {
            for (var layer : layers.split(" ", -1)) {
                equalsPython(model, layer, stored);
            }
        }
    }

    private static void equalsPython(Model model, String layer, Npz stored) {
        var shape = model.input().shape();
        try (var hook = model.hook(layer, new HookOptions(shape))) {
            var targets = Batch.allocate(ROWS, hook.layer().shape());
            hook.represent(Batch.of(shape, stored.floats("x")), targets);
            var expected = stored.array(layer + ".rep");
            assertEquals(expected.length, ROWS * hook.layer().shape().size(), "values of " + layer);
            Errors.assertClose(expected, targets.toArray(), 1e-5, "representations of " + layer);

            var gradients = Batch.allocate(ROWS, shape);
            hook.distance(Batch.of(shape, stored.floats("xp")), targets, Norm.L2, new double[ROWS], gradients);
            Errors.assertClose(stored.array(layer + ".grad"), gradients.toArray(), 1e-5, "gradients of " + layer);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "keras3_small, rescale conv2d conv2d_1 bn gelu encoder encoder/dw encoder/swish tokens fewer mha add ln shared shared#2 mha/query gap dense out, gap",
        "keras3_augmented, random_flip random_rotation moved conv gap out, gap",
        "keras3_subclassed, stage1 stage1/block stage1/block_1/conv2d_3 stage1/max_pooling2d stage2 stage2/block_2 stage2/block_2/conv2d_4 stage2/block_2/batch_normalization_2 stage2/block_2/activation_2 stage2/max_pooling2d_1 gap mixer mixer/layer_normalization mixer/layer_normalization_1 mixer_1/layer_normalization_3 mixer_1/dense_1 head, mixer_1",
        "keras2_small, enc enc/c1 enc/bn1 enc/r1 conv2d_1 swish gap probs, gap",
    })
    void listsLayersByKerasNames(String name, String expected, String proposed) {
        try (var model = Models.open(Resources.path(name))) {
            var names = model.layers(model.input().shape()).stream()
                    .map(layer -> layer.name())
                    .toList();
            for (String layer : expected.split(" ", -1)) {
                assertTrue(names.contains(layer), layer + " is not among " + names);
            }
            assertEquals(proposed, model.defaultLayer().orElseThrow());
        }
    }
}
