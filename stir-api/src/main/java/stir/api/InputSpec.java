package stir.api;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * What a model takes.
 *
 * @param name the input's name in the model
 * @param shape the shape of one input as the model takes it, without the batch dimension;
 *     dimensions that the file does not tell are {@link Shape#UNKNOWN}, and a shape of rank 0 means
 *     that nothing is known
 * @param layout how an image lies in a row, as far as the backend can tell
 * @param batch the batch size that is fixed in the file, or empty if any is taken
 * @since 0.1.0
 */
public record InputSpec(String name, Shape shape, Layout layout, OptionalInt batch) {
    /** Checks that nothing is missing. */
    public InputSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(shape, "shape");
        Objects.requireNonNull(layout, "layout");
        Objects.requireNonNull(batch, "batch");
    }
}
