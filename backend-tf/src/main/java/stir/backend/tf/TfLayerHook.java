package stir.backend.tf;

import java.util.OptionalInt;
import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.support.BatchPool;

/**
 * A layer hook on a native graph.
 *
 * @param graph the native graph, which the hook owns
 * @param batch the batch size if the model fixes it
 * @param scratch memory for cotangents
 */
record TfLayerHook(
        HookGraph graph, Layer layer, Shape inputShape, boolean fakeRelu, OptionalInt batch, BatchPool scratch)
        implements LayerHook {
    @Override
    public void represent(Batch inputs, Batch representations) {
        graph.represent(inputs, representations);
    }

    @Override
    public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
        graph.pullback(inputs, cotangents, gradients);
    }

    @Override
    public void pullback(Batch inputs, CotangentRule rule, Batch representations, Batch gradients) {
        scratch.lend(inputs.rows(), chosen -> graph.pullback(inputs, rule, representations, chosen, gradients));
    }

    @Override
    public void distance(Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        graph.distance(inputs, targets, norm, distances, gradients);
    }

    @Override
    public void close() {
        graph.close();
    }
}
