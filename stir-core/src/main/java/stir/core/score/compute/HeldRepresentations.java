package stir.core.score.compute;

import stir.api.Batch;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.inputs.Lengths;

/**
 * Representations in memory.
 *
 * @param layer the layer's name
 * @param layout the position of the channels of images
 * @param rows one row per input
 * @param lengths the lengths of the inputs
 */
public record HeldRepresentations(String layer, Layout layout, Batch rows, Lengths lengths) implements Representations {
    @Override
    public Shape shape() {
        return rows.rowShape();
    }

    @Override
    public void read(int[] inputs, Batch into) {
        for (int row = 0; row < inputs.length; row++) {
            into.copyRow(rows, inputs[row], row);
        }
    }
}
