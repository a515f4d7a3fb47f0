package stir.core.store;

import stir.api.Batch;
import stir.api.Shape;
import stir.core.inputs.Inputs;

import java.util.OptionalInt;

/** The rows of a batch, read in place. */
record BatchInputs(Batch batch) implements Inputs {
    @Override
    public String source() {
        return "memory";
    }

    @Override
    public int count() {
        return batch.rows();
    }

    @Override
    public Shape shape() {
        return batch.rowShape();
    }

    @Override
    public String name(int index) {
        return Integer.toString(index);
    }

    @Override
    public OptionalInt label(int index) {
        return OptionalInt.empty();
    }

    @Override
    public void read(int index, Batch into, int row) {
        into.copyRow(batch, index, row);
    }
}
