package stir.core.inversion.optimizer.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import stir.api.Batch;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.inversion.Augmentation;
import stir.core.inversion.WeightedTerm;

/** Values that were computed by hand, and linear maps against their definitions. */
class PixelTermsTest {
    private static final Shape IMAGE = Shape.of(1, 2, 3);

    private static PixelTerms terms(WeightedTerm term, Shape shape) {
        var chosen = TermCatalogue.ofApplication().select(term.id(), term.parameters());
        return new PixelTerms(List.of(new PixelTerms.Weighted(term.weight(), chosen.on(shape))), shape.size());
    }

    private static double value(WeightedTerm term, float... pixels) {
        var values = new double[] {10};
        terms(term, IMAGE).add(Batch.of(IMAGE, pixels), values, Batch.allocate(1, IMAGE));
        return values[0] - 10;
    }

    @Test
    void totalVariation() {
        float[] pixels = {0, 0.5f, 1, 0, 0, 0};
        // rows: 0.25 + 0.25 + 0 + 0; columns: 0 + 0.25 + 1
        assertEquals(2 * 1.75, value(WeightedTerm.parse("tv?beta=2:2"), pixels), 1e-12);
        assertEquals(2 * Math.sqrt(1.75), value(WeightedTerm.parse("tv?beta=1:2"), pixels), 1e-12);
    }

    @Test
    void blur() {
        float[] pixels = {1, 0, 0, 0, 0, 0};
        // shares of the pixel at the corner: itself 1 / 2.5; its neighbours 0.5 / 3.5 (above and
        // below
        // the middle) and 0.5 / 2.5 (the other corner)
        double corner = 1 - 1 / 2.5;
        double middle = 0.5 / 3.5;
        double below = 0.5 / 2.5;
        double expected = 0.5 * (corner * corner + 2 * middle * middle + below * below);
        assertEquals(3 * expected, value(WeightedTerm.parse("blur:3"), pixels), 1e-7);
    }

    @Test
    void grey() {
        float[] pixels = {0.5f, 1, 0, 0.5f, 0.5f, 0.75f};
        assertEquals(1.25, value(WeightedTerm.parse("grey?p=1&level=0.5:1"), pixels), 1e-12);
        assertEquals(0.75, value(WeightedTerm.parse("grey?p=2&level=0.5:1"), pixels), 1e-12);
        assertEquals(0.5, value(WeightedTerm.parse("grey?p=inf&level=0.5:1"), pixels), 1e-12);
        assertEquals(
                Math.pow(3 * Math.pow(0.5, 6) + 1 + Math.pow(0.75, 6), 1 / 6.0),
                value(WeightedTerm.parse("grey?p=6&level=0:1"), pixels),
                1e-12);
    }

    @Test
    void anEvenImageHasTheSmallestValuesAndNoNaN() {
        for (var term : List.of(
                WeightedTerm.parse("tv?beta=1:1"),
                WeightedTerm.parse("blur:1"),
                WeightedTerm.parse("grey?p=1&level=0.5:1"))) {
            var gradients = Batch.allocate(1, IMAGE);
            var values = new double[1];
            terms(term, IMAGE).add(Batch.of(IMAGE, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f), values, gradients);
            assertEquals(0, values[0], 1e-12);
            for (int i = 0; i < 6; i++) {
                assertEquals(0, gradients.get(0, i), 1e-7);
            }
        }
    }

    @Test
    void vectorsHaveNoNeighbours() {
        var refusal = assertThrows(UsageException.class, () -> terms(WeightedTerm.parse("blur:1"), Shape.of(6)));
        assertTrue(refusal.getMessage().contains("needs images"), refusal.getMessage());
    }

    private static Batch random(long seed, int rows, Shape shape) {
        var random = new Random(seed);
        var batch = Batch.allocate(rows, shape);
        for (int i = 0; i < rows * shape.size(); i++) {
            batch.buffer().put(i, random.nextFloat());
        }
        return batch;
    }

    private static double dot(Batch a, Batch b) {
        double sum = 0;
        for (int i = 0; i < a.rows() * a.rowSize(); i++) {
            sum += (double) a.buffer().get(i) * b.buffer().get(i);
        }
        return sum;
    }

