package stir.core.network;

import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Shape;

/** A hook around another one, whose facts it has unless it states its own. */
abstract class WrappedHook implements LayerHook {
    final LayerHook hook;

    /**
     * Wraps a hook.
     *
     * @param hook owned by this hook, which closes it
     */
    WrappedHook(LayerHook hook) {
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
    public boolean drawsRandomNumbers() {
        return hook.drawsRandomNumbers();
    }

    @Override
    public void close() {
        hook.close();
    }
}
