package stir.core.score.compute;

import stir.api.Batch;
import stir.api.Layout;
import stir.api.Shape;

/**
 * What a network makes of some inputs at a layer: computed when asked for, or stored. Each is found
 * by its input's index, and is the same whichever others are read with it.
 */
public interface Representations {
    /** The layer's name, for messages. */
    String layer();

    /** The shape of one representation. */
    Shape shape();

    /** Where the channels of images are. */
    Layout layout();

    /**
     * Writes the representations of some inputs.
     *
     * @param inputs their indices, in any order
     * @param into as many rows of {@link #shape}
     */
    void read(int[] inputs, Batch into);

    /** The same where input i takes the place of input {@code order[i]}. */
    default Representations reordered(int[] order) {
        return new ReorderedRepresentations(this, order.clone());
    }
}
