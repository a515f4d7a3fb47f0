package stir.api;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * An owner of resources that closes them in reverse order. Closing continues after a failure, and
 * throws the first failure with the others suppressed. Closing is idempotent. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class Scope implements AutoCloseable {
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    /** Creates a scope that owns nothing. */
    public Scope() {}

    /** Takes ownership of a resource and returns it. */
    public <T extends AutoCloseable> T own(T resource) {
        owned.push(resource);
        return resource;
    }

    /**
     * Closes all owned resources.
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
