package stir.core.score;

import java.util.Optional;
import java.util.stream.IntStream;
import stir.core.math.statistics.Interval;

/**
 * The share of a reference's accepted invariant inputs that the target, too, represents as their
 * inputs. Unlike STIR by most measures it needs no alignment of the two sets of representations: an
 * offset, a rotation or a scale that all X' have in common lowers it. Its ceiling, the reference's
 * own share, is {@link Acceptance#share}.
 *
 * @param shared the number of accepted invariant inputs that the target takes for their inputs, by
 *     the rule of {@link TargetThreshold}
 * @param accepted the number that the reference accepts, at least 1
 * @param floor the share, from 0 to 1, that the target takes for their inputs if each X' belongs to
 *     another input
 * @since 0.1.0
 */
public record SharedMetamers(int shared, int accepted, double floor) {
    /** Checks the numbers. */
    public SharedMetamers {
        if (accepted < 1 || shared < 0 || shared > accepted) {
            throw new IllegalArgumentException("%d of %d is not a share".formatted(shared, accepted));
        }
    }

    /**
     * Returns the shared metamers of a score; empty if the reference's invariant inputs are not
     * judged or none is accepted, or if the target's distances are unknown, as in older results.
     */
    public static Optional<SharedMetamers> of(Optional<Acceptance> acceptance, InputOutcomes outcomes) {
        if (acceptance.isEmpty() || outcomes.threshold().isEmpty()) {
            return Optional.empty();
        }
        var rule = outcomes.threshold().get();
        var inputs = acceptance.get().inputs();
        int[] accepted = IntStream.range(
                        0, Math.min(inputs.size(), outcomes.inputs().size()))
                .filter(i -> inputs.get(i).accepted())
                .toArray();
        int shared = (int) IntStream.of(accepted)
                .filter(i -> rule.accepts(outcomes.inputs().get(i)))
                .count();
        return accepted.length == 0
                ? Optional.empty()
                : Optional.of(new SharedMetamers(shared, accepted.length, rule.floor()));
    }

    /** Returns the share, from 0 to 1. */
    public double share() {
        return shared / (double) accepted;
    }

    /** Returns the interval of the share over other inputs, by Wilson's score. */
    public Interval interval() {
        return Interval.ofShare(shared, accepted);
    }
}
