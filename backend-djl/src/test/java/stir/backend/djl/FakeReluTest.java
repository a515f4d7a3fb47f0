package stir.backend.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Model;
import stir.api.contract.ExtendedUnits;
import stir.api.contract.Numerical;

/** The ReLU that passes gradients: the same values, and the gradient of the layer before it. */
@Numerical
class FakeReluTest {
    private static final int ROWS = 6;

    private static Batch gradients(LayerHook hook, Batch inputs, Batch cotangents) {
        var gradients = Batch.allocate(inputs.rows(), Fixture.DIGIT);
        hook.pullback(inputs, cotangents, gradients);
        return gradients;
    }

    /**
     * Without the ReLU, its input is a layer of the same shape with the gradient of the fake one.
     */
    @ParameterizedTest
    @CsvSource({
        "vgg0.script.pt, classifier.relu1, classifier.fc1",
        "vgg0.trace.pt, classifier.relu1, classifier.fc1",
        "vgg0.script.pt, features.relu2_2, features.conv2_2",
        "resnet0.script.pt, layer3.0, layer3.0.relu2@in",
        "resnet0.trace.pt, layer3.0, layer3.0.relu2@in",
        "resnet0.trace.pt, layer3.0.relu2, layer3.0.relu2@in",
        "resnet0.script.pt, layer1, layer1.0.relu2@in"
    })
    void hasTheGradientOfItsInput(String file, String layer, String before) {
        var inputs = Fixture.noise(ROWS, Fixture.DIGIT, 1);
        try (var model = Fixture.open(file);
                var fake = model.hook(layer, new HookOptions(Fixture.DIGIT, FakeRelu.OF_LAYER));
                var real = model.hook(layer, new HookOptions(Fixture.DIGIT));
                var input = model.hook(before, new HookOptions(Fixture.DIGIT, FakeRelu.BEFORE_LAYER))) {
            assertTrue(fake.fakeRelu());
            var values = Batch.allocate(ROWS, fake.layer().shape());
            var same = Batch.allocate(ROWS, fake.layer().shape());
            fake.represent(inputs, values);
            real.represent(inputs, same);
            assertArrayEquals(same.toArray(), values.toArray(), "values");
            var cotangents = Fixture.noise(ROWS, fake.layer().shape(), 2);
            var gradients = gradients(fake, inputs, cotangents).toArray();
            assertArrayEquals(gradients(input, inputs, cotangents).toArray(), gradients, "gradient");
            assertNotEquals(
                    0,
                    Fixture.relativeError(
                            gradients, gradients(real, inputs, cotangents).toArray()));
        }
    }

    /** Through pooling and flattening, the pulled-back mean of a ReLU is spread over the ReLU. */
    @ParameterizedTest
    @ValueSource(strings = {"resnet0.script.pt", "resnet0.trace.pt"})
    void passesGradientsThroughPoolingAndFlattening(String file) {
        var inputs = Fixture.noise(ROWS, Fixture.DIGIT, 3);
        try (var model = Fixture.open(file);
                var flat = model.hook("flatten", new HookOptions(Fixture.DIGIT, FakeRelu.BEFORE_LAYER));
                var input = model.hook("layer3.0.relu2@in", new HookOptions(Fixture.DIGIT, FakeRelu.BEFORE_LAYER))) {
            assertTrue(flat.fakeRelu());
            var cotangents = Fixture.noise(ROWS, flat.layer().shape(), 4);
            var spread = Batch.allocate(ROWS, input.layer().shape());
            int area = spread.rowSize() / cotangents.rowSize();
            for (int row = 0; row < ROWS; row++) {
                for (int i = 0; i < spread.rowSize(); i++) {
                    spread.set(row, i, cotangents.get(row, i / area) / area);
                }
            }
            double error = Fixture.relativeError(
                    gradients(input, inputs, spread).toArray(),
                    gradients(flat, inputs, cotangents).toArray());
            assertTrue(error < 1e-6, "relative error " + error);
        }
    }

