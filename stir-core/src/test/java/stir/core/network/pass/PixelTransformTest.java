package stir.core.network.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.InputSpec;
import stir.api.Layout;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inputs.ValueRange;
import stir.core.inversion.search.DenseNetwork;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.Preprocessing;

class PixelTransformTest {
    private static InputSpec spec(String shape, Layout layout) {
        return new InputSpec("x", Shape.parse(shape), layout, OptionalInt.empty());
    }

    private static Batch noise(int rows, Shape shape, long seed) {
        var random = new Random(seed);
        var batch = Batch.allocate(rows, shape);
        for (int i = 0; i < batch.buffer().limit(); i++) {
            batch.buffer().put(i, 0.05f + 0.9f * random.nextFloat());
        }
        return batch;
    }

    private static double dot(Batch a, Batch b) {
        double sum = 0;
        for (int i = 0; i < a.buffer().limit(); i++) {
            sum += (double) a.buffer().get(i) * b.buffer().get(i);
        }
        return sum;
    }

    @Test
    void aNetworkReceivesValuesOfTheRangeAndItsGradientReturnsThroughIt() {
        var shape = Shape.of(3);
        var spec = NetworkSpec.of(Path.of("dense"));
        var range = ValueRange.parse("-1,1/0,10/7,7");
        var preprocessing = Preprocessing.normalise(new double[] {-3}, new double[] {2});
        try (var dense = Network.of("dense", "", "test", new DenseNetwork(1, shape, 2), spec)) {
            var network = Network.of("dense", "", "test", dense.model(), spec.withPreprocessing(preprocessing))
                    .over(range);
            var transform = PixelTransform.between(shape, network).another();
            var into = Batch.allocate(1, shape);
            var points = Batch.of(shape, 0.25f, 0.5f, 1);
            transform.forward(points, into);
            assertArrayEquals(new float[] {1.25f, 4, 5}, into.toArray(), 1e-6f);
            transform.backward(points, Batch.of(shape, 1, 1, 1), into);
            assertArrayEquals(new float[] {1, 5, 0}, into.toArray(), 1e-6f);
            assertThrows(UsageException.class, () -> network.over(ValueRange.UNIT));
            var bytes = Preprocessing.normalise(new double[] {127}, new double[] {1});
            var ofBytes = Network.of("dense", "", "test", dense.model(), spec.withPreprocessing(bytes));
            var refusal = assertThrows(UsageException.class, () -> ofBytes.over(ValueRange.UNIT));
            assertTrue(refusal.getMessage().contains("divide means"), refusal.getMessage());
        }
    }

    /**
     * The transform is affine inside the box, so its derivative is its transpose: {@code <c, F(x) -
     * F(y)> = <F'c, x - y>}.
     */
    @ParameterizedTest
    @CsvSource({
        "1x28x28, 1x28x28, CHANNELS_FIRST",
        "1x28x28, 3x28x28, CHANNELS_FIRST",
        "3x9x7, 1x9x7, CHANNELS_FIRST",
        "3x9x7, 9x7x3, CHANNELS_LAST",
        "3x9x7, 3x18x5, CHANNELS_FIRST",
        "1x8x8, 5x13x3, CHANNELS_LAST",
        "1x8x8, 8x13x1, CHANNELS_LAST",
        "3x8x8, ?x?x?, CHANNELS_LAST",
        "1x4x4, 16, FLAT",
        "12, 12, FLAT"
    })
    void derivativeIsTheTranspose(String pixels, String model, Layout layout) {
        var shape = Shape.parse(pixels);
        int channels = model.equals("?x?x?") || layout == Layout.FLAT ? 1 : 3;
        var preprocessing = new Preprocessing(List.of(0.3), List.of(channels == 3 ? 0.25 : 0.5), Optional.empty());
        var transform = PixelTransform.between(shape, spec(model, layout), preprocessing);
        var x = noise(2, shape, 1);
        var y = noise(2, shape, 2);
        var fx = Batch.allocate(2, transform.modelShape());
        var fy = Batch.allocate(2, transform.modelShape());
        transform.forward(x, fx);
        transform.forward(y, fy);
        var cotangents = noise(2, transform.modelShape(), 3);
        var gradients = Batch.allocate(2, shape);
        transform.backward(x, cotangents, gradients);
        double expected = dot(cotangents, fx) - dot(cotangents, fy);
        double actual = dot(gradients, x) - dot(gradients, y);
        assertTrue(Math.abs(expected) > 1e-3);
        assertEquals(expected, actual, 1e-3 * Math.abs(expected));
    }

    @Test
    void clampsAndPassesNoGradientOutsideTheBox() {
        var shape = Shape.of(3);
        var transform = PixelTransform.between(shape, spec("3", Layout.FLAT), Preprocessing.NONE);
        var x = Batch.of(shape, -0.5f, 1f, 1.5f);
        var taken = Batch.allocate(1, shape);
        transform.forward(x, taken);
        assertArrayEquals(new float[] {0, 1, 1}, taken.toArray());
        var gradients = Batch.allocate(1, shape);
        transform.backward(x, Batch.of(shape, 7, 7, 7), gradients);
        assertArrayEquals(new float[] {0, 7, 0}, gradients.toArray()); // at the edge it passes, as torch.clamp
    }

