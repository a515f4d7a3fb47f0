package stir.core.study.plan;

import java.util.Objects;

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
}
