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
 */
public record Layer(String name, String kind, Shape shape, Optional<String> obstacle) {
    /** Checks that nothing is missing. */
    public Layer {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(shape, "shape");
        Objects.requireNonNull(obstacle, "obstacle");
    }

    /** A layer with gradients. */
    public Layer(String name, String kind, Shape shape) {
        this(name, kind, shape, Optional.empty());
    }
}
