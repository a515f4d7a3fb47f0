package stir.core.score.compute;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import stir.api.Batch;
import stir.api.Matrix;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.RidgeRegression;
import stir.core.math.linalg.RowSource;
import stir.core.math.random.KeyedRandom;
import stir.core.score.Stitching;

/**
 * A reference up to its layer, an affine map, and a target's head. Representations are flattened,
 * whatever the reduction is, since the head needs all values.
 */
public final class StitchedNetwork {
    /** The most inputs of the fit if the reference is wider: its decomposition takes a second. */
    private static final int MOST = 512;

    /** The inputs that pass the head at a time. Fixed, so that results do not depend on it. */
    private static final int PART = 64;

    /** The key of the random half of the inputs on which the map is fitted. */
    private static final long FITTED = -63;

    /** Representations of the same inputs by both networks. */
    public record BothNetworks(Representations reference, Representations target) {}

    private final UnaryOperator<Batch> head;
    private final RidgeRegression map;
    private final int[] inputs;

    private StitchedNetwork(UnaryOperator<Batch> head, RidgeRegression map, int[] inputs) {
        this.head = head;
        this.map = map;
        this.inputs = inputs;
    }

    /**
     * Fits the map, and compares the answers to the inputs that it was not fitted on.
     *
     * @param before the representations of the inputs
     * @param after those of the invariant inputs
     * @param head the function from rows of the target's layer to its outputs
     * @param given the inputs
     * @param memory the limit of the rows of the fit
     * @param rngSeed the key of the random half of the inputs
     * @return empty if there are fewer than four inputs, if two exceed the limit of memory, or if
     *     no answer of the target is finite
     */
    public static Optional<Stitching> answers(
            BothNetworks before,
            BothNetworks after,
            UnaryOperator<Batch> head,
            Inputs given,
            RowMemory memory,
            long rngSeed) {
        int width = before.reference.shape().size();
        int half = width > MOST ? Math.min(given.count() / 2, MOST) : given.count() / 2;
        int fitted = Math.min(half, memory.rows(width + before.target.shape().size()));
        if (fitted < 2) {
            return Optional.empty();
        }
        int[] chosen = KeyedRandom.choice(rngSeed, FITTED, fitted, given.count());
        int[] others = IntStream.range(0, given.count())
                .filter(input -> Arrays.binarySearch(chosen, input) < 0)
                .toArray();
        var map = RidgeRegression.fit(rows(before.reference, chosen), rows(before.target, chosen));
        var network = new StitchedNetwork(head, map, others);
        var stitched = network.stitched(before);
        var stitchedAfter = network.stitched(after);
        var own = network.own(before);
        var ownAfter = network.own(after);
        var agreement = share(stitched, own);
        var agreementAfter = share(stitchedAfter, ownAfter);
        if (agreement.isEmpty() || agreementAfter.isEmpty()) {
            return Optional.empty();
        }
        var labels = IntStream.of(others).mapToObj(given.facts()::label).toArray(OptionalInt[]::new);
        return Optional.of(new Stitching(
                fitted,
                others.length,
                map.ridge(),
                agreement.getAsDouble(),
                agreementAfter.getAsDouble(),
                share(stitched, labels),
                share(stitchedAfter, labels),
                share(own, labels),
                share(ownAfter, labels)));
    }

    /** Returns the share of equal answers among those that are expected; empty if none is. */
    private static OptionalDouble share(OptionalInt[] answers, OptionalInt[] expected) {
        return IntStream.range(0, answers.length)
                .filter(i -> expected[i].isPresent())
                .mapToDouble(i -> answers[i].equals(expected[i]) ? 1 : 0)
                .average();
    }

    private OptionalInt[] stitched(BothNetworks both) {
        return answers(part -> floats(map.predict(rows(both.reference, part)), both.target.shape()));
    }

    private OptionalInt[] own(BothNetworks both) {
        return answers(part -> read(both.target, part));
    }

    /** Returns the answers to the inputs whose values of the target's layer are given. */
    private OptionalInt[] answers(Function<int[], Batch> values) {
        var answers = new OptionalInt[inputs.length];
        for (int from = 0; from < inputs.length; from += PART) {
            var part = Arrays.copyOfRange(inputs, from, Math.min(from + PART, inputs.length));
            var outputs = head.apply(values.apply(part));
            for (int row = 0; row < part.length; row++) {
                answers[from + row] = PredictedClasses.largest(outputs, row);
            }
        }
        return answers;
    }

    private static RowSource rows(Representations side, int[] inputs) {
        return RowSource.of(Matrix.of(read(side, inputs)));
    }

    private static Batch read(Representations side, int[] inputs) {
        var rows = Batch.allocate(inputs.length, side.shape());
        side.read(inputs, rows);
        return rows;
    }

    private static Batch floats(DenseMatrix values, Shape shape) {
        var rows = Batch.allocate(values.rows(), shape);
        for (int i = 0; i < values.rows(); i++) {
            for (int j = 0; j < values.columns(); j++) {
                rows.set(i, j, (float) values.get(i, j));
            }
        }
        return rows;
    }
}
