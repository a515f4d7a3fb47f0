package stir.core.study;

import stir.api.Batch;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.arrays.FloatRows;
import stir.core.score.compute.Representations;

/**
 * Representations in a file. Their opener closes them.
 *
 * @param layer the layer's name
 * @param layout where the channels of images are
 * @param partSize how many are read at a time
 * @param rows the file
 */
record StoredRepresentations(String layer, Layout layout, int partSize, FloatRows rows)
        implements Representations, AutoCloseable {
    @Override
    public Shape shape() {
        return rows.rowShape();
    }

    @Override
    public void read(int[] inputs, Batch into) {
        for (int row = 0; row < inputs.length; row++) {
            rows.read(inputs[row], into, row);
        }
    }

    @Override
    public void close() {
        rows.close();
    }
}
