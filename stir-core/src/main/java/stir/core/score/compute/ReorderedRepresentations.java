package stir.core.score.compute;

import stir.api.Batch;
import stir.api.Layout;
import stir.api.Shape;
import stir.core.inputs.Lengths;

/** Representations under other indices: some of them, or all in another order. */
@SuppressWarnings("ArrayRecordComponent") // not compared, and its owner has copied it
record ReorderedRepresentations(Representations all, int[] order) implements Representations {
    @Override
    public String layer() {
        return all.layer();
    }

    @Override
    public Shape shape() {
        return all.shape();
    }

    @Override
    public Layout layout() {
        return all.layout();
    }

    @Override
    public Lengths lengths() {
        return all.lengths().at(index -> order[index]);
    }

    @Override
    public void read(int[] inputs, Batch into) {
        var chosen = new int[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            chosen[i] = order[inputs[i]];
        }
        all.read(chosen, into);
    }
}