    @Test
    void normalisesEachChannel() {
        var shape = Shape.of(3, 1, 1);
        var preprocessing = Preprocessing.normalise(new double[] {0.1, 0.2, 0.3}, new double[] {1, 0.5, 0.25});
        var transform = PixelTransform.between(shape, spec("3x1x1", Layout.CHANNELS_FIRST), preprocessing);
        var taken = Batch.allocate(1, shape);
        transform.forward(Batch.of(shape, 0.5f, 0.5f, 0.5f), taken);
        assertArrayEquals(new float[] {0.4f, 0.6f, 0.8f}, taken.toArray(), 1e-6f);
    }

    @Test
    void putsChannelsLast() {
        var transform =
                PixelTransform.between(Shape.of(3, 1, 2), spec("1x2x3", Layout.CHANNELS_LAST), Preprocessing.NONE);
        var taken = Batch.allocate(1, transform.modelShape());
        transform.forward(Batch.of(Shape.of(3, 1, 2), .1f, .2f, .3f, .4f, .5f, .6f), taken);
        assertArrayEquals(new float[] {.1f, .3f, .5f, .2f, .4f, .6f}, taken.toArray());
    }

    @Test
    void channelsGoLastWhereTheModelStatesNoSizes() {
        var pixels = Shape.of(4, 1, 2);
        var last = new Preprocessing(List.of(), List.of(), Optional.of(Layout.CHANNELS_LAST));
        var free = spec("?x?x?", Layout.CHANNELS_FIRST);
        assertEquals(
                Shape.of(1, 2, 4), PixelTransform.between(pixels, free, last).modelShape());
        assertEquals(
                pixels, PixelTransform.between(pixels, free, Preprocessing.NONE).modelShape());
    }

    /**
     * Values of torch.nn.functional.interpolate(mode="bilinear", antialias=True,
     * align_corners=False), torch 2.7.1.
     */
    @Test
    void resizesAsTorchDoes() {
        var shape = Shape.of(1, 1, 5);
        var values = Batch.of(shape, 0f, 0.25f, 1f, 0.5f, 0.125f);
        assertArrayEquals(RESIZED_TO_3, resized(values, shape, 3), 1e-6f);
        assertArrayEquals(RESIZED_TO_8, resized(values, shape, 8), 1e-6f);
    }

    private static final float[] RESIZED_TO_3 = {0.1071429f, 0.7222223f, 0.2857143f};
    private static final float[] RESIZED_TO_8 = {
        0.0000000f, 0.1093750f, 0.2968750f, 0.7656250f, 0.8437500f, 0.5312500f, 0.2890625f, 0.1250000f
    };

    private static float[] resized(Batch values, Shape shape, int width) {
        var transform = PixelTransform.between(shape, spec("1x1x" + width, Layout.CHANNELS_FIRST), Preprocessing.NONE);
        var taken = Batch.allocate(1, transform.modelShape());
        transform.forward(values, taken);
        return taken.toArray();
    }

    @Test
    void inputsWithoutAChannelAreRefusedInTheirOwnShape() {
        var refusal = assertThrows(
                DataException.class,
                () -> PixelTransform.between(Shape.of(1, 11, 40), spec("11x48", Layout.FLAT), Preprocessing.NONE));
        assertTrue(
                refusal.getMessage().startsWith("The inputs are 11x40, but the model takes 11x48"),
                refusal.getMessage());
    }

    @Test
    void refusesWhatCannotFit() {
        var refusal = assertThrows(
                DataException.class,
                () -> PixelTransform.between(Shape.of(12), spec("3x8x8", Layout.CHANNELS_FIRST), Preprocessing.NONE));
        assertTrue(refusal.getMessage().contains("3x8x8"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("(channels-"), refusal.getMessage());
        assertThrows(
                DataException.class,
                () -> PixelTransform.between(
                        Shape.of(3, 8, 8), spec("4x8x8", Layout.CHANNELS_FIRST), Preprocessing.NONE));
        var two = new Preprocessing(List.of(0.5, 0.25), List.of(), Optional.empty());
        assertThrows(
                UsageException.class,
                () -> PixelTransform.between(Shape.of(3, 8, 8), spec("3x8x8", Layout.CHANNELS_FIRST), two));
    }

    @Test
    void aSequenceStaysOneIfTheLayoutIsFlat() {
        var unknown = new InputSpec("x", Shape.of(), Layout.FLAT, OptionalInt.empty());
        var sequence = Shape.of(1, 5, 6);
        var flat = new Preprocessing(List.of(), List.of(), Optional.of(Layout.FLAT));
        assertEquals(
                Shape.of(5, 6), PixelTransform.between(sequence, unknown, flat).modelShape());
        assertEquals(
                sequence,
                PixelTransform.between(sequence, unknown, Preprocessing.NONE).modelShape());
    }
}
