package stir.core.study.plan;

import java.util.List;
import stir.core.score.StudiedLayer;
import stir.core.study.names.NamePattern;

/**
 * Pairs of layers that are compared. Each part is a name or a pattern as {@link
 * StudiedModel#layers}.
 *
 * @param reference the models that are inverted
 * @param referenceLayer their layers
 * @param target the models that are scored on the invariant inputs
 * @param targetLayer their layers
 * @since 0.1.0
 */
public record StudiedPairs(String reference, String referenceLayer, String target, String targetLayer) {
    /** All pairs of layers, including each layer with itself and pairs within a model. */
    public static final StudiedPairs ALL = new StudiedPairs("*", "*", "*", "*");

    /** Returns all layers of the given models with all layers of others. */
    public static StudiedPairs of(String reference, String target) {
        return new StudiedPairs(reference, "*", target, "*");
    }

    /** Returns whether a target is compared with a reference. */
    public boolean holds(StudiedLayer referenceAt, StudiedLayer targetAt) {
        return isReference(referenceAt) && isTarget(targetAt);
    }

    private boolean isReference(StudiedLayer at) {
        boolean matches = StudiedModel.isJoint(at.model())
                ? reference.equals(at.model())
                : NamePattern.of(reference).matches(at.model());
        return matches && NamePattern.of(referenceLayer).matches(at.layer());
    }

    private boolean isTarget(StudiedLayer at) {
        return !StudiedModel.isJoint(at.model())
                && NamePattern.of(target).matches(at.model())
                && NamePattern.of(targetLayer).matches(at.layer());
    }

    /** Returns the number of pairs among some layers. */
    public long count(List<StudiedLayer> layers) {
        return layers.stream().filter(this::isReference).count()
                * layers.stream().filter(this::isTarget).count();
    }
}
