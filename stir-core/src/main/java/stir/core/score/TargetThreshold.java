package stir.core.score;

/**
 * The rule by which a target takes an invariant input for its input: that by which a reference
 * accepts its own, with the target's own distances between different inputs.
 *
 * @param different the target's representations of different inputs
 * @param threshold the relative distance {@code ||t(x') - t(x)|| / ||t(x)||} below which the target
 *     represents x' as x; found as {@link Acceptance#threshold}
 * @param floor the share of inputs, from 0 to 1, that the target takes for their input when each
 *     X' belongs to another input
 * @since 0.1.0
 */
public record TargetThreshold(Acceptance.DifferentInputs different, double threshold, double floor) {
    /** Returns whether the target takes an invariant input for its input. */
    public boolean accepts(InputOutcome outcome) {
        return accepts(outcome, threshold);
    }

    /** Returns whether a target with a threshold takes an invariant input for its input. */
    public static boolean accepts(InputOutcome outcome, double threshold) {
        return outcome.targetMoved().orElse(Double.POSITIVE_INFINITY) < threshold
                && outcome.classBefore().equals(outcome.classAfter());
    }
}
