package stir.api;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Owns resources and closes them in the reverse order. Closing goes on when a resource fails and
 * throws the first failure, the others suppressed. A second close does nothing. For one thread at a
 * time.
 *
 * @since 0.1.0
 */
public final class Scope implements AutoCloseable {
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    /** A scope that owns nothing yet. */
    public Scope() {}

    /** Takes ownership of a resource and returns it. */
    public <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        return resource;
    }

    /**
     * Closes everything that is owned.
     *
     * @throws BackendException if a resource could not be closed
     */
    @Override
    public void close() {
        BackendException failure = null;
        while (!owned.isEmpty()) {
            var resource = owned.pop();
            try {
                resource.close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new BackendException("Could not free " + resource + ".", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
