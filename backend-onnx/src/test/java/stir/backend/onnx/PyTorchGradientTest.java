package stir.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.Model;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.contract.ExtendedUnits;
import stir.api.contract.Numerical;

/** Representations, distances and gradients agree with PyTorch's autograd. */
@Numerical
class PyTorchGradientTest {
    private static final double TOLERANCE = 1e-4;

    @ParameterizedTest
    @CsvSource({
        "vgg0, vgg0, classifier.relu1",
        "resnet0, resnet0, flatten",
        "resnet0.bn, resnet0, flatten",
        "vit0, vit0, ",
        "vgg0.tf2onnx, vgg0, "
    })
    void gradientAgreesWithPyTorch(String file, String reference, String layer) {
        var digit = file.endsWith("tf2onnx") ? Shape.of(28, 28, 1) : Fixtures.DIGIT;
        try (var model = Fixtures.open(file)) {
            var proposed = model.defaultLayer().orElseThrow();
            assertTrue(layer == null || layer.equals(proposed), proposed);
            try (var hook = model.hook(proposed, new HookOptions(digit))) {
                var inputs = Fixtures.reference(reference, "x", digit);
                var others = Fixtures.reference(reference, "xp", digit);
                var targets = Batch.allocate(inputs.rows(), hook.layer().shape());
                hook.represent(inputs, targets);
                assertClose(Fixtures.reference(reference, "rep", hook.layer().shape()), targets, "rep");

                var distances = new double[inputs.rows()];
                var gradients = Batch.allocate(inputs.rows(), digit);
                hook.distance(others, targets, Norm.L2, distances, gradients);
                var norms = new double[inputs.rows()];
                Norm.L2.norms(targets, norms);
                var expected = Fixtures.reference(reference, "dist", Shape.of(1));
                for (int row = 0; row < inputs.rows(); row++) {
                    assertEquals(expected.buffer().get(row), distances[row] / norms[row], 1e-5, "distance");
                    for (int i = 0; i < gradients.rowSize(); i++) {
                        gradients.set(row, i, (float) (gradients.get(row, i) / norms[row]));
                    }
                }
                assertClose(Fixtures.reference(reference, "grad64", digit), gradients, "gradient");
            }
        }
    }

    private static void assertClose(Batch expected, Batch actual, String what) {
        double error = Fixtures.relativeError(expected.toArray(), actual.toArray());
        assertTrue(error < TOLERANCE, what + ": relative error " + error);
    }

    @ParameterizedTest
    @CsvSource({"resnet0, false, true", "vgg0, true, true", "vit0, false, false"})
    void fakeReluIsReportedIfThereIsOne(String name, boolean ofLayer, boolean beforeLayer) {
        assertEquals(false, hasFakeRelu(name, FakeRelu.NONE));
        assertEquals(ofLayer, hasFakeRelu(name, FakeRelu.OF_LAYER));
        assertEquals(beforeLayer, hasFakeRelu(name, FakeRelu.BEFORE_LAYER));
    }

    /** What a ReLU that leaks passes is between the real gradient and that of the fake ReLU. */
    @ParameterizedTest
    @CsvSource({"resnet0, 0.05", "vgg0, 1"})
    void leaksAShareOfTheGradientThatIsBlocked(String name, float share) {
        try (var model = Fixtures.open(name)) {
            var real = pulledBack(model, FakeRelu.NONE);
            var expected = pulledBack(model, FakeRelu.BEFORE_LAYER);
            double blocked = 0;
            for (int i = 0; i < expected.length; i++) {
                blocked = Math.max(blocked, Math.abs(expected[i] - real[i]));
                expected[i] = share * expected[i] + (1 - share) * real[i];
            }
            assertTrue(blocked > 0.01, "nothing is blocked");
            assertArrayEquals(expected, pulledBack(model, FakeRelu.LEAKY), (float) (1e-4 * blocked));
        }
    }

    @Test
    void extendsUnitsThatAreOffAtAllPositions() {
        try (var model = Fixtures.open("resnet0")) {
            var inputs = Batch.allocate(6, Fixtures.DIGIT);
            var random = new Random(7);
            for (int i = 0; i < inputs.buffer().limit(); i++) {
                inputs.buffer().put(i, random.nextFloat());
            }
            ExtendedUnits.check(
                    model, inputs, "flatten", "/layer3/layer3.0/Add_output_0", false, Float.POSITIVE_INFINITY);
        }
    }

    private static float[] pulledBack(Model model, FakeRelu fakeRelu) {
        var layer = model.defaultLayer().orElseThrow();
        try (var hook = model.hook(layer, Fixtures.digits(fakeRelu))) {
            var inputs = Fixtures.reference("resnet0", "x", Fixtures.DIGIT);
            var cotangents = Batch.allocate(inputs.rows(), hook.layer().shape());
            for (int i = 0; i < cotangents.buffer().limit(); i++) {
                cotangents.buffer().put(i, (float) Math.sin(i));
            }
            var gradients = Batch.allocate(inputs.rows(), Fixtures.DIGIT);
            hook.pullback(inputs, cotangents, gradients);
            return gradients.toArray();
        }
    }

    private static boolean hasFakeRelu(String name, FakeRelu wanted) {
        try (var model = Fixtures.open(name);
                var hook = model.hook(model.defaultLayer().orElseThrow(), Fixtures.digits(wanted))) {
            return hook.fakeRelu();
        }
    }
}
