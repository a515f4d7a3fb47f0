package stir.core.network.pass;

import stir.api.Batch;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inputs.Lengths;

import java.util.Optional;

/**
 * The positions of representations that belong to the padding of sequences. They are 0, so that
 * nothing compares them. Not thread-safe.
 */
record PaddedPositions(Inputs inputs, Batch cleared) {
    /**
     * Returns the positions of a layer; empty if it does not have one row per position of the
     * inputs.
     *
     * @param inputs the inputs, if they have padding
     * @param layer the shape of a representation
     * @param layout the layout of images
     * @param passRows the rows of a pass
     */
    static Optional<PaddedPositions> of(
            Optional<Inputs> inputs, Shape layer, Layout layout, int passRows) {
        return inputs.filter(padded -> Lengths.of(padded).areOf(layer, layout))
                .map(padded -> new PaddedPositions(padded, Batch.allocate(passRows, layer)));
    }

    /**
     * Sets the padding of representations to 0.
     *
     * @param representations the representations of a pass
     * @param indices the index of each row's input
     * @param from the index of the pass's first row among them
     */
    void clear(Batch representations, int[] indices, int from) {
        int size = representations.rowSize();
        for (int row = 0; row < representations.rows(); row++) {
            int length = inputs.length(indices[from + row]).orElseThrow();
            for (int i = size / inputs.positions() * length; i < size; i++) {
                representations.set(row, i, 0);
            }
        }
    }

    /** Returns a copy whose padding is 0, valid until the next call. */
    Batch cleared(Batch representations, int[] indices, int from) {
        for (int row = 0; row < representations.rows(); row++) {
            cleared.copyRow(representations, row, row);
        }
        clear(cleared, indices, from);
        return cleared;
    }
}
