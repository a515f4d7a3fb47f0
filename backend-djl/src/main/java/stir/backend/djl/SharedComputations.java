package stir.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import stir.api.Batch;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.backend.djl.libtorch.HookedSource;

/**
 * The loaded computations of a network. Hooks with the same source share one, so that an archive is
 * not written and read, and its shape not probed, once per hook. The last hook closes it.
 * Thread-safe.
 */
final class SharedComputations {
    private final Map<Key, Shared> open = new HashMap<>();

    private record Key(HookedSource source, String layer, Shape input) {}

    /** A computation with the number of hooks that use it. */
    private static final class Shared {
        private final LayerComputation computation;
        private @Nullable NetworkHook first;
        private int users;

        Shared(LayerComputation computation) {
            this.computation = computation;
        }
    }

    /**
     * Opens a hook.
     *
     * @param source the source that the hook runs
     * @param request the request
     * @param load the function that loads the source, if no open hook has it
     */
    synchronized NetworkHook hook(HookedSource source, LayerProbe.Request request, Supplier<LayerComputation> load) {
        var key = new Key(source, request.layer(), request.input());
        var shared = open.computeIfAbsent(key, unused -> new Shared(load.get()));
        shared.users++;
        var hook = LayerProbe.open(new Lent(key, shared), request, shared.first);
        shared.first = hook;
        return hook;
    }

    private synchronized void giveBack(Lent lent) {
        if (lent.closed) {
            return;
        }
        lent.closed = true;
        lent.shared.users--;
        if (lent.shared.users == 0) {
            open.remove(lent.key);
            lent.shared.computation.close();
        }
    }

    /** The computation of one hook, which gives the shared one back once. */
    private final class Lent implements LayerComputation {
        private final Key key;
        private final Shared shared;
        private boolean closed;

        Lent(Key key, Shared shared) {
            this.key = key;
            this.shared = shared;
        }

        @Override
        public NDManager manager() {
            return shared.computation.manager();
        }

        @Override
        public NDArray compute(NDArray inputs, Batch rows) {
            return shared.computation.compute(inputs, rows);
        }

        @Override
        public SideInputs sides() {
            return shared.computation.sides();
        }

        @Override
        public void close() {
            giveBack(this);
        }
    }
}
