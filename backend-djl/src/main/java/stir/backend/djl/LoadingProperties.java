package stir.backend.djl;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * System properties that hold while libtorch loads. They are removed afterwards, so that the DJL of
 * a program that embeds Stir keeps its own defaults.
 */
final class LoadingProperties implements AutoCloseable {
    private final Map<String, String> values = new LinkedHashMap<>();

    /** Sets a property, unless the user has set it or the environment variable of its name. */
    void set(String name, String value) {
        if (PyTorch.setUnlessSet(name, value)) {
            values.put(name, value);
        }
    }

    /** Removes the properties that were set, unless they have other values by now. */
    @Override
    public void close() {
        values.forEach((name, value) -> System.getProperties().remove(name, value));
    }
}
