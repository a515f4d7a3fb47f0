package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inversion.Seed;

/** Standard normal noise after a Gaussian filter. */
final class SmoothNoiseTest {
    private static final int COUNT = 2000;

    private static Inputs inputs(int count, Shape shape) {
        return Inputs.of("black", count, shape, (index, into, row) -> {});
    }

    /** The seeds of some inputs, one per row. */
    private static float[] seeds(Shape shape) {
        var seeds = new SeedSource(Seed.Kind.SMOOTH_NOISE, 3, inputs(COUNT, shape));
        var written = Batch.allocate(COUNT, shape);
        for (int i = 0; i < COUNT; i++) {
            seeds.write(i, written, i);
        }
        return written.toArray();
    }

    /** The mean product of two pixels over all seeds. */
    private static double covariance(float[] seeds, int size, int pixel, int other) {
        double sum = 0;
        for (int at = 0; at < seeds.length; at += size) {
            sum += seeds[at + pixel] * seeds[at + other];
        }
        return sum / COUNT;
    }

    /**
     * A Gaussian filter of deviation s leaves white noise with the covariance exp(-d^2 / (4 s^2))
     * at the distance d. Pixels at opposite borders are neighbours, and channels are independent.
     */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 1",
        "0, 1, 0.939",
        "0, 2, 0.779",
        "0, 23, 0.939",
        "0, 24, 0.939",
        "0, 25, 0.882",
        "0, 12, 0",
        "0, 456, 0.939",
        "479, 480, 0",
        "0, 480, 0"
    })
    void covariances(int pixel, int other, double expected) {
        var shape = Shape.of(2, 20, 24);
        assertEquals(expected, covariance(seeds(shape), shape.size(), pixel, other), 0.08);
    }

    @Test
    void smallImagesHaveTheSameVariance() {
        for (var shape : new Shape[] {Shape.of(1, 4, 4), Shape.of(3, 1, 7), Shape.of(1, 1, 1)}) {
            var seeds = seeds(shape);
            assertEquals(1, covariance(seeds, shape.size(), 0, 0), 0.1, shape.toString());
        }
    }

    @Test
    void vectorsAreRefused() {
        var inputs = inputs(2, Shape.of(16));
        var refusal = assertThrows(UsageException.class, () -> new SeedSource(Seed.Kind.SMOOTH_NOISE, 3, inputs));
        assertEquals(
                "The seed smooth-noise needs images, but the inputs have the shape 16: use another seed.",
                refusal.getMessage());
    }
}
