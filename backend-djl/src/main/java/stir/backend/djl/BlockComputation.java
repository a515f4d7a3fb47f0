package stir.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

import stir.api.Batch;

import java.util.Optional;

/**
 * A network of DJL blocks up to one of them.
 *
 * @param layer the last layer
 * @param fakeRelu the ReLU that is to pass gradients, if any
 * @param manager owned by this computation
 */
record BlockComputation(BlockTree tree, String layer, Optional<String> fakeRelu, NDManager manager)
        implements Computation {
    /**
     * Returns a copy through which gradients flow, so that a block that works in place does not
     * change the caller's inputs. Multiplication by 1 is exact.
     */
    static NDArray copy(NDArray inputs) {
        return inputs.mul(1);
    }

    @Override
    public NDArray compute(NDArray inputs, Batch rows) {
        return tree.run(new NDList(copy(inputs)), layer, fakeRelu).get(0);
    }

    @Override
    public void close() {
        manager.close();
    }
}
