package stir.core.score.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stir.api.Batch;
import stir.api.Layout;
import stir.api.Matrix;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inputs.Lengths;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.math.random.KeyedRandom;
import stir.core.measure.DebiasedLinearCka;
import stir.core.representation.RepresentationReduction;
import stir.core.score.Acceptance;
import stir.core.score.InputOutcomes;
import stir.core.score.SharedMetamers;

/** The shared metamers of networks, computed as the definition says, and of linear pairs. */
class SharedMetamersTest extends ScoredNetworks {
    private static final int PIXELS = 6;

    /** The distances of a target, of which the threshold and the unit are made. */
    static double[] distances(Matrix before) {
        var distances = Stream.<Double>builder();
        for (int x = 0; x < before.rows(); x++) {
            for (int y = 0; y < before.rows(); y++) {
                if (x != y) {
                    distances.add(relativeDistance(before, x, before, y));
                }
            }
        }
        return distances.build().mapToDouble(d -> d).sorted().toArray();
    }

    /** Returns the distance of row y of b from row x of a, relative to the latter's norm. */
    private static double relativeDistance(Matrix a, int x, Matrix b, int y) {
        double squares = 0;
        double norm = 0;
        for (int i = 0; i < a.columns(); i++) {
            squares += Math.pow(b.get(y, i) - a.get(x, i), 2);
            norm += Math.pow(a.get(x, i), 2);
        }
        return Math.sqrt(squares / norm);
    }

    /** Returns the quantile of sorted values that 5 % are below, interpolated. */
    static double p5(double... sorted) {
        double at = 0.05 * (sorted.length - 1);
        int below = (int) at;
        return sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
    }

    private static int largest(Matrix rows, int row) {
        int largest = 0;
        for (int i = 1; i < rows.columns(); i++) {
            largest = rows.get(row, i) > rows.get(row, largest) ? i : largest;
        }
        return largest;
    }

    @Test
    void theyAreTheAcceptedInputsThatTheTargetAccepts() {
        var score = COMPARISON.aGivenB(); // whose target A has classes
        var invariant = score.inversion().invariantInputs().read(0, COUNT);
        var before = ofInputs(A);
        var after = represent(A, "hidden", invariant);
        var classes = represent(A, "classes", INPUTS.read(0, COUNT));
        var classesAfter = represent(A, "classes", invariant);
        var distances = distances(before);
        double threshold = p5(distances);
        int[] others = KeyedRandom.derangement(3, COUNT);
        int shared = 0;
        int accepted = 0;
        int shuffled = 0;
        double moved = 0;
        for (int i = 0; i < COUNT; i++) {
            double distance = relativeDistance(before, i, after, i);
            boolean same = largest(classes, i) == largest(classesAfter, i);
            if (score.search().acceptance().orElseThrow().inputs().get(i).accepted()) {
                accepted++;
                shared += distance < threshold && same ? 1 : 0;
            }
            boolean ofOther = largest(classes, i) == largest(classesAfter, others[i]);
            shuffled += ofOther && relativeDistance(before, i, after, others[i]) < threshold ? 1 : 0;
            moved += distance / COUNT;
        }
        var metamers = score.sharedMetamers().orElseThrow();
        assertEquals(accepted, metamers.accepted());
        assertEquals(shared, metamers.shared());
        assertEquals(shuffled / (double) COUNT, metamers.floor());
        assertEquals(shared / (double) accepted, metamers.share());
        assertTrue(accepted > 0 && accepted < COUNT, accepted + " accepted");
        int middle = distances.length / 2;
        double median = (distances[middle - 1] + distances[middle]) / 2;
        assertEquals(moved / median, score.outcomes().targetMovedInUnits().orElseThrow(), 1e-9);
        assertEquals(threshold, score.outcomes().threshold().orElseThrow().threshold(), 1e-12);
    }

    @Test
    void aNetworkSharesAllItsOwn() {
        var itself = compare(A, A, SETTINGS).aGivenB();
        var metamers = itself.sharedMetamers().orElseThrow();
        assertTrue(metamers.accepted() > 0);
        assertEquals(metamers.accepted(), metamers.shared());
    }

