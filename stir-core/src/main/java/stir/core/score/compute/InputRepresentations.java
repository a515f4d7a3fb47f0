package stir.core.score.compute;

import stir.api.Batch;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inputs.Lengths;

/**
 * Inputs in place of a layer's representations of them.
 *
 * @param inputs the inputs, whose pixels are read
 * @param padding the lengths of the inputs; the elements after them are read as 0
 */
record InputRepresentations(Inputs inputs, Lengths padding) implements Representations {
    @Override
    public String layer() {
        return "the inputs";
    }

    @Override
    public Shape shape() {
        return inputs.shape();
    }

    @Override
    public Layout layout() {
        return Layout.CHANNELS_FIRST;
    }

    @Override
    public void read(int[] indices, Batch into) {
        for (int row = 0; row < indices.length; row++) {
            inputs.read(indices[row], into, row);
            int at = row;
            padding.padding(indices[row]).stream().forEach(i -> into.set(at, i, 0));
        }
    }
}
