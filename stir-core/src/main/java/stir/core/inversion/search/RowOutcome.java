package stir.core.inversion.search;

import java.util.BitSet;
import stir.api.Batch;
import stir.api.Norm;
import stir.core.inputs.Inputs;
import stir.core.inputs.ValueRange;
import stir.core.inversion.Inversion;

/**
 * The outcome of the search for one input, with its trace.
 *
 * @param row the outcome
 * @param trace the residual at each checkpoint
 */
public record RowOutcome(Inversion.Row row, ConvergenceTrace trace) {
    /** Creates an outcome without a trace or a bound. */
    RowOutcome(double residual, int passes, double moved, double distance) {
        this(new Inversion.Row(residual, passes, moved, Double.NaN, 0, distance), ConvergenceTrace.NONE);
    }

    /**
     * Returns the distance of the first row of a batch from its input, the first row of another.
     *
     * @param inputs the inputs; the distance is measured in their range, before it was mapped to
     *     [0,1]
     * @param index the index of the input, whose padding does not count
     */
    static double distance(Batch invariant, Batch input, Inputs inputs, int index) {
        var range = inputs.facts().range();
        var padding = inputs.facts().lengths().padding(index);
        var one = ofRange(invariant, range, padding);
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