    @Test
    void theyAreUnknownWithoutAnAcceptedInputOrAThreshold() {
        var score = COMPARISON.aGivenB();
        var acceptance = score.search().acceptance();
        var outcomes = score.outcomes();
        assertTrue(SharedMetamers.of(acceptance, outcomes).isPresent());
        assertEquals(Optional.empty(), SharedMetamers.of(Optional.empty(), outcomes));
        var older = new InputOutcomes(
                outcomes.inputs(),
                outcomes.classLayer(),
                outcomes.classes(),
                outcomes.parts(),
                outcomes.stitching(),
                Optional.empty());
        assertEquals(Optional.empty(), SharedMetamers.of(acceptance, older));
        assertTrue(older.targetMovedInUnits().isEmpty());
        var of = acceptance.orElseThrow();
        var none = new Acceptance(
                of.different(),
                of.threshold(),
                of.quantile(),
                of.classLayer(),
                of.inputs().stream()
                        .map(each -> new Acceptance.Outcome(
                                false, each.correlation(), each.classBefore(), each.classAfter()))
                        .toList());
        assertEquals(Optional.empty(), SharedMetamers.of(Optional.of(none), outcomes));
        assertThrows(IllegalArgumentException.class, () -> new SharedMetamers(3, 2, 0));
    }

    /** A change of all X' that m, which sees the first two of six pixels, ignores. */
    private enum Change {
        OFFSET {
            @Override
            float of(Batch inputs, int row, int pixel) {
                return inputs.get(row, pixel) + 0.3f;
            }
        },
        ROTATION {
            @Override
            float of(Batch inputs, int row, int pixel) {
                return 1 - inputs.get(row, pixel);
            }
        },
        NONE {
            @Override
            float of(Batch inputs, int row, int pixel) {
                return inputs.get(row, pixel);
            }
        };

        abstract float of(Batch inputs, int row, int pixel);
    }

    /** The rows of a network that sees some of the pixels. */
    private static Representations seen(Batch pixels, int from, int to) {
        var rows = Batch.allocate(pixels.rows(), Shape.of(to - from));
        for (int row = 0; row < pixels.rows(); row++) {
            for (int i = from; i < to; i++) {
                rows.set(row, i - from, pixels.get(row, i) - 0.5f);
            }
        }
        return new HeldRepresentations("layer", Layout.FLAT, rows, Lengths.NONE);
    }

    @ParameterizedTest
    @EnumSource(Change.class)
    void anOffsetOrARotationLeavesStirAtOneAndNoSharedMetamer(Change change) {
        var random = new Random(5);
        var pixels = Batch.allocate(COUNT, Shape.of(PIXELS));
        var changed = Batch.allocate(COUNT, Shape.of(PIXELS));
        for (int row = 0; row < COUNT; row++) {
            for (int i = 0; i < PIXELS; i++) {
                pixels.set(row, i, (float) (0.5 + 0.02 * random.nextGaussian()));
                changed.set(row, i, i < 2 ? pixels.get(row, i) : change.of(pixels, row, i));
            }
        }
        var measure = new DebiasedLinearCka();
        var direction = new Direction(
                COUNT,
                RepresentationReduction.FLATTEN,
                new Similarities(Map.of(measure.id(), measure), 1_000_000_000),
                caution -> {});
        var search = InversionSettings.PUBLISHED;
        var inputs = Inputs.of(pixels);
        var m = seen(pixels, 0, 2);
        var found = new Inversion(
                Inputs.of(changed),
                Stream.generate(() -> new Inversion.Row(0, 1, 0, 0, 0, 1))
                        .limit(COUNT)
                        .toList(),
                List.of(),
                false);
        var acceptance = direction.acceptance(search, inputs, m, seen(changed, 0, 2), found, Optional.empty());
        assertEquals(1, acceptance.orElseThrow().share());

        var before = seen(pixels, 2, PIXELS); // the target sees the pixels that m ignores
        var after = seen(changed, 2, PIXELS);
        var score = direction.score(search, before, after, new double[COUNT]);
        assertEquals(
                1,
                Objects.requireNonNull(score.get(measure.id())).stir().value().orElseThrow(),
                1e-6);
        var outcomes = direction.outcomes(search, inputs, before, after, m, Optional.empty());
        var metamers = SharedMetamers.of(acceptance, outcomes).orElseThrow();
        assertEquals(COUNT, metamers.accepted());
        assertEquals(change == Change.NONE ? COUNT : 0, metamers.shared());
        assertEquals(change == Change.NONE ? 1 : 0, metamers.share());
        assertTrue(metamers.floor() < 0.25, metamers::toString);
    }
}
