package stir.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** A network up to a layer, as a function of arrays. For any number of threads at once. */
interface Computation extends AutoCloseable {
    /** What the arrays of a pass are made with; its device is where the network computes. */
    NDManager manager();

    /**
     * Runs the network up to the layer.
     *
     * @param inputs a batch; its first dimension counts the rows; not changed
     * @return the layer's values, owned by the manager of the inputs
     */
    NDArray compute(NDArray inputs);

    @Override
    void close();
}
