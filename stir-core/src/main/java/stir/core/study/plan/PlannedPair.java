package stir.core.study.plan;

import java.util.Objects;
import stir.core.score.DirectedScore;
import stir.core.score.StudiedLayer;

/**
 * A reference, and a target that is scored on its invariant inputs.
 *
 * @param reference the layer that is inverted
 * @param target the layer that is scored on the reference's invariant inputs
 * @since 0.1.0
 */
public record PlannedPair(StudiedLayer reference, StudiedLayer target) {
    /** Checks that nothing is missing. */
    public PlannedPair {
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(target, "target");
    }

    /** Returns the pair of a score. */
    public static PlannedPair of(DirectedScore score) {
        return new PlannedPair(score.reference(), score.target());
    }

    /** Returns the pair of the other direction. */
    public PlannedPair turned() {
        return new PlannedPair(/* reference= */ target, /* target= */ reference);
    }
}
