package stir.core.inversion.search;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Norm;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.network.pass.CutNetwork;
import stir.core.network.pass.Evaluator;

/**
 * The inputs of a search that wait for a slot. Their targets, the reference's representations, are
 * computed one pass at a time by the worker that finds none left, so that memory does not grow with
 * the inputs. Thread-safe.
 */
final class InputQueue {
    private final Inputs inputs;
    private final int end;
    private final Norm norm;
    private final BitSet finished;
    private final Batch pixels;
    private final Batch targets;
    private final double[] norms;
    private final int[] indices;
    private int ready;
    private int taken;
    private int next;

    /**
     * Creates a queue of the inputs of a range but those that are finished.
     *
     * @param inputs all inputs
     * @param from the first of the range
     * @param end the end of the range
     * @param finished the inputs that do not wait; kept
     * @param representation the shape of a target
     * @param norm the norm of the targets
     * @param passRows the rows of a pass
     */
    InputQueue(Inputs inputs, int from, int end, BitSet finished, Shape representation, Norm norm, int passRows) {
        this.inputs = inputs;
        this.next = from;
        this.end = end;
        this.finished = finished;
        this.norm = norm;
        this.pixels = Batch.allocate(passRows, inputs.shape());
        this.targets = Batch.allocate(passRows, representation);
        this.norms = new double[passRows];
        this.indices = new int[passRows];
    }

    /** Returns the shape of a target. */
    Shape representation() {
        return targets.rowShape();
    }

    /** Returns the shape of an input. */
    Shape pixels() {
        return pixels.rowShape();
    }

    /**
     * Returns the distance of an invariant input from its input, which is read again.
     *
     * @param memory a batch of one row, which is overwritten with the input
     */
    synchronized double distance(int index, Batch invariant, Batch memory) {
        inputs.read(index, memory, 0);
        return RowOutcome.distance(invariant, memory, inputs, index);
    }

    /**
     * An input that was taken from the queue.
     *
     * @param index the index of the input
     * @param target the reference's representation of it; shared, not to be written
     * @param norm the target's norm
     */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    record Taken(int index, float[] target, double norm) {}

    /**
     * Takes the next input.
     *
     * @param evaluator the caller's, which may be used for a pass
     * @return empty if none waits
     */
    synchronized Optional<Taken> take(Evaluator evaluator) {
        if (taken == ready && !prepare(evaluator)) {
            return Optional.empty();
        }
        var target = new float[targets.rowSize()];
        targets.buffer().get(taken * target.length, target);
        var input = new Taken(indices[taken], target, norms[taken]);
        taken++;
        return Optional.of(input);
    }

    private boolean prepare(Evaluator evaluator) {
        ready = 0;
        taken = 0;
        next = finished.nextClearBit(next);
        while (ready < indices.length && next < end) {
            inputs.read(next, pixels, ready);
            indices[ready++] = next;
            next = finished.nextClearBit(next + 1);
        }
        if (ready == 0) {
            return false;
        }
        evaluator.represent(pixels, indices, targets);
        checkedNorms(norm, targets.slice(0, ready), indices, norms);
        return true;
    }

    /**
     * Measures targets.
     *
     * @param targets one row per input
     * @param indices the inputs, by row
     * @param norms the array that receives the rows' norms
     * @throws DataException if no relative distance to a target is defined
     */
    private static void checkedNorms(Norm norm, Batch targets, int[] indices, double[] norms) {
        norm.norms(targets, norms);
        for (int row = 0; row < targets.rows(); row++) {
            if (!(norms[row] > 0) || Double.isInfinite(norms[row])) {
                throw new DataException(
                        "The reference's representation of input %d (counting from 0) is %s, so no relative distance to it is defined: leave that input out, or measure another layer."
                                .formatted(indices[row], norms[row] == 0 ? "zero" : "not finite"));
            }
        }
    }

    /**
     * Checks the targets of a range once, so that a search for many inputs does not fail at the
     * last one.
     *
     * @throws DataException as {@link #checkedNorms}
     */
    static void check(CutNetwork reference, Inputs inputs, int from, int end, Norm norm) {
        int size = Math.min(end - from, reference.batchSize());
        var targets = Batch.allocate(size, reference.representationShape());
        var norms = new double[size];
        var indices = new int[size];
        for (int start = from; start < end; start += size) {
            int first = start;
            int rows = Math.min(size, end - start);
            Arrays.setAll(indices, row -> first + row);
            reference.represent(inputs, start, targets.slice(0, rows));
            checkedNorms(norm, targets.slice(0, rows), indices, norms);
        }
    }
}
