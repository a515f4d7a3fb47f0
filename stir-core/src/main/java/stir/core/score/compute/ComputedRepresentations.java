package stir.core.score.compute;

import stir.api.Batch;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.inputs.Inputs.Rows;
import stir.core.network.pass.CutNetwork;

/**
 * Representations that a network computes each time that they are asked for.
 *
 * @param network the network, cut at the layer; stays its owner's
 * @param shown what it is shown
 */
public record ComputedRepresentations(CutNetwork network, Rows shown) implements Representations {
    @Override
    public String layer() {
        return network.layer();
    }

    @Override
    public Shape shape() {
        return network.representationShape();
    }

    @Override
    public Layout layout() {
        return network.network().input().layout();
    }

    @Override
    public void read(int[] inputs, Batch into) {
        network.represent((index, batch, row) -> shown.read(inputs[index], batch, row), 0, into);
    }
}
