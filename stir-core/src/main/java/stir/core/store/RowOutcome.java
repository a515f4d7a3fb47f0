package stir.core.store;

/**
 * How the search for one input ended.
 *
 * @param residual the relative distance that remained, at least 0
 * @param passes the forward and backward passes that were spent
 * @param moved the Euclidean distance from the (clamped) seed that the input began from first
 * @param movedAtLeast how far an invariant input has to lie from that seed at least, to first
 *     order; NaN if it is not known
 * @param restarts how often the search was stuck and began again
 * @param course how the residual came down
 */
public record RowOutcome(
        double residual,
        int passes,
        double moved,
        double movedAtLeast,
        int restarts,
        Course course) {
    /** Refuses a residual that is none. */
    public RowOutcome {
        if (!(residual >= 0)) { // so written that NaN is refused too
            throw new IllegalArgumentException("A residual is at least 0, not " + residual);
        }
    }

    /** An outcome without a course or a bound. */
    public RowOutcome(double residual, int passes, double moved) {
        this(residual, passes, moved, Double.NaN, 0, Course.NONE);
    }
}
