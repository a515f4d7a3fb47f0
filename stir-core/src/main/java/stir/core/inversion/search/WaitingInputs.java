package stir.core.inversion.search;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Norm;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.network.pass.Evaluator;
import stir.core.network.pass.HookedNetwork;
import stir.core.work.SearchProgress;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The inputs of a search that wait for a slot. Their targets, the reference's representations, are
 * computed a pass at a time by the worker that finds none left, so that memory does not grow with
 * the inputs.
 */
final class WaitingInputs {
    private final Inputs inputs;
    private final Norm norm;
    private final BitSet found;
    private final Batch pixels;
    private final Batch targets;
    private final double[] norms;
    private final int[] indices;
    private int ready;
    private int handedOver;
    private int next;

    /**
     * All inputs but those that are found already.
     *
     * @param inputs the inputs
     * @param found those that do not wait; kept
     * @param representation the shape of a target
     * @param norm measures targets
     * @param passRows the rows of a pass
     */
    WaitingInputs(Inputs inputs, BitSet found, Shape representation, Norm norm, int passRows) {
        this.inputs = inputs;
        this.found = found;
        this.norm = norm;
        this.pixels = Batch.allocate(passRows, inputs.shape());
        this.targets = Batch.allocate(passRows, representation);
        this.norms = new double[passRows];
        this.indices = new int[passRows];
    }

    /** The shape of a target. */
    Shape representation() {
        return targets.rowShape();
    }

    /** The shape of an input. */
    Shape pixels() {
        return pixels.rowShape();
    }

    /**
     * Hands over the next input that waits.
     *
     * @param evaluator the caller's, which may be used for a pass
     * @param into receives the input's target
     * @param slot in this row
     * @param targetNorms receives its norm at {@code slot}
     * @return the input's index; -1 if none waits
     */
    synchronized int take(Evaluator evaluator, Batch into, int slot, double[] targetNorms) {
        if (handedOver == ready && !prepare(evaluator)) {
            return -1;
        }
        into.copyRow(targets, handedOver, slot);
        targetNorms[slot] = norms[handedOver];
        return indices[handedOver++];
    }

    private boolean prepare(Evaluator evaluator) {
        ready = 0;
        handedOver = 0;
        next = found.nextClearBit(next);
        while (ready < indices.length && next < inputs.count()) {
            inputs.read(next, pixels, ready);
            indices[ready++] = next;
            next = found.nextClearBit(next + 1);
        }
        if (ready == 0) {
            return false;
        }
        evaluator.represent(pixels, targets);
        checkedNorms(norm, targets.slice(0, ready), indices, norms);
        return true;
    }

    /**
     * Measures targets.
     *
     * @param targets one row an input
     * @param indices the inputs, by row
     * @param norms receives the rows' norms
     * @throws DataException if there is a target to which no relative distance is defined
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
     * Looks at all targets once, so that a search for many inputs does not fail at the last one.
     *
     * @throws DataException as {@link #checkedNorms}
     */
    static void check(HookedNetwork reference, Inputs inputs, Norm norm, SearchProgress progress) {
        int size = Math.min(inputs.count(), reference.batchSize());
        var targets = Batch.allocate(size, reference.representationShape());
        var norms = new double[size];
        var indices = new int[size];
        for (int from = 0; from < inputs.count(); from += size) {
            int first = from;
            int rows = Math.min(size, inputs.count() - from);
            Arrays.setAll(indices, row -> first + row);
            reference.represent(inputs::read, from, targets.slice(0, rows));
            checkedNorms(norm, targets.slice(0, rows), indices, norms);
            progress.passed(rows, Double.NaN);
        }
    }
}
