package stir.core.store;

import stir.api.Batch;
import stir.api.Shape;
import stir.core.arrays.NpyRows;
import stir.core.inputs.Inputs;

import java.util.OptionalInt;

/** The rows of a {@code .npy} file, read when they are asked for. */
record RowFile(NpyRows rows, Shape shape) implements Inputs {
    @Override
    public String source() {
        return rows.source();
    }

    @Override
    public int count() {
        return rows.count();
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
        var values = new double[shape.size()];
        rows.read(index, values);
        for (int i = 0; i < values.length; i++) {
            into.set(row, i, (float) values[i]);
        }
    }
}
