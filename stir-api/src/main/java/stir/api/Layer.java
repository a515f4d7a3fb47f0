package stir.api;

import java.util.Objects;
import java.util.Optional;

/**
 * A place in a network whose representation can be measured.
 *
 * @param name what {@link Model#hook} takes
 * @param kind what computes it, in the framework's own word: {@code Conv2d}, {@code Relu}
 * @param shape the shape of one input's representation; {@link Shape#UNKNOWN} dimensions, or rank
 *     0, where not known
 * @param obstacle why there is no gradient up to here, in a sentence; empty if there is one
 * @param measurable whether it can be measured at all; if not, {@code obstacle} tells why
 * @since 0.1.0
 */
public record Layer(
        String name, String kind, Shape shape, Optional<String> obstacle, boolean measurable) {
    /** Checks that nothing is missing. */
    public Layer {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(shape, "shape");
        Objects.requireNonNull(obstacle, "obstacle");
        if (!measurable && obstacle.isEmpty()) {
            throw new IllegalArgumentException("A layer that can't be measured has a reason");
        }
    }

    /** A layer that can be measured, whether or not it has gradients. */
    public Layer(String name, String kind, Shape shape, Optional<String> obstacle) {
        this(name, kind, shape, obstacle, true);
    }

    /** A layer with gradients. */
    public Layer(String name, String kind, Shape shape) {
        this(name, kind, shape, Optional.empty());
    }

    /**
     * A place that users know by a name, and that can't be measured.
     *
     * @param reason why, in a sentence that says what to do
     */
    public static Layer refused(String name, String kind, Shape shape, String reason) {
        return new Layer(name, kind, shape, Optional.of(reason), false);
    }
}
