package stir.backend.djl;

import stir.api.Scope;

import java.util.LinkedHashSet;
import java.util.Set;

/** The hooks of a model that are open; closing the model closes them. */
final class OpenHooks implements AutoCloseable {
    private final String model;
    private final Set<NetworkHook> hooks = new LinkedHashSet<>();
    private boolean closed;

    /**
     * No hooks yet.
     *
     * @param model what the model is called in messages
     */
    OpenHooks(String model) {
        this.model = model;
    }

    /**
     * Takes a hook that was just opened.
     *
     * @throws IllegalStateException if the model was closed meanwhile; the hook is closed then
     */
    NetworkHook add(NetworkHook hook) {
        synchronized (hooks) {
            if (!closed) {
                hooks.add(hook);
                return hook;
            }
        }
        hook.close();
        throw refusal();
    }

    /** Drops a hook that was closed. */
    void forget(NetworkHook hook) {
        synchronized (hooks) {
            hooks.remove(hook);
        }
    }

    /** Throws {@link IllegalStateException} if the model is closed. */
    void requireOpen() {
        synchronized (hooks) {
            if (closed) {
                throw refusal();
            }
        }
    }

    private IllegalStateException refusal() {
        return new IllegalStateException("The model " + model + " is closed");
    }

    @Override
    public void close() {
        try (var scope = new Scope()) {
            synchronized (hooks) {
                closed = true;
                hooks.forEach(scope::own);
                hooks.clear();
            }
        }
    }
}
