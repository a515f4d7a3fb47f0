package stir.core.inversion.search;

import stir.api.Batch;
import stir.api.Norm;
import stir.core.inputs.Inputs;
import stir.core.inputs.ValueRange;

import java.util.BitSet;

/**
 * The outcome of the search for one input.
 *
 * @param residual the relative distance that remained, at least 0
 * @param passes the forward and backward passes that were spent
 * @param moved the Euclidean distance from the (clamped) seed that the input began from first
 * @param movedAtLeast the least distance of an invariant input from that seed, to first order; NaN
 *     if it is unknown
 * @param restarts the number of times that the search was stuck and restarted
 * @param distance the relative Euclidean distance from the input, {@code ||x' - x|| / ||x||} in
 *     pixel space, of values of the inputs' range; NaN if it is unknown, or if the input is zero
 *     everywhere
 * @param trace the residual at each checkpoint
 */
public record RowOutcome(
        double residual,
        int passes,
        double moved,
        double movedAtLeast,
        int restarts,
        double distance,
        ConvergenceTrace trace) {
    /** Checks the residual. */
    public RowOutcome {
        if (!(residual >= 0)) { // negated so that NaN is rejected, too
            throw new IllegalArgumentException("A residual is at least 0, not " + residual);
        }
    }

    /** Creates an outcome without a trace or a bound. */
    RowOutcome(double residual, int passes, double moved, double distance) {
        this(residual, passes, moved, Double.NaN, 0, distance, ConvergenceTrace.NONE);
    }

    /**
     * Returns the distance of the first row of a batch from its input, the first row of another.
     *
     * @param inputs in whose range, before it was mapped to [0,1], the distance is measured
     * @param index of the input, whose padding does not count
     */
    static double distance(Batch found, Batch input, Inputs inputs, int index) {
        var range = inputs.range();
        var padding = inputs.padding(index);
        var one = ofRange(found, range, padding);
        var other = ofRange(input, range, padding);
        var distance = new double[1];
        var norm = new double[1];
        Norm.L2.distances(one, other, distance);
        Norm.L2.norms(other, norm);
        return norm[0] > 0 ? distance[0] / norm[0] : Double.NaN;
    }

    /** Returns the first row as values of a range, with 0 for padding. */
    private static Batch ofRange(Batch batch, ValueRange range, BitSet padding) {
        if (range.isUnit() && padding.isEmpty()) {
            return batch.slice(0, 1);
        }
        var copy = Batch.allocate(1, batch.rowShape());
        copy.copyRow(batch, 0, 0);
        range.fromUnit(copy, 0);
        padding.stream().forEach(i -> copy.set(0, i, 0));
        return copy;
    }
}
