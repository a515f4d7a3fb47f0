package stir.api;

import java.util.Objects;
import java.util.Optional;

/**
 * A place in a network whose representation can be measured.
 *
 * @param name the name for {@link Model#hook}
 * @param kind the framework's own name of the operation: {@code Conv2d}, {@code Relu}
 * @param shape the shape of one input's representation; {@link Shape#UNKNOWN} dimensions, or rank
 *     0, if unknown
 * @param obstacle the reason that no gradient reaches this layer, in one sentence; empty if one
 *     does
 * @param measurable whether the layer can be measured at all; if not, {@code obstacle} contains the
 *     reason
 * @since 0.1.0
 */
public record Layer(String name, String kind, Shape shape, Optional<String> obstacle, boolean measurable) {
    /** Checks that no component is null, and that a layer that can't be measured has a reason. */
    public Layer {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(shape, "shape");
        Objects.requireNonNull(obstacle, "obstacle");
        if (!measurable && obstacle.isEmpty()) {
            throw new IllegalArgumentException("A layer that can't be measured needs a reason");
        }
    }

    /** Creates a layer that can be measured, with or without gradients. */
    public Layer(String name, String kind, Shape shape, Optional<String> obstacle) {
        this(name, kind, shape, obstacle, true);
    }

    /** Creates a layer with gradients. */
    public Layer(String name, String kind, Shape shape) {
        this(name, kind, shape, Optional.empty());
    }

    /**
     * Returns a named place that can't be measured.
     *
     * @param reason one sentence on why not and what to do
     */
    public static Layer refused(String name, String kind, Shape shape, String reason) {
        return new Layer(name, kind, shape, Optional.of(reason), false);
    }
}
