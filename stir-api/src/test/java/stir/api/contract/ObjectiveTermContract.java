package stir.api.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import stir.api.ObjectiveTerm;
import stir.api.Shape;
import stir.api.UsageException;

/**
 * The tests that every objective term passes. An author extends this class and runs it with JUnit
 * 5.
 */
public abstract class ObjectiveTermContract {
    private static final float STEP = 1e-3f;

    /** Returns the term under test, as {@link ServiceLoader} would create it. */
    protected abstract ObjectiveTerm term();

    /** Returns a shape of inputs for which the term is defined. */
    protected Shape shape() {
        return Shape.of(2, 5, 4);
    }

    /**
     * Returns the tolerance of a derivative against a finite difference, relative to the largest
     * one.
     */
    protected double tolerance() {
        return 1e-2;
    }

    private float[] noise(long seed) {
        var random = new Random(seed);
        var pixels = new float[shape().size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextFloat();
        }
        return pixels;
    }

    private float[] even(float value) {
        var pixels = new float[shape().size()];
        Arrays.fill(pixels, value);
        return pixels;
    }

    private double value(float[] pixels) {
        return term().on(shape()).add(1, pixels, new float[pixels.length]);
    }

    private float[] gradient(float[] pixels) {
        var gradient = new float[pixels.length];
        term().on(shape()).add(1, pixels, gradient);
        return gradient;
    }

    @Test
    void isFoundByTheServiceLoader() {
        assertTrue(ServiceLoader.load(ObjectiveTerm.class, term().getClass().getClassLoader()).stream()
                .anyMatch(candidate -> candidate.type().equals(term().getClass())));
    }

    @Test
    void idIsLowerCaseWords() {
        assertTrue(term().id().matches("[a-z][a-z0-9]*(-[a-z0-9]+)*"), term().id());
        assertFalse(term().description().isBlank());
    }

    @Test
    void gradientAgreesWithFiniteDifferences() {
        for (long seed = 1; seed < 4; seed++) {
            var pixels = noise(seed);
            var gradient = gradient(pixels);
            double largest = 1e-3;
            for (float derivative : gradient) {
                largest = Math.max(largest, Math.abs(derivative));
            }
            for (int i = 0; i < pixels.length; i++) {
                float kept = pixels[i];
                float above = kept + STEP;
                float below = kept - STEP;
                pixels[i] = above;
                double up = value(pixels);
                pixels[i] = below;
                double down = value(pixels);
                pixels[i] = kept;
                assertEquals((up - down) / ((double) above - below), gradient[i], tolerance() * largest, "pixel " + i);
            }
        }
    }

    @Test
    void addsTheWeightedGradient() {
        var pixels = noise(5);
        var kept = pixels.clone();
        var once = gradient(pixels);
        var sum = even(0.25f);
        double value = term().on(shape()).add(3, pixels, sum);
        assertEquals(3 * value(pixels), value, 1e-6 * Math.max(1, Math.abs(value)));
        for (int i = 0; i < sum.length; i++) {
            assertEquals(0.25 + 3.0 * once[i], sum[i], 1e-4 * Math.max(1, Math.abs(sum[i])), "at " + i);
        }
        assertArrayEquals(kept, pixels);
    }

    @Test
    void anInputDoesNotDependOnThePreviousOne() {
        var evaluation = term().on(shape());
        var first = new float[shape().size()];
        double before = evaluation.add(1, noise(6), first);
        evaluation.add(2, noise(7), new float[shape().size()]);
        var again = new float[shape().size()];
        assertEquals(before, evaluation.add(1, noise(6), again));
        assertArrayEquals(first, again);
    }

    @Test
    void isFiniteForEvenImages() {
        for (float level : new float[] {0, 0.5f, 1}) {
            var pixels = even(level);
            assertTrue(Double.isFinite(value(pixels)), "value for " + level);
            for (float derivative : gradient(pixels)) {
                assertTrue(Float.isFinite(derivative), "gradient for " + level);
            }
        }
    }

    @Test
    void refusesAnUnknownParameter() {
        var refusal = assertThrows(UsageException.class, () -> term().with(Map.of("no-such-parameter", "1")));
        assertTrue(refusal.getMessage().contains("no-such-parameter"), refusal.getMessage());
    }

    @Test
    void givesTheSameInSeveralThreads() {
        double alone = value(noise(8));
        assertTrue(IntStream.range(0, 32).parallel().allMatch(i -> value(noise(8)) == alone));
    }
}
