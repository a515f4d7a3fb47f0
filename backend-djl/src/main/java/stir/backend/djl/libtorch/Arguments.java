package stir.backend.djl.libtorch;

import java.util.List;
import java.util.Objects;
import stir.api.SideInputs;

/**
 * The tensors that a network's {@code forward} takes, in its order: the searched input and the side
 * inputs.
 *
 * @param names their names, as far as they are passed
 * @param inputs the given side inputs
 */
public record Arguments(List<String> names, String searched, SideInputs inputs) {
    /** Returns the given side input of a name. */
    public SideInputs.Side given(String name) {
        return Objects.requireNonNull(inputs.given().get(name), name);
    }
}
