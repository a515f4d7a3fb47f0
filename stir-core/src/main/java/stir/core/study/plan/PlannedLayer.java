package stir.core.study.plan;

import java.util.Objects;
import java.util.Optional;
import stir.api.Shape;

/**
 * A layer that a study measures.
 *
 * @param name the layer's name in the model
 * @param shape the shape of an input's representation
 * @param classLayer the later layer whose values are the predicted classes; empty if there is none
 * @since 0.1.0
 */
public record PlannedLayer(String name, Shape shape, Optional<String> classLayer) {
    /** Checks that nothing is missing. */
    public PlannedLayer {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(shape, "shape");
        Objects.requireNonNull(classLayer, "classLayer");
    }
}
