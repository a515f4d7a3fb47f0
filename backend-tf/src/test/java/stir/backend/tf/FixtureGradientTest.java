package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Layout;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.contract.Numerical;

/**
 * Representations, distances and gradients agree with Python's. The digits have one channel, so
 * NCHW and NHWC are the same order.
 */
@Numerical
class FixtureGradientTest {
    private static final Shape DIGIT = Shape.of(28, 28, 1);
    private static final int ROWS = 8;
    private static final int WIDTH = 128;

    @ParameterizedTest
    @CsvSource({
        "tf_vgg0, vgg0, relu1",
        "keras_vgg0, vgg0, relu1",
        "adv0.frozen.pb, adv0, relu1",
    })
    void equalsPython(String model, String reference, String layer) throws IOException {
        var stored = new Npz(Resources.path(reference + ".ref.npz"));
        try (var opened = Models.open(Resources.path(model));
                var hook = opened.hook(layer, new HookOptions(DIGIT))) {
            assertEquals(Shape.of(WIDTH), hook.layer().shape());
            var targets = Batch.allocate(ROWS, hook.layer().shape());
            hook.represent(Batch.of(DIGIT, stored.floats("x")), targets);
            Errors.assertClose(stored.array("rep"), targets.toArray(), 1e-5, "representations");

            var distances = new double[ROWS];
            var gradients = Batch.allocate(ROWS, DIGIT);
            hook.distance(Batch.of(DIGIT, stored.floats("xp")), targets, Norm.L2, distances, gradients);
            var sizes = new double[ROWS];
            Norm.L2.norms(targets, sizes);
            var relative = gradients.toArray();
            var relativeDistances = new float[ROWS];
            for (int row = 0; row < ROWS; row++) {
                relativeDistances[row] = (float) (distances[row] / sizes[row]);
                for (int i = 0; i < DIGIT.size(); i++) {
                    relative[row * DIGIT.size() + i] /= (float) sizes[row];
                }
            }
            Errors.assertClose(stored.array("dist"), relativeDistances, 1e-5, "distances");
            Errors.assertClose(stored.array("grad64"), relative, 1e-5, "gradients");
        }
    }

    @Test
    void proposesTheLayerBeforeTheClassifier() {
        for (String name : new String[] {"tf_vgg0", "keras_vgg0", "adv0.frozen.pb"}) {
            try (var model = Models.open(Resources.path(name))) {
                assertEquals("relu1", model.defaultLayer().orElseThrow(), name);
                assertEquals("input", model.input().name(), name);
                assertEquals(DIGIT, model.input().shape(), name);
                assertEquals(Layout.CHANNELS_LAST, model.input().layout(), name);
                assertTrue(model.input().batch().isEmpty(), name);
            }
        }
    }
}