    /** What a ReLU that leaks passes is between the real gradient and that of the fake ReLU. */
    @ParameterizedTest
    @CsvSource({
        "resnet0.script.pt, flatten, 0.05",
        "resnet0.trace.pt, avgpool, 0.05",
        "vgg0.script.pt, features.pool2, 0.05",
        "vgg0.trace.pt, classifier.relu1, 1",
        "resnet0.script.pt, layer3.0, 1"
    })
    void leaksAShareOfTheGradientThatIsBlocked(String file, String layer, float share) {
        var inputs = Fixture.noise(ROWS, Fixture.DIGIT, 5);
        try (var model = Fixture.open(file);
                var real = model.hook(layer, new HookOptions(Fixture.DIGIT));
                var leaky = model.hook(layer, new HookOptions(Fixture.DIGIT, FakeRelu.LEAKY));
                var fake = model.hook(layer, new HookOptions(Fixture.DIGIT, FakeRelu.BEFORE_LAYER))) {
            assertTrue(leaky.fakeRelu());
            var values = Batch.allocate(ROWS, real.layer().shape());
            var same = Batch.allocate(ROWS, real.layer().shape());
            real.represent(inputs, values);
            leaky.represent(inputs, same);
            assertArrayEquals(values.toArray(), same.toArray(), "values");
            var cotangents = Fixture.noise(ROWS, real.layer().shape(), 6);
            var blocked = gradients(real, inputs, cotangents).toArray();
            var expected = gradients(fake, inputs, cotangents).toArray();
            for (int i = 0; i < expected.length; i++) {
                expected[i] = share * expected[i] + (1 - share) * blocked[i];
            }
            var found = gradients(leaky, inputs, cotangents).toArray();
            double error = Fixture.relativeError(expected, found);
            assertTrue(error < 1e-5, "relative error " + error);
        }
    }

    @ParameterizedTest
    @CsvSource({"resnet0.script.pt, flatten", "resnet0.trace.pt, flatten", "resnet0.trace.pt, avgpool"})
    void extendsUnitsThatAreOffAtAllPositions(String file, String layer) {
        try (var model = Fixture.open(file)) {
            var inputs = Fixture.noise(ROWS, Fixture.DIGIT, 7);
            ExtendedUnits.check(model, inputs, layer, "layer3.0.relu2@in", false, Float.POSITIVE_INFINITY);
        }
    }

    @ParameterizedTest
    @CsvSource({"vgg0.trace.pt, features.pool2, false", "vgg0.trace.pt, classifier.relu1, true"})
    void extendsNoUnitsOfAnotherPooling(String file, String layer, boolean ofLayer) {
        try (var model = Fixture.open(file)) {
            assertEquals(ofLayer, isInEffect(model, layer, FakeRelu.EXTENDED));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "vit0.script.pt, pick, false, false",
        "vit0.trace.pt, blocks.2.act, false, false",
        "vgg0.script.pt, classifier.relu1, true, true",
        "vgg0.trace.pt, classifier.relu1, true, true",
        "vgg0.script.pt, flatten, false, true",
        "vgg0.trace.pt, features.pool2, false, true",
        "vgg0.trace.pt, classifier.fc2, false, false",
        "vgg0.trace.pt, norm, false, false",
        "resnet0.script.pt, layer2.0.bn2, false, false",
        "resnet0.script.pt, layer3.0, true, true",
        "resnet0.trace.pt, layer3, true, true",
        "resnet0.trace.pt, avgpool, false, true",
        "resnet0.script.pt, flatten, false, true",
        "resnet0.trace.pt, layer2.0.conv1@in, true, true"
    })
    void reportsWhetherThereIsOne(String file, String layer, boolean ofLayer, boolean beforeLayer) {
        try (var model = Fixture.open(file)) {
            assertEquals(false, isInEffect(model, layer, FakeRelu.NONE));
            assertEquals(ofLayer, isInEffect(model, layer, FakeRelu.OF_LAYER));
            assertEquals(beforeLayer, isInEffect(model, layer, FakeRelu.BEFORE_LAYER));
        }
    }

    private static boolean isInEffect(Model model, String layer, FakeRelu wanted) {
        try (var hook = model.hook(layer, new HookOptions(Fixture.DIGIT, wanted))) {
            return hook.fakeRelu();
        }
    }
}
