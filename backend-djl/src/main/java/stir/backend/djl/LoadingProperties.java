package stir.backend.djl;

import java.util.ArrayList;
import java.util.List;

/**
 * System properties that DJL reads while it loads libtorch. They are removed afterwards, so that
 * the DJL of a program that embeds Stir keeps its own defaults.
 */
final class LoadingProperties implements AutoCloseable {
    private final List<String> names = new ArrayList<>();

    /** Sets a property, unless the user has set it or the environment variable of its name. */
    void set(String name, String value) {
        if (System.getenv(name) == null && System.getProperty(name) == null) {
            System.setProperty(name, value);
            names.add(name);
        }
    }

    /** Removes the properties that were set. */
    @Override
    public void close() {
        names.forEach(System::clearProperty);
    }
}
