package stir.core.store;

/**
 * How the search for one input ended.
 *
 * @param residual the relative distance that remained, at least 0
 * @param passes the forward and backward passes that were spent
 * @param moved the Euclidean distance from the (clamped) seed that the input began from first
 * @param restarts how often the search was stuck and began again
 * @param course how the residual came down
 */
public record RowOutcome(double residual, int passes, double moved, int restarts, Course course) {
    /** Refuses a residual that is none. */
    public RowOutcome {
        if (!(residual >= 0)) { // so written that NaN is refused too
            throw new IllegalArgumentException("A residual is at least 0, not " + residual);
        }
    }

    /** An outcome without a course. */
    public RowOutcome(double residual, int passes, double moved) {
        this(residual, passes, moved, 0, Course.NONE);
    }
}
