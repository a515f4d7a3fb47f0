package stir.core.network;

import stir.api.Batch;
import stir.api.LayerHook;

/** Another hook, for tests that change one thing of it. */
public class ForwardingHook extends WrappedHook {
    public ForwardingHook(LayerHook hook) {
        super(hook);
    }

    @Override
    public void represent(Batch inputs, Batch representations) {
        hook.represent(inputs, representations);
    }

    @Override
    public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
        hook.pullback(inputs, cotangents, gradients);
    }
}
