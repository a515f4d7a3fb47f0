package stir.core.inputs;

import stir.api.Batch;
import stir.api.Shape;

/** Inputs without names, read by a function. */
record RowInputs(InputFacts facts, Shape shape, Rows rows) implements Inputs {
    @Override
    public void read(int index, Batch into, int row) {
        rows.read(index, into, row);
    }

    @Override
    public void read(int from, int number, Batch into, int row) {
        rows.read(from, number, into, row);
    }
}
