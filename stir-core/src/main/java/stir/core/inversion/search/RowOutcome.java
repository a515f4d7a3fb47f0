package stir.core.inversion.search;

/**
 * The outcome of the search for one input.
 *
 * @param residual the relative distance that remained, at least 0
 * @param passes the forward and backward passes that were spent
 * @param moved the Euclidean distance from the (clamped) seed that the input began from first
 * @param movedAtLeast the least distance of an invariant input from that seed, to first order; NaN
 *     if it is unknown
 * @param restarts the number of times that the search was stuck and restarted
 * @param trace the residual at each checkpoint
 */
public record RowOutcome(
        double residual,
        int passes,
        double moved,
        double movedAtLeast,
        int restarts,
        ConvergenceTrace trace) {
    /** Checks the residual. */
    public RowOutcome {
        if (!(residual >= 0)) { // negated so that NaN is rejected, too
            throw new IllegalArgumentException("A residual is at least 0, not " + residual);
        }
    }

    /** Creates an outcome without a trace or a bound. */
    public RowOutcome(double residual, int passes, double moved) {
        this(residual, passes, moved, Double.NaN, 0, ConvergenceTrace.NONE);
    }
}
