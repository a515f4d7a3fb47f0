package stir.core.network;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The inputs of a network with several inputs: one is searched, the others are given.
 *
 * @param searched the name of the searched one; empty for the only floating-point input that is not
 *     given
 * @param given the values of the other inputs, by their names in the model
 * @since 0.1.0
 */
public record ModelInputs(Optional<String> searched, Map<String, GivenInput> given) {
    /** The inputs of a network with a single input. */
    public static final ModelInputs ONE = new ModelInputs(Optional.empty(), Map.of());

    /** Copies the map. */
    public ModelInputs {
        given = Map.copyOf(given);
    }

    /** Returns what distinguishes results by name, in a fixed order; empty for {@link #ONE}. */
    public Map<String, String> identity() {
        var values = new LinkedHashMap<String, String>();
        searched.ifPresent(name -> values.put("searched_input", name));
        new TreeMap<>(given).forEach((name, value) -> values.put("input_" + name, value.identity()));
        return values;
    }
}
