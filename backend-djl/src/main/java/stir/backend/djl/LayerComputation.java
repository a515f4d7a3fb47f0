package stir.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import stir.api.Batch;
import stir.api.SideInputs;

/** A network up to a layer, as a function of arrays. Thread-safe. */
interface LayerComputation extends AutoCloseable {
    /** Returns the factory of a pass's arrays; its device is the one that computes. */
    NDManager manager();

    /**
     * Runs the network up to the layer.
     *
     * @param inputs a batch, whose first dimension counts the rows; not modified
     * @param rows the same rows, for their side inputs
     * @return the layer's values, owned by the manager of the inputs
     */
    NDArray compute(NDArray inputs, Batch rows);

    /** Returns the side inputs of the network. */
    default SideInputs sides() {
        return SideInputs.NONE;
    }

    @Override
    void close();
}
