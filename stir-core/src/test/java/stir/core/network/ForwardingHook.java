package stir.core.network;

import stir.api.Batch;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Shape;

/** Another hook, for tests that change one thing of it. */
public class ForwardingHook implements LayerHook {
    private final LayerHook hook;

    public ForwardingHook(LayerHook hook) {
        this.hook = hook;
    }

    @Override
    public Layer layer() {
        return hook.layer();
    }

    @Override
    public Shape inputShape() {
        return hook.inputShape();
    }

    @Override
    public boolean fakeRelu() {
        return hook.fakeRelu();
    }

    @Override
    public void represent(Batch inputs, Batch representations) {
        hook.represent(inputs, representations);
    }

    @Override
    public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
        hook.pullback(inputs, cotangents, gradients);
    }

    @Override
    public void close() {
        hook.close();
    }
}
