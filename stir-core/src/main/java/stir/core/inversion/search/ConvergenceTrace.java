package stir.core.inversion.search;

import java.util.Arrays;

/**
 * The residual of the best invariant input of a row so far, at each checkpoint of a {@link
 * CheckpointSchedule}, in single precision. Immutable.
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record ConvergenceTrace(float[] residuals) {
    /** The trace of a search without steps. */
    public static final ConvergenceTrace NONE = new ConvergenceTrace(new float[0]);

    /** Returns the trace of a copy of these values. */
    public static ConvergenceTrace of(float... residuals) {
        return new ConvergenceTrace(residuals.clone());
    }

    /** Returns the number of checkpoints. */
    public int size() {
        return residuals.length;
    }

    /** Returns the residual at a checkpoint, counted from 0. */
    public float at(int checkpoint) {
        return residuals[checkpoint];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConvergenceTrace trace && Arrays.equals(residuals, trace.residuals);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(residuals);
    }

    @Override
    public String toString() {
        return Arrays.toString(residuals);
    }
}
