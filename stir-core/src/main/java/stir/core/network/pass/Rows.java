package stir.core.network.pass;

import stir.api.Batch;

/** Rows of pixels that are found by their index: inputs, invariant inputs, seeds. */
@FunctionalInterface
public interface Rows {
    /** Copies the pixels of one index into a row of a batch. */
    void read(int index, Batch into, int row);
}
