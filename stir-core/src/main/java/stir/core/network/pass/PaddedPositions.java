package stir.core.network.pass;

import java.util.Optional;
import stir.api.Batch;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.inputs.Lengths;

/**
 * The positions of representations that belong to the padding of sequences. They are 0, so that
 * nothing compares them. Not thread-safe.
 */
record PaddedPositions(Lengths lengths, Batch cleared) {
    /**
     * Returns the positions of a layer; empty if it does not have one row per position of the
     * inputs.
     *
     * @param lengths the lengths of the inputs
     * @param layer the shape of a representation
     * @param layout the layout of images
     * @param passRows the rows of a pass
     */
    static Optional<PaddedPositions> of(Lengths lengths, Shape layer, Layout layout, int passRows) {
        return lengths.areOf(layer, layout)
                ? Optional.of(new PaddedPositions(lengths, Batch.allocate(passRows, layer)))
                : Optional.empty();
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
            int length = lengths.of(indices[from + row]);
            for (int i = size / lengths.positions() * length; i < size; i++) {
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
