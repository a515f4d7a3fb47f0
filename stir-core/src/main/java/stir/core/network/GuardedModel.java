package stir.core.network;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Model;
import stir.api.Scope;
import stir.api.Shape;

/**
 * A guard around a model: its hooks accept any number of rows and check their arguments. It closes
 * its hooks before itself, and no later call reaches the model.
 *
 * @since 0.1.0
 */
final class GuardedModel implements Model {
    private final Model model;
    private final Set<GuardedHook> hooks = Collections.synchronizedSet(new LinkedHashSet<>());
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    private final Map<Thread, Long> calls = new ConcurrentHashMap<>();
    private boolean closed;

    private GuardedModel(Model model) {
        this.model = model;
    }

    /**
     * Guards a model, unless it is guarded already.
     *
     * @param model owned by the result, which closes it
     */
    public static GuardedModel of(Model model) {
        return model instanceof GuardedModel guarded ? guarded : new GuardedModel(model);
    }

    private <T> T whileOpen(Supplier<T> call) {
        use.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("The model is closed");
            }
            calls.put(Thread.currentThread(), System.nanoTime());
            return call.get();
        } finally {
            calls.remove(Thread.currentThread());
            use.readLock().unlock();
        }
    }

    @Override
    public InputSpec input() {
        return whileOpen(model::input);
    }

    @Override
    public boolean takesWholeNumbers() {
        return whileOpen(model::takesWholeNumbers);
    }

    @Override
    public List<Layer> layers(Shape input) {
        return whileOpen(() -> model.layers(input));
    }

    @Override
    public Optional<String> defaultLayer() {
        return whileOpen(model::defaultLayer);
    }

    @Override
    public Map<String, String> runtime() {
        return whileOpen(model::runtime);
    }

    @Override
    public Map<String, String> origin() {
        return whileOpen(model::origin);
    }

    @Override
    public LayerHook hook(String layer, HookOptions options) {
        return whileOpen(() -> {
            var sample = UnitSample.named(layer);
            var at = model.hook(sample.map(UnitSample::layer).orElse(layer), options);
            var bare = sample.<LayerHook>map(of -> new SampledHook(at, of)).orElse(at);
            var hook = new GuardedHook(bare, options.gradients(), calls, hooks::remove);
            hooks.add(hook);
            return hook;
        });
    }

    /** Returns the time that the longest of the running calls and passes has taken so far. */
    Duration longestCall() {
        long now = System.nanoTime();
        return Duration.ofNanos(
                calls.values().stream().mapToLong(began -> now - began).max().orElse(0));
    }

    /** Waits for running calls, then closes the hooks and the model. Idempotent. */
    @Override
    public void close() {
        use.writeLock().lock();
        try (var scope = new Scope()) {
            if (closed) {
                return;
            }
            closed = true;
            scope.own(model);
            List.copyOf(hooks).forEach(scope::own);
        } finally {
            use.writeLock().unlock();
        }
    }

    /** Returns the model's own description. */
    @Override
    public String toString() {
        return model.toString();
    }
}
