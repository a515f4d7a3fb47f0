package stir.core.study.plan;

import java.util.Objects;

/**
 * A target that is to be scored on the invariant inputs of a reference.
 *
 * @param reference the layer that is inverted
 * @param target the layer that is scored on its invariant inputs
 * @since 0.1.0
 */
public record PlannedPair(StudiedLayer reference, StudiedLayer target) {
    /** Checks that nothing is missing. */
    public PlannedPair {
        Objects.requireNonNull(reference, "reference");
        Objects.requireNonNull(target, "target");
    }
}
