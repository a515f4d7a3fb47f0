package stir.api;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * The input of a model.
 *
 * @param name the input's name in the model
 * @param shape the shape of one input as the model expects it, without the batch dimension;
 *     dimensions that the file does not specify are {@link Shape#UNKNOWN}, and rank 0 means that
 *     nothing is known
 * @param layout the memory layout of an image, as far as the backend can determine it
 * @param batch the batch size that is fixed in the file, or empty if any is accepted
 * @since 0.1.0
 */
public record InputSpec(String name, Shape shape, Layout layout, OptionalInt batch) {
    /** Checks that no component is null. */
    public InputSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(shape, "shape");
        Objects.requireNonNull(layout, "layout");
        Objects.requireNonNull(batch, "batch");
    }
}
