package stir.core.score.compute;

import stir.api.Batch;
import stir.api.Norm;
import stir.core.score.InputOutcome;
import stir.core.score.InputOutcomes;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The reader of a target's outcome per invariant input.
 *
 * @param before its representations of the inputs
 * @param after those of the invariant inputs
 * @param classes the predicted classes, if they are known
 * @param norm of distances between representations
 */
record OutcomeReader(
        Representations before,
        Representations after,
        Optional<PredictedClasses> classes,
        Norm norm) {
    private static final int NO_CLASS = -1;

    /**
     * Reads the outcomes of a number of inputs.
     *
     * @param what a key of all that they depend on
     * @param blocks the source of the outcomes of a block of inputs
     */
    InputOutcomes read(String what, int inputs, BlockSums blocks) {
        var layer = classes.map(PredictedClasses::layer);
        var outcomes = new ArrayList<InputOutcome>();
        for (int block = 0; (long) block * BlockSums.INPUTS < inputs; block++) {
            int from = block * BlockSums.INPUTS;
            int to = (int) Math.min(inputs, (long) from + BlockSums.INPUTS);
            blocks.of(what + "/outcomes/" + layer, block, () -> read(from, to))
                    .ifPresent(found -> add(found, outcomes));
        }
        return new InputOutcomes(outcomes, layer);
    }

    /**
     * Returns per input of a block the distance that the target moved, NaN if it is not defined,
     * and the two classes.
     */
    private byte[] read(int start, int end) {
        var bytes = ByteBuffer.allocate((end - start) * (Double.BYTES + 2 * Integer.BYTES));
        for (int from = start; from < end; from += PairedRepresentations.PART) {
            int[] part =
                    IntStream.range(from, Math.min(from + PairedRepresentations.PART, end))
                            .toArray();
            var moved = moved(part);
            var first = classes(classes.map(PredictedClasses::before), part);
            var then = classes(classes.map(PredictedClasses::after), part);
            for (int i = 0; i < part.length; i++) {
                bytes.putDouble(moved[i].orElse(Double.NaN))
                        .putInt(first[i].orElse(NO_CLASS))
                        .putInt(then[i].orElse(NO_CLASS));
            }
        }
        return bytes.array();
    }

    private static void add(byte[] block, List<InputOutcome> outcomes) {
        var bytes = ByteBuffer.wrap(block);
        while (bytes.hasRemaining()) {
            double moved = bytes.getDouble();
            outcomes.add(
                    new InputOutcome(
                            Double.isNaN(moved) ? OptionalDouble.empty() : OptionalDouble.of(moved),
                            predicted(bytes.getInt()),
                            predicted(bytes.getInt())));
        }
    }

    private static OptionalInt predicted(int found) {
        return found == NO_CLASS ? OptionalInt.empty() : OptionalInt.of(found);
    }

    private OptionalDouble[] moved(int[] inputs) {
        var first = Batch.allocate(inputs.length, before.shape());
        var then = Batch.allocate(inputs.length, after.shape());
        before.read(inputs, first);
        after.read(inputs, then);
        var norms = new double[inputs.length];
        var distances = new double[inputs.length];
        norm.norms(first, norms);
        norm.distances(then, first, distances);
        var moved = new OptionalDouble[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            moved[i] =
                    norms[i] > 0
                            ? OptionalDouble.of(distances[i] / norms[i])
                            : OptionalDouble.empty();
        }
        return moved;
    }

    private static OptionalInt[] classes(Optional<Representations> outputs, int[] inputs) {
        if (outputs.isPresent()) {
            return PredictedClasses.of(outputs.get(), inputs);
        }
        var none = new OptionalInt[inputs.length];
        Arrays.fill(none, OptionalInt.empty());
        return none;
    }
}
