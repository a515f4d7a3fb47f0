package stir.core.score.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import stir.api.Batch;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.inputs.InputFacts;
import stir.core.inputs.Inputs;
import stir.core.inputs.Lengths;
import stir.core.score.Stitching;

class StitchedNetworkTest {
    private static final int COUNT = 40;
    private static final int WIDTH = 3;
    private static final RowMemory MEMORY = new RowMemory(1_000_000);

    /** The target's values: the answer of its head is the place of the largest. */
    private final Batch target = noise(COUNT, WIDTH, 1);

    /** The reference's values, from which the target's follow: doubled, turned and moved. */
    private final Batch reference = Batch.allocate(COUNT, Shape.of(WIDTH + 1));

    StitchedNetworkTest() {
        for (int i = 0; i < COUNT; i++) {
            for (int j = 0; j < WIDTH; j++) {
                reference.set(i, j, 5 - 2 * target.get(i, (j + 1) % WIDTH));
            }
        }
    }

    private static Batch noise(int rows, int columns, long seed) {
        var batch = Batch.allocate(rows, Shape.of(columns));
        var random = new Random(seed);
        for (int i = 0; i < rows * columns; i++) {
            batch.set(i / columns, i % columns, (float) random.nextGaussian());
        }
        return batch;
    }

    private static Representations held(Batch rows) {
        return new HeldRepresentations("layer", Layout.FLAT, rows, Lengths.NONE);
    }

    private StitchedNetwork.BothNetworks side(Batch ofTarget) {
        return new StitchedNetwork.BothNetworks(held(reference), held(ofTarget));
    }

    /** Returns inputs of which only the number and the labels are read; below 0 is none. */
    private static Inputs inputs(int count, IntUnaryOperator label) {
        return Inputs.of(
                InputFacts.of("labels", count)
                        .withLabels(index -> IntStream.of(label.applyAsInt(index))
                                .filter(of -> of >= 0)
                                .findFirst()),
                Shape.of(1),
                (index, into, row) -> {
                    throw new UnsupportedOperationException("The representations are given");
                });
    }

    private Optional<Stitching> answers(Batch after, Inputs given, long rngSeed) {
        return StitchedNetwork.answers(side(target), side(after), values -> values, given, MEMORY, rngSeed);
    }

    private int answer(int input) {
        return PredictedClasses.largest(target, input).getAsInt();
    }

    @Test
    void aTargetThatFollowsFromTheReferenceIsAnsweredAlikeUntilItsOwnAnswersChange() {
        var stitching = answers(target, inputs(COUNT, i -> -1), 3).orElseThrow();
        assertEquals(COUNT / 2, stitching.fitted());
        assertEquals(COUNT / 2, stitching.inputs());
        assertEquals(1e-6, stitching.ridge(), 1e-18);
        assertEquals(1, stitching.stitchedAgreement());
        assertEquals(1, stitching.stitchedAgreementAfter());
        assertEquals(OptionalDouble.empty(), stitching.stitchedAccuracy());
        assertEquals(OptionalDouble.empty(), stitching.targetAccuracyAfter());

        // The target answers each x' otherwise; the reference, and what is stitched to it, does
        // not.
        var turned = Batch.allocate(COUNT, Shape.of(WIDTH));
        for (int i = 0; i < COUNT; i++) {
            for (int j = 0; j < WIDTH; j++) {
                turned.set(i, j, target.get(i, (j + 1) % WIDTH));
            }
        }
        var changed = answers(turned, inputs(COUNT, this::answer), 3).orElseThrow();
        assertEquals(1, changed.stitchedAgreement());
        assertEquals(0, changed.stitchedAgreementAfter());
        assertEquals(OptionalDouble.of(1), changed.stitchedAccuracy());
        assertEquals(OptionalDouble.of(1), changed.stitchedAccuracyAfter());
        assertEquals(OptionalDouble.of(1), changed.targetAccuracy());
        assertEquals(OptionalDouble.of(0), changed.targetAccuracyAfter());
    }

    @Test
    void accuracyIsOfTheInputsWithLabels() {
        // Every second label is missing, and of the others every second one is wrong.
        var given = inputs(COUNT, i -> i % 2 == 0 ? -1 : (answer(i) + i / 2) % 2 + WIDTH);
        var stitching = answers(target, given, 3).orElseThrow();
        assertEquals(OptionalDouble.of(0), stitching.targetAccuracy());
        var right = inputs(COUNT, i -> i % 2 == 0 ? -1 : answer(i));
        assertEquals(
                OptionalDouble.of(1), answers(target, right, 3).orElseThrow().targetAccuracy());
    }

    @Test
    void independentLayersAgreeLikeChance() {
        double sum = 0;
        for (int seed = 0; seed < 20; seed++) {
            var other = new StitchedNetwork.BothNetworks(held(noise(COUNT, 5, 100 + seed)), held(target));
            sum += StitchedNetwork.answers(other, other, values -> values, inputs(COUNT, i -> -1), MEMORY, seed)
                    .orElseThrow()
                    .stitchedAgreement();
        }
        assertTrue(sum / 20 < 0.45, "agreement " + sum / 20);
    }

    @Test
    void theHalfDependsOnTheSeedAlone() {
        var given = inputs(COUNT, i -> i < COUNT / 2 ? answer(i) : WIDTH);
        var shares = IntStream.range(0, 5)
                .mapToObj(seed -> answers(target, given, seed).orElseThrow())
                .map(Stitching::targetAccuracy)
                .distinct()
                .count();
        assertTrue(shares > 1, "the same half for each seed");
        assertEquals(answers(target, given, 4), answers(target, given, 4));
    }

    @Test
    void fewInputsOrLittleMemoryHaveNoValue() {
        assertTrue(answers(target, inputs(3, i -> -1), 3).isEmpty());
        assertEquals(2, answers(target, inputs(4, i -> -1), 3).orElseThrow().fitted());
        var given = inputs(COUNT, i -> -1);
        var both = side(target);
        int row = 16 * (WIDTH + WIDTH + 1);
        assertTrue(StitchedNetwork.answers(both, both, v -> v, given, new RowMemory(2L * row - 1), 3)
                .isEmpty());
        var few = StitchedNetwork.answers(both, both, v -> v, given, new RowMemory(5L * row), 3);
        assertEquals(5, few.orElseThrow().fitted());
        assertEquals(COUNT - 5, few.orElseThrow().inputs());
    }

    @Test
    void aHeadWithoutFiniteOutputsHasNoValue() {
        var stitching = StitchedNetwork.answers(
                side(target),
                side(target),
                values -> {
                    var none = Batch.allocate(values.rows(), Shape.of(2));
                    for (int i = 0; i < values.rows() * 2; i++) {
                        none.set(i / 2, i % 2, Float.NaN);
                    }
                    return none;
                },
                inputs(COUNT, i -> -1),
                MEMORY,
                3);
        assertEquals(Optional.empty(), stitching);
    }
}