    @Test
    void gradientsComeBackThroughAugmentations() {
        var shape = Shape.of(3, 7, 6);
        for (var text : List.of("jitter:4", "scale:0.3", "rotate:40", "pad:3,jitter:6,rotate:30,scale:0.2")) {
            var augmenter = new Augmenter(Augmentation.parse(text), 3, shape, 5);
            var maps = new ArrayList<double[]>();
            for (int slot = 0; slot < 5; slot++) {
                maps.add(augmenter.draw(10 + slot, 4));
            }
            var zero = augmenter.apply(Batch.allocate(5, shape), maps).copy();
            var x = random(1, 5, shape);
            var distorted = augmenter.apply(x, maps).copy();
            var g = random(2, 5, shape);
            double forwards = dot(distorted, g) - dot(zero, g);
            augmenter.pullBack(g, maps);
            assertEquals(forwards, dot(x, g), 1e-3, text);
        }
    }

    @Test
    void distortionsAreWhatTheySay() {
        var shape = Shape.of(1, 5, 5);
        var centre = Batch.allocate(1, shape);
        centre.set(0, 12, 1);
        var shifts = new TreeSet<Integer>();
        for (int step = 0; step < 200; step++) {
            var augmenter = new Augmenter(Augmentation.parse("jitter:2"), 3, shape, 1);
            var augmented = augmenter.apply(centre, List.of(augmenter.draw(0, step)));
            for (int i = 0; i < 25; i++) {
                if (augmented.get(0, i) == 1) {
                    shifts.add(i);
                }
            }
        }
        assertEquals(new TreeSet<>(List.of(6, 7, 8, 11, 12, 13, 16, 17, 18)), shifts);
        var margin = new Augmenter(Augmentation.parse("pad:1,jitter:8"), 3, shape, 1);
        boolean grey = false;
        for (int step = 0; step < 20; step++) {
            var maps = List.of(margin.draw(0, step));
            for (float value : margin.apply(centre, maps).toArray()) {
                grey |= value == 0.5f;
            }
        }
        assertTrue(grey, "no margin came in");
        var turn = new Augmenter(Augmentation.parse("rotate:30"), 3, shape, 1);
        var augmented = turn.apply(centre, List.of(turn.draw(0, 1)));
        assertEquals(1, augmented.get(0, 12), 1e-6, "the centre stays");
    }

    @Test
    void wavesAreTheFiltersEigenvectors() {
        int height = 6;
        int width = 9;
        var filter = new FourierSteps<>(new NormalisedGradientDescent(), Shape.of(1, height, width));
        for (int v = 0; v < height; v++) {
            for (int u = 0; u < width; u++) {
                var wave = new float[height * width];
                for (int i = 0; i < wave.length; i++) {
                    double angle = 2 * Math.PI * (v * (i / width) / 6.0 + u * (i % width) / 9.0) + 0.4;
                    wave[i] = (float) Math.cos(angle);
                }
                var filtered = wave.clone();
                filter.filter(filtered);
                double frequency = Math.hypot(Math.min(v, height - v) / 6.0, Math.min(u, width - u) / 9.0);
                double expected = Math.pow(Math.max(frequency, 1 / 9.0), -2);
                for (int i = 0; i < wave.length; i++) {
                    assertEquals(expected * wave[i], filtered[i], 2e-5 * expected);
                }
            }
        }
    }

    @Test
    void momentumKeepsOldGradients() {
        var point = new float[] {0.5f, 0.5f};
        var rule = new NormalisedGradientDescent(0.1, 0.5).begin(0, point);
        rule.step(0, 1, point, new float[] {3, 4});
        assertEquals(0.44, point[0], 1e-6);
        assertEquals(0.42, point[1], 1e-6);
        rule.step(1, 1, point, new float[] {-2, 0});
        assertEquals(0.44 - 0.1 * (0.5 * 0.6 - 1), point[0], 1e-6);
        assertEquals(0.42 - 0.1 * (0.5 * 0.8), point[1], 1e-6);
    }
}
