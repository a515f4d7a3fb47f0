package stir.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** A network up to a layer, as a function of arrays. Thread-safe. */
interface Computation extends AutoCloseable {
    /** Returns the factory of a pass's arrays; its device is the one that computes. */
    NDManager manager();

    /**
     * Runs the network up to the layer.
     *
     * @param inputs a batch, whose first dimension counts the rows; not modified
     * @return the layer's values, owned by the manager of the inputs
     */
    NDArray compute(NDArray inputs);

    @Override
    void close();
}
