package stir.backend.djl;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.Function;
import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.DataException;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.support.BatchPool;

/**
 * A layer hook on a network that libtorch computes. Passes of several threads run at the same time.
 *
 * <p>Gradients are computed by libtorch's {@code backward} with a cotangent from Java, not by DJL's
 * GradientCollector, which is limited to one per process.
 *
 * @param computation closed with the hook
 * @param network the network's name or file, for messages
 * @param layer the layer with its full shape
 * @param fakeRelu whether the computation has a ReLU that passes gradients
 * @param representWithGradient whether gradients must always be requested, because the network
 *     computes differently without them
 * @param batch the only number of rows that the network accepts, or empty if it accepts any
 * @param scratch memory for representations and cotangents
 */
record NetworkHook(
        LayerComputation computation,
        String network,
        Layer layer,
        Shape inputShape,
        boolean fakeRelu,
        boolean representWithGradient,
        OptionalInt batch,
        BatchPool scratch)
        implements LayerHook {
    /** Returns the same hook on another computation of the same layer. */
    NetworkHook on(LayerComputation other) {
        return new NetworkHook(
                other,
                network,
                layer,
                inputShape,
                fakeRelu,
                representWithGradient,
                batch,
                new BatchPool(layer.shape()));
    }

    @Override
    public boolean drawsRandomNumbers() {
        return PyTorch.drewRandomNumbers(computation.manager());
    }

    @Override
    public void represent(Batch inputs, Batch representations) {
        run(arrays -> {
            var leaf = array(arrays, inputs);
            if (representWithGradient) {
                leaf.setRequiresGradient(true);
            }
            copy(compute(leaf, inputs), representations);
            return representations;
        });
    }

    @Override
    public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
        backward(inputs, values -> cotangents, gradients);
    }

    @Override
    public void pullback(Batch inputs, CotangentRule rule, Batch representations, Batch gradients) {
        scratch.lend(
                inputs.rows(),
                cotangents -> backward(
                        inputs,
                        values -> {
                            copy(values, representations);
                            rule.apply(representations, cotangents);
                            return cotangents;
                        },
                        gradients));
    }

    @Override
    public void distance(Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        scratch.lend(
                inputs.rows(),
                representations -> pullback(
                        inputs,
                        (representation, cotangents) ->
                                norm.derivatives(representation, targets, distances, cotangents),
                        representations,
                        gradients));
    }

    /**
     * Runs a forward and a backward pass.
     *
     * @param cotangents the function that computes one row per input from the layer's values
     * @param gradients the batch that receives the gradients
     */
    private void backward(Batch inputs, Function<NDArray, Batch> cotangents, Batch gradients) {
        run(arrays -> {
            var leaf = array(arrays, inputs);
            leaf.setRequiresGradient(true);
            var values = compute(leaf, inputs);
            var cotangent = arrays.create(cotangents.apply(values).bytes(), values.getShape(), DataType.FLOAT32);
            JniUtils.backward((PtNDArray) values, (PtNDArray) cotangent, false, false);
            copy(leaf.getGradient(), gradients);
            return gradients;
        });
    }

    private void run(Function<NDManager, Batch> pass) {
        try {
            GradientMode.run(computation.manager(), pass);
        } catch (EngineException e) {
            throw LibtorchFailures.ofPass(e, network);
        }
    }

    /** Returns an array on the batch's own memory, or a copy of it on a GPU. */
    static NDArray array(NDManager arrays, Batch batch) {
        return arrays.create(batch.bytes(), new ai.djl.ndarray.types.Shape(dimensions(batch)), DataType.FLOAT32);
    }

    /** Returns the sizes of an array of a batch's rows. */
    static long[] dimensions(Batch batch) {
        var dimensions = new long[1 + batch.rowShape().rank()];
        Arrays.setAll(dimensions, i -> i == 0 ? batch.rows() : batch.rowShape().dimension(i - 1));
        return dimensions;
    }

    /** Returns the layer's values, one row per input. */
    private NDArray compute(NDArray leaf, Batch inputs) {
        var values = toSinglePrecision(computation.compute(leaf, inputs));
        long rows = leaf.getShape().get(0);
        if (values.getShape().dimension() == 0 || values.getShape().get(0) != rows) {
            throw new DataException(
                    "%s of %s gave values of shape %s for %d inputs, because its number of inputs is fixed: export it with torch.jit.script, or trace it with another number of inputs."
                            .formatted(layer.name(), network, values.getShape(), rows));
        }
        return values;
    }

    /** Converts integers and other precisions to float32; complex numbers are refused. */
    private NDArray toSinglePrecision(NDArray values) {
        if (values.getDataType() == DataType.FLOAT32) {
            return values;
        }
        if (values.getDataType() == DataType.COMPLEX64) {
            throw new DataException(
                    "%s of %s gives complex numbers: choose another layer.".formatted(layer.name(), network));
        }
        return values.toType(DataType.FLOAT32, false);
    }

    private static void copy(NDArray values, Batch batch) {
        batch.bytes().put(values.toByteBuffer(true)); // a view, made contiguous if necessary
    }

    @Override
    public void close() {
        computation.close();
    }
}
