package stir.core.score.compute;

import stir.api.Batch;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.inputs.Lengths;

/**
 * The representations of some inputs at a layer of a network: computed on each read, or stored. A
 * representation does not depend on which others are read with it.
 */
public interface Representations {
    /** Returns the layer's name, for messages. */
    String layer();

    /** Returns the shape of one representation. */
    Shape shape();

    /** Returns the position of the channels of images. */
    Layout layout();

    /** Returns the lengths of the inputs, if they are padded sequences. */
    default Lengths lengths() {
        return Lengths.NONE;
    }

    /**
     * Writes the representations of the given inputs.
     *
     * @param inputs their indices, in any order
     * @param into one row of {@link #shape} per input
     */
    void read(int[] inputs, Batch into);

    /** Returns a copy with input {@code order[i]} at index i. */
    default Representations reordered(int[] order) {
        return new ReorderedRepresentations(this, order.clone());
    }
}
